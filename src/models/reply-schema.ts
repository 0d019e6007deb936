import { z } from "zod";
import { ToolCall } from "../state/tool.js";
import type { Reply } from "./types.js";

const Tokens = z.number().min(0).nullable();

/** JSON knows no infinity and writes null: the log-probability of what cannot come. */
const LogProbability = z
  .number()
  .nullable()
  .transform((value) => value ?? -Infinity);

/** A reply as tape and journal keep it in JSON: parsing gives what was written, also where it was minus infinity. */
export const StoredReply: z.ZodType<Reply> = z.looseObject({
  text: z.string(),
  thinking: z.string().optional(),
  toolCalls: z.array(ToolCall).optional(),
  brokenCalls: z.array(z.object({ name: z.string(), args: z.string() })).optional(),
  usage: z.looseObject({ inputTokens: Tokens, outputTokens: Tokens }),
  ms: z.number(),
  finish: z.string().optional(),
  logprobs: z.array(LogProbability).optional(),
  topLogprobs: z.array(z.array(z.looseObject({ token: z.string(), logprob: LogProbability }))).optional(),
});
