import type { CallContext, CallRequest } from "../../src/models/call.js";
import { createPriceBook } from "../../src/models/prices.js";
import type { ChatHandle } from "../../src/models/types.js";

/** A call of one sample, which differs from others by what is given. */
export const callRequest = (more: Partial<CallRequest> = {}): CallRequest => ({
  call: "1/solo/0/execute",
  role: "small",
  stage: "solo",
  purpose: "execute",
  messages: [{ role: "user", content: "What is six times seven?" }],
  sampling: { temperature: 0.4, maxTokens: 256, seed: 7 },
  ...more,
});

/** Where it is made: every model has a price, 1 dollar a million tokens in and 2 out, unless told otherwise. */
export const callContext = (model: ChatHandle, more: Partial<CallContext> = {}): CallContext => ({
  model,
  prices: createPriceBook({ [model.identity.model]: { input: 1, output: 2 } }),
  thread: "t",
  namespace: "",
  turn: 1,
  attempts: 3,
  callTimeoutMs: 10_000,
  concurrency: 8,
  ...more,
});

/** Waits for a state that is sure to come; the test's own time limit ends the wait where it does not. */
export async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((done) => setTimeout(done, 1));
}
