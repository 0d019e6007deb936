import { describe, expect, it } from "vitest";
import { loadProblems } from "../../../src/evaluation/index.js";
import { createCode } from "../../../src/families/code/index.js";
import { benchmarkRows } from "../math/data.js";
import { hasSandbox } from "./there.js";

const family = createCode();

/** Every `step`-th problem's own solution, read as a model's text and tried: what went wrong, by problem. */
async function lost(path: string, step: number, textOf: (row: Record<string, string>, nth: number) => string) {
  const rows = new Map(benchmarkRows(path)!.map((row) => [String(row["task_id"]), row]));
  const file = new URL(`../../../../shared/data/${path}`, import.meta.url).pathname;
  const problems = (await loadProblems(file)).problems.filter((_, i) => i % step === 0);
  const results = await Promise.all(
    problems.map(async ({ id, task, gold }, nth) => {
      const parsed = family.task.parse(task);
      const reading = await family.read(textOf(rows.get(id)!, nth), parsed);
      if (reading?.value === undefined) return [`${id} is unread`];
      return (await family.grade!(gold, reading.value, parsed)) ? [] : [`${id} fails`];
    }),
  );
  return results.flat();
}

describe("solutions of data sets, written as models write", () => {
  const humaneval = hasSandbox && benchmarkRows("humaneval/HumanEval.jsonl");
  it.skipIf(!humaneval)(
    "are read and pass in HumanEval, as bodies and as whole functions",
    { timeout: 120_000 },
    async () => {
      const fails = await lost("humaneval/HumanEval.jsonl", 10, (row, nth) => {
        const body = row["canonical_solution"]!;
        return nth % 2 === 0 ? body : `Here:\n\n\`\`\`python\n${row["prompt"]}${body}\`\`\`\n\nIt works.`;
      });
      expect(fails).toEqual([]);
    },
  );

  const mbpp = hasSandbox && benchmarkRows("mbpp/test500.jsonl");
  it.skipIf(!mbpp)("are read and pass in MBPP", { timeout: 120_000 }, async () => {
    expect(await lost("mbpp/test500.jsonl", 25, (row) => `\`\`\`\n${row["code"]}\n\`\`\``)).toEqual([]);
  });
});
