import { z } from "zod";
import { Message } from "./message.js";
import { ToolSpec } from "./tool.js";

/** Null where a price is unknown. */
const Usd = z.number().min(0).nullable();
const Count = z.number().int().min(0);

/** The best answer so far: what a rejection ends with. */
const BestAnswer = z.object({
  /** As the family prints it. */
  value: z.string(),
  stage: z.string(),
  /** 0 … 1 */
  confidence: z.number().min(0).max(1),
});

/** One request to a model as it would be sent. */
export const Preview = z.object({
  role: z.string(),
  /** `provider:model`. */
  model: z.string(),
  purpose: z.enum(["goal", "guideline", "execute", "embed"]),
  /** The model runs on this machine: nothing of the request leaves it. */
  local: z.boolean(),
  messages: z.array(Message),
  /** Tools that the model may call. */
  tools: z.array(ToolSpec).optional(),
  /** False where a plan or an answer is still to be written: a sentence in brackets stands in its place. */
  exact: z.boolean(),
  /** How many such requests the stage plans, with seeds and perhaps goals of their own. */
  times: Count,
  /** When it is sent, where that depends on what the model says: at most so many times, in the place of a retry. */
  onlyIf: z.string().optional(),
});
export type Preview = z.infer<typeof Preview>;

const Common = {
  /** SHA-256 over what is asked and all its requests, 32 hexadecimal digits. An answer that carries it counts for nothing else. Absent in threads of version 0.2. */
  id: z.string().optional(),
  /** Within another graph: tells two runs in one thread apart that would send the same. */
  place: z.string().optional(),
  /** The stage that waits. */
  stage: z.string(),
  /** The requests that an approval lets go out. */
  requests: z.array(Preview),
  /** What all of them cost at the most, retries included. */
  worst: z.object({ usd: Usd, calls: Count, tokens: Count }),
  /** Absent where nothing readable is there yet: a rejection is an error then. */
  best: BestAnswer.optional(),
  /** Why the last response was not understood. */
  problem: z.string().optional(),
};

/** What a run that waits for a person shows: the value of its LangGraph interrupt. */
export const Pending = z.discriminatedUnion("asks", [
  /** Is this guideline to be used? */
  z.object({ asks: z.literal("guideline"), by: z.string(), guideline: z.string(), ...Common }),
  /** May this stage send its requests? */
  z.object({
    asks: z.literal("sending"),
    /** What about it a person wanted to decide. */
    reasons: z.array(z.enum(["spending", "leaving"])).min(1),
    ...Common,
  }),
]);
export type Pending = z.infer<typeof Pending>;

/** `id`: of the pending question that was shown. A response without it counts where exactly one was. */
const Id = { id: z.string().optional() };
const Approve = z.object({ decision: z.literal("approve"), ...Id }).strict();
const Reject = z.object({ decision: z.literal("reject"), reason: z.string().max(500).optional(), ...Id }).strict();
const Edit = z.object({ decision: z.literal("edit"), guideline: z.string().trim().min(1), ...Id }).strict();
const Word = z.enum(["approve", "reject"]);

/** What resumes a run that asks for leave to send: `Command({ resume })`. */
export const SendingResponse = z.union([Word, z.discriminatedUnion("decision", [Approve, Reject])]);

/** What resumes a run that shows a guideline. */
export const GuidelineResponse = z.union([Word, z.discriminatedUnion("decision", [Approve, Edit, Reject])]);
export type GuidelineResponse = z.infer<typeof GuidelineResponse>;

/** A response in its long form. */
export type Response = Exclude<GuidelineResponse, string>;

/** What a person has decided, as the run keeps it. */
export const Decision = z.object({
  stage: z.string(),
  asks: z.enum(["guideline", "sending"]),
  decision: z.enum(["approve", "edit", "reject"]),
  reason: z.string().optional(),
});
export type Decision = z.infer<typeof Decision>;
