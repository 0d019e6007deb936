import type { Environment } from "../environments/types.js";
import type { Json } from "../state/json.js";

/** One world for all runs of an agent: each finds it as its own last step left it. */
export function kept(environment: Environment) {
  let last: Promise<unknown> = Promise.resolve();
  return {
    fresh: environment.save(),
    /** Does something in the world as it was saved; one after the other. */
    at<T>(saved: Json, work: (now: Environment) => T | Promise<T>): Promise<T> {
      const turn = last.then(async () => {
        if (JSON.stringify(environment.save()) !== JSON.stringify(saved)) await environment.restore(saved);
        return work(environment);
      });
      last = turn.catch(() => {});
      return turn;
    },
  };
}
