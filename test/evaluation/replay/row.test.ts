import { join } from "node:path";
import { expect, test } from "vitest";
import { evaluate } from "../../../src/evaluation/evaluate.js";
import { resolveMethods } from "../../../src/evaluation/methods/index.js";
import { readRecording } from "../../../src/evaluation/recorded.js";
import { grid } from "../../../src/evaluation/replay/grid.js";
import { replay } from "../../../src/evaluation/replay/replay.js";
import { summarise } from "../../../src/evaluation/summary/index.js";
import { scriptedModel } from "../../../src/testing/index.js";
import { temporaryFolder } from "../../support/folder.js";
import { numberProblems } from "../random-models.js";

test("a row counts as a method's line does: what has no gold is not wrong, readable or not", async () => {
  const tape = join(temporaryFolder(), "tape.sqlite");
  const small = scriptedModel(
    ({ messages }) => (/number 10/.test(messages.at(-1)!.content) ? "I do not know." : "It is $\\boxed{3}$."),
    { as: "test:small" },
  );
  const problems = numberProblems(2).map((problem) => ({ ...problem, gold: null }));
  const methods = resolveMethods(["small"]);
  await evaluate({ data: "numbers", problems, methods, models: { small }, tape });
  const recorded = await readRecording(tape);
  const { n, right, unreadable, failed, ungraded } = summarise(replay(recorded, { methods })).methods[0]!;
  expect({ n, unreadable, ungraded }).toEqual({ n: 0, unreadable: 0, ungraded: 2 });
  const [row] = grid(recorded, { stages: "small" }).rows;
  expect(row).toMatchObject({ n, right, unreadable, failed, ungraded });
});
