import { registry } from "@langchain/langgraph/zod";
import { z } from "zod";
import type { Json } from "../state/message.js";
import type { Environment } from "../environments/types.js";
import { CopeError } from "../errors.js";
import { textOf } from "../calls/failure.js";
import { type Hide, hider } from "../privacy/hide.js";
import { saidOf } from "../options-error.js";
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

const SavedWorld = z.any() as z.ZodType<Json, Json>;

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
  saved: SavedWorld.optional(),
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

/**
 * One world for all runs of an agent: each finds it as its own last step left it.
 *
 * @param hide - hides private texts in what the world throws
 * @throws CopeError `ENVIRONMENT_FAILED` with what the world threw as its cause
 */
export function kept(environment: Environment, hide: Hide = hider([])) {
  let last: Promise<unknown> = Promise.resolve();
  return {
    fresh: inWorld(hide, () => environment.save()),
    goal: (): string => inWorld(hide, () => z.string().parse(environment.goal)),
    /** Does something in the world as it was saved; one after the other. */
    at<T>(saved: Json, work: (now: Environment) => T | Promise<T>): Promise<T> {
      const turn = last
        .then(async () => {
          if (JSON.stringify(environment.save()) !== JSON.stringify(saved)) await environment.restore(saved);
          return work(environment);
        })
        .catch((error: unknown) => {
          throw failed(hide(error));
        });
      last = turn.catch(() => {});
      return turn;
    },
  };
}

function inWorld<T>(hide: Hide, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw failed(hide(error));
  }
}

const failed = (cause: unknown): CopeError =>
  new CopeError(
    "ENVIRONMENT_FAILED",
    `the environment failed: ${cause instanceof z.ZodError ? saidOf(cause) : textOf(cause)}`,
    "mend the environment: a command that does not fit is to be answered by an observation (environmentContract tests it).",
    { cause, spent: { calls: 0, tokens: 0, usd: 0 } },
  );
