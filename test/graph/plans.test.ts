import { describe, expect, it } from "vitest";
import { createCope, createMath, type CopeOptions } from "../../src/index.js";
import { bySample, UNLIKE } from "../support/by-sample.js";
import { answering, FakeModel, isPlan } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const run = (options: CopeOptions) =>
  createCope({ family: plain, ...options })
    .compile()
    .invoke({ question: "q" });

describe("the goal carried into a stage", () => {
  it("is that of the first sample, by index, of the leading answer", async () => {
    // The leading answer is c: samples 2, 4 and 5. Sample 4 might well be answered first.
    const small = bySample({ solo: ["a", "b", "c", "d", "c", "c", "e", "f"], guided: UNLIKE.map(() => "right") });
    await run({ small, large: answering("never") });
    const guided = small.asked.filter(({ user }) => user.includes("guideline="));
    expect(new Set(guided.map(({ user }) => user.split("\n")[1]))).toEqual(new Set(["goal=goal 2"]));
  });

  it("is found by index also where there are more than ten samples", async () => {
    const solo = Array.from({ length: 12 }, (_, index) => (index === 2 || index === 10 ? "c" : "?"));
    const small = bySample({ solo, guided: solo.map(() => "right") });
    await run({ small, large: answering("never"), samples: 12, thresholds: [0.2, 0.5] });
    expect(small.asked.at(-1)!.user).toContain("goal=goal 2");
  });

  it("is none where no sample could be read", async () => {
    const small = bySample({ solo: UNLIKE.map(() => "?"), guided: UNLIKE.map(() => "right") });
    await run({ small, large: answering("never") });
    expect(
      small.asked.filter(({ user }) => user.includes("guideline=")).some(({ user }) => user.includes("goal=")),
    ).toBe(false);
  });
});

describe("the style of the guideline", () => {
  const split = () => bySample({ solo: ["a", "b", "c", "?", "c", "c", "c", "d"], guided: UNLIKE });

  // Six of eight are drawn: c can no longer reach six votes.
  it("critique is shown how the votes split, most votes first", async () => {
    const large = answering("x");
    await run({ small: split(), large, guideline: "critique" });
    const asked = large.asked.find(isPlan)!.user;
    expect(JSON.parse(asked.slice(asked.indexOf("[")))).toEqual([
      { answer: "c", votes: 3 },
      { answer: "a", votes: 1 },
      { answer: "b", votes: 1 },
    ]);
  });

  it("method is not", async () => {
    const large = answering("x");
    await run({ small: split(), large });
    expect(large.asked.find(isPlan)!.user).toBe("q");
  });

  it("worked reaches the math family's prompt", async () => {
    const prompted = async (guideline: "method" | "worked") => {
      const large = new FakeModel(() => "Count.");
      const small = new FakeModel(({ seed }) => `\\boxed{${seed}}`);
      await createCope({ family: createMath(), small, large, guideline, samples: 2 })
        .compile()
        .invoke({ question: "2+2" });
      return large.asked[0]!;
    };
    const [method, worked] = [await prompted("method"), await prompted("worked")];
    expect(worked.system).toContain("intermediate values");
    expect(method.system).not.toContain("intermediate values");
  });
});
