import { registry } from "@langchain/langgraph/zod";
import { z } from "zod";
import type { Json } from "../state/json.js";
import { AgentCope } from "./bill.js";
import type { StepReport } from "./step-message.js";

/** One step of a run in an environment. */
const EnvironmentStep = z.object({
  /** The command that was given; empty where no model named one that fits, and nothing was done. */
  command: z.string(),
  observation: z.string(),
  /** The stage that decided. */
  by: z.string(),
  why: z.string(),
  reward: z.number().optional(),
  done: z.boolean(),
  /** How it was decided. */
  report: z.any() as z.ZodType<StepReport, StepReport>,
});
/** One step in an environment, with who decided it and why. */
export type EnvironmentStep = z.infer<typeof EnvironmentStep>;

const steps = z.array(EnvironmentStep);
const collected = steps.register(registry as any, {
  reducer: { fn: (before: unknown[], more: unknown[]) => [...before, ...more] },
  default: () => [],
}) as typeof steps & { lg_reducer_schema: typeof steps };

const Json = z.any() as z.ZodType<Json, Json>;

/** What a run leaves. */
export const Output = z.object({
  goal: z.string(),
  /** Whether the environment came to its end. */
  done: z.boolean(),
  /** The last that the environment told; null where it tells none. */
  reward: z.number().nullable(),
  steps: collected,
  /** The run for people: each command, who decided it and why, and what it led to. */
  transcript: z.string(),
  /** Bill and guideline. */
  cope: AgentCope,
});

/** The run as data, plain JSON. */
export const Channels = z.object({
  goal: z.string().optional(),
  /** The environment's own state. */
  saved: Json.optional(),
  /** What was seen before the first step, and what is seen now. */
  opening: z.string().optional(),
  observation: z.string().optional(),
  actions: z.array(z.string()).optional(),
  next: z
    .object({
      command: z.string(),
      by: z.string(),
      why: z.string(),
      report: z.any() as z.ZodType<StepReport, StepReport>,
    })
    .nullish(),
  steps: collected,
  done: z.boolean().optional(),
  reward: z.number().nullish(),
  transcript: z.string().optional(),
  cope: AgentCope.optional(),
});
export type State = z.infer<typeof Channels>;
