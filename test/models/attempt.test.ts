import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { attempt } from "../../src/models/attempt.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

it("lets go of a call as soon as it is answered, however much time it had left", async () => {
  const signals: WeakRef<AbortSignal>[] = [];
  const reply = { text: "a", usage: { inputTokens: 1, outputTokens: 1 }, ms: 1 };
  const model = {
    identity: { provider: "fake", model: "fake" },
    ask: async (_messages: unknown, _sampling: unknown, signal: AbortSignal) => {
      // As clients do, which forget to take their listeners off again.
      signal.addEventListener("abort", () => {});
      signals.push(new WeakRef(signal));
      return reply;
    },
  };
  const sampling = { temperature: 0, maxTokens: 1, seed: 0 };
  for (let n = 0; n < 20; n++) await attempt({ messages: [], sampling }, { model, callTimeoutMs: 600_000 });
  for (let n = 0; n < 5; n++) {
    await turn();
    collect();
  }
  // The last one may still be on the stack.
  expect(signals.filter((signal) => signal.deref() !== undefined).length).toBeLessThanOrEqual(1);
});
