import { z } from "zod";
import type { Environment } from "../environments/types.js";
import { CopeError } from "../errors.js";
import { textOf } from "../models/error-parts.js";
import { hider, type Hide } from "../models/hide.js";
import { saidOf } from "../options-error.js";
import type { Json } from "../state/json.js";

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
