import { join } from "node:path";
import { evaluate } from "../../../src/evaluation/evaluate.js";
import { resolveMethods } from "../../../src/evaluation/methods/index.js";
import { readRecording, type Recorded } from "../../../src/evaluation/recorded.js";
import { scriptedModel, type ScriptedModel } from "../../../src/testing/index.js";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll } from "vitest";
import { fraction, numberProblems } from "../random-models.js";

/** How often a model's answer of an easy and of a hard problem is right; every third problem is hard. */
export interface Skill {
  easy: number;
  hard: number;
}

/** A model that is right by its skill, and else gives one of a few wrong answers; large models write at length. */
export function skilledModel(
  name: string,
  { easy, hard }: Skill,
  { words = 20, guideline = "Count with care." } = {},
): ScriptedModel {
  return scriptedModel(
    ({ messages, seed, system }) => {
      if (/teacher/.test(system)) return `Find the number that belongs to ${seed % 7}.`;
      if (/coach/.test(system)) return guideline;
      const asked = `${name}/${seed}/${JSON.stringify(messages)}`;
      const gold = Number(/number (\d+)/.exec(messages.at(-1)!.content)![1]);
      const said =
        fraction(asked) < (gold % 3 === 0 ? hard : easy) ? gold : gold + 1 + Math.floor(fraction(`${asked}!`) * 5);
      return `${"Some reasoning. ".repeat(words)}The final answer is $\\boxed{${said}}$.`;
    },
    { as: `test:${name}` },
  );
}

/** A folder for the recordings of a file of tests, which makes them before its tests. */
export function suiteFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cope-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Records methods with all draws and reads the recording back. */
export async function recordedBy(
  folder: string,
  models: { small: ScriptedModel; large: ScriptedModel },
  { count = 30, samples = 4, methods = ["large", "cope", "cope:s2s3", "majority"], gold = true } = {},
): Promise<Recorded & { tape: string }> {
  const tape = join(mkdtempSync(join(folder, "run-")), "tape.sqlite");
  const problems = numberProblems(count).map((problem) => (gold ? problem : { ...problem, gold: null }));
  const made = resolveMethods(methods, { samples });
  await evaluate({ data: "numbers", problems, methods: made, models, tape, allDraws: true, attempts: 1 });
  return { ...(await readRecording(tape)), tape };
}
