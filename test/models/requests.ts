import type { ModelRequest, Reply } from "../../src/models/types.js";

/** A request that differs from others by `nth` alone. */
export const request = (nth = 0, more: Partial<ModelRequest> = {}): ModelRequest => ({
  model: { provider: "openai", model: "gpt-4o" },
  messages: [{ role: "user", content: "What is six times seven?" }],
  sampling: { temperature: 0.4, maxTokens: 256, seed: nth },
  ...more,
});

export const reply = (text: string): Reply => ({
  text,
  usage: { inputTokens: 12, outputTokens: 34 },
  finish: "stop",
  logprobs: [-0.25, -1.5e-7],
  ms: 250,
});
