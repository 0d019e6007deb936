import { describe, it } from "vitest";
import { golden } from "./golden.js";
import { givenKey, METHODS, recordingOf, seal, seriesOf, strategies, type Given, type Series } from "./seams.js";

const STYLES = ["method", "critique", "worked"] as const;
const WORDINGS = ["few-shot-a", "few-shot-b", "verify", "self-grade"] as const;

const handle = (identity: { provider: string; model: string; digest?: string }) => ({ identity }) as never;

describe("what recordings are known by stays as it is", () => {
  it("the series of every stage list", () => {
    const ids = Object.entries(strategies).flatMap(([list, stages]) =>
      stages.flatMap((stage) => {
        const id = (how: string, more: Partial<Pick<Series, "part" | "style" | "wording">>) =>
          [`${list}, ${stage.name}: ${how}`, seriesOf(stage, more).id] as const;
        return [
          id("samples", {}),
          id("vectors", { part: "vector" }),
          ...(stage.plan?.kind === "guideline"
            ? STYLES.map((style) => id(`guideline, ${style}`, { part: "plan", style }))
            : []),
          ...WORDINGS.map((wording) => id(wording, { wording })),
        ];
      }),
    );
    golden("series", Object.fromEntries(ids));
  });

  it("what a draw was shown", () => {
    const shown: Readonly<Record<string, Given>> = {
      nothing: {},
      "a goal": { goal: { index: 3, text: "Find it." } },
      "a guideline": { guideline: "Count twice." },
      both: { goal: { index: 3, text: "Find it." }, guideline: "Count twice." },
      votes: { votes: [{ answer: "7", votes: 5 }] },
      failures: { failures: [{ test: "assert f(1) == 2", why: "gave 3", samples: 2 }] },
      "an answer": { answer: { index: 0, text: "7" } },
    };
    const keys = Object.entries(shown).map(([name, given]) => [name, givenKey(given)]);
    golden("draws-shown", { ...Object.fromEntries(keys), sealed: seal("Count twice.") });
  });

  it("recordings, by data, family, pair, seed and log-probabilities", () => {
    const small = handle({ provider: "llama", model: "small", digest: "ab".repeat(32) });
    const large = handle({ provider: "openai", model: "gpt-4o" });
    const plain = {
      data: "gsm8k",
      family: "math",
      seed: 0,
      logprobs: false,
      handles: { small, large },
      pair: { small, large },
    };
    const all = {
      plain,
      "the small model alone": { ...plain, handles: { small }, pair: { small, large: undefined } },
      "a further role": { ...plain, handles: { ...plain.handles, cheap: large } },
      "another family": { ...plain, family: "code" },
      "another seed": { ...plain, seed: 1 },
      "log-probabilities": { ...plain, logprobs: true },
    };
    const ids = Object.entries(all).map(([name, wish]) => {
      const { at: _, ...recording } = recordingOf(wish);
      return [name, recording];
    });
    golden("recordings", Object.fromEntries(ids));
  });

  it("the names of methods", () => golden("methods", { names: Object.keys(METHODS) }));
});
