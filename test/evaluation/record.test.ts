import { join } from "node:path";
import { expect, test } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import { readRecording } from "../../src/evaluation/recorded.js";
import { scriptedModel } from "../../src/testing/index.js";
import { temporaryFolder } from "../support/folder.js";
import { fallibleModel, numberProblems } from "./random-models.js";

test("a control for which the limits left nothing is named, and not merely missing", async () => {
  const folder = temporaryFolder();
  const run = async (names: string[], calls?: number) => {
    let spent = 0;
    const evaluation = await evaluate({
      data: "numbers",
      problems: numberProblems(8),
      methods: resolveMethods(names),
      models: {
        small: fallibleModel("small", 0.5, { fails: false }),
        large: fallibleModel("large", 0.8, { fails: false }),
      },
      tape: join(folder, `${names.join("-")}.sqlite`),
      attempts: 1,
      ...(calls === undefined ? {} : { limits: { calls } }),
      onProgress: (progress) => void (spent = progress.spent.calls),
    });
    return { evaluation, spent };
  };
  const { spent } = await run(["majority"]);
  const { evaluation } = await run(["majority", "random"], spent);
  expect(evaluation).toMatchObject({ stopped: "budget", unfinished: ["random"] });
  expect(evaluation.problems).toHaveLength(8);
  expect(evaluation.methods.map(({ name }) => name)).toEqual(["majority"]);
});

test("a draw on the tape is graded by the gold of today, without asking again", async () => {
  const tape = join(temporaryFolder(), "tape.sqlite");
  let asked = 0;
  const large = scriptedModel(
    () => {
      asked += 1;
      return "The final answer is $\\boxed{10}$.";
    },
    { as: "test:large" },
  );
  const rights = async (gold: string | null) => {
    const problems = numberProblems(1).map((problem) => ({ ...problem, gold }));
    const { outcomes } = await evaluate({
      data: "numbers",
      problems,
      methods: resolveMethods(["large"]),
      models: { large },
      tape,
    });
    const { draws } = await readRecording(tape);
    return [outcomes.get("large")![0]!.right, draws[0]!.right];
  };
  expect(await rights("11")).toEqual([false, false]);
  expect(await rights("10")).toEqual([true, true]);
  expect(await rights(null)).toEqual([null, null]);
  expect(asked).toBe(1);
});
