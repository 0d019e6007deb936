import type { Draw, DrawCall } from "../../src/evaluation/draw.js";
import type { Evaluation } from "../../src/evaluation/evaluation.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import type { Method, Outcome } from "../../src/evaluation/methods/types.js";

/** An answered call of a role, 100 tokens in and 10 out, one second. */
export function call(role: string, changes: Partial<DrawCall> = {}): DrawCall {
  const purpose = "execute" as const;
  return { key: "k", role, model: `test:${role}`, purpose, inputTokens: 100, outputTokens: 10, ms: 1000, ...changes };
}

/** A draw whose answer is right. */
export function draw(changes: Partial<Draw> = {}): Draw {
  const place = { problem: "p", series: "large-1", given: "", index: 0 };
  return { ...place, calls: [call("large")], text: "It is 1.", value: "1", right: true, ...changes };
}

/** How a method of one stage ended with its draws, all in one wave. */
export function ended(draws: readonly Draw[], changes: Partial<Outcome> = {}): Outcome {
  const [{ value, right }] = draws as [Draw];
  const stage = { name: "large", value, right, confidence: null, decision: "last" as const, drawn: draws.length };
  const status = draws.every(({ failed }) => failed) ? "failed" : value === null ? "unreadable" : "answered";
  return {
    value,
    right: status === "unreadable" ? false : right,
    status,
    ended: "large",
    confidence: null,
    stages: [stage],
    waves: [draws],
    ...changes,
  };
}

/** An evaluation of methods by their outcomes. */
export function evaluationOf(
  outcomes: Readonly<Record<string, readonly Outcome[]>>,
  { about = [], models = {} }: { about?: Record<string, string>[]; models?: Evaluation["recording"]["models"] } = {},
): Evaluation {
  const known = resolveMethods(["small", "large", "majority", "cope"]);
  const names = Object.keys(outcomes);
  const methods = names.map((name): Method => ({ ...(known.find((one) => one.name === name) ?? known[0]!), name }));
  return {
    recording: { id: "r", version: 1, data: "set", family: "math", models, seed: 0, logprobs: false, at: "2026-01-02" },
    problems: outcomes[names[0]!]!.map((_, i) => ({ id: `p${i}`, about: about[i] ?? {} })),
    outcomes: new Map(Object.entries(outcomes)),
    methods,
  };
}
