import { describe, expect, it } from "vitest";
import { transcriptOf } from "../../src/environments/index.js";

const run = {
  goal: "Light the lamp.",
  opening: "You stand in the cellar.",
  steps: [
    {
      command: "climb",
      observation: "You come to the stairs.",
      by: "small",
      why: "7 of 8 agree",
      done: false,
      reward: 0,
    },
    { command: "turn lamp", observation: "The lamp burns.\n\nWell done.", by: "large", done: true, reward: 1 },
  ],
};

describe("a transcript", () => {
  it("tells the goal, every command with who decided it and why, what it led to, and the end", () => {
    expect(transcriptOf(run)).toBe(
      [
        "Goal: Light the lamp.",
        "You stand in the cellar.",
        "1. > climb\n   (small: 7 of 8 agree)\n   You come to the stairs.",
        "2. > turn lamp\n   (large)\n   The lamp burns.\n\n   Well done.",
        "Reached, after 2 steps (small 1, large 1).\n",
      ].join("\n\n"),
    );
  });

  it("tells a run that is not over, and one that failed, from one that got there", () => {
    const [first] = run.steps;
    expect(transcriptOf({ ...run, steps: [first!] })).toMatch(/\nNot at its end, after 1 step \(small 1\)\.\n$/);
    const failed = { command: "fly", observation: "Nothing happens.", done: true, reward: 0 };
    expect(transcriptOf({ ...run, steps: [failed] })).toMatch(
      /> fly\n {3}Nothing[^(]*\nEnded, not reached, after 1 step\.\n$/,
    );
    expect(transcriptOf({ ...run, steps: [] })).toContain("No step was taken.");
    expect(transcriptOf({ ...run, steps: [], done: true })).toContain("At its end before the first step.");
  });
});
