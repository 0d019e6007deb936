import { beforeEach, describe, expect, it, vi } from "vitest";
import { loadProblems } from "../../../src/evaluation/data/load.js";
import { subset } from "../../../src/evaluation/data/subset.js";
import { Problem } from "../../../src/evaluation/problem.js";
import { benchmarks } from "./files.js";

const folder = benchmarks();

describe.skipIf(folder === undefined)("the benchmark files", () => {
  beforeEach(() => {
    vi.stubEnv("COPE_DATA", folder);
    return () => vi.unstubAllEnvs();
  });

  it.each([
    ["gsm8k", 1319],
    ["svamp", 1000],
    ["math500", 500],
    ["mbpp", 500],
    ["humaneval", 164],
    ["mt_bench", 160],
  ])("%s is recognised by its fields and read whole: %i problems", async (name, count) => {
    const { format, problems, refused } = await loadProblems(name);
    expect({ format, count: problems.length, refused }).toEqual({ format: name, count, refused: [] });
    expect(new Set(problems.map(({ id }) => id)).size).toBe(count);
    for (const problem of problems) expect(Problem.parse(problem)).toEqual(problem);
  });

  it.each(["gsm8k", "svamp"])("%s has plain numbers as golds", async (name) => {
    const { problems } = await loadProblems(name);
    for (const { gold } of problems) expect(gold).toMatch(/^-?\d+(\.\d+)?$/);
  });

  it("gsm8k has golds above a thousand, read without their commas, and negative ones", async () => {
    const golds = (await loadProblems("gsm8k")).problems.map(({ gold }) => Number(gold));
    expect(golds.filter((gold) => gold < 0)).toHaveLength(2);
    expect(golds.filter((gold) => gold >= 1000).length).toBeGreaterThan(14);
  });

  it("math500 can be split by level and subject", async () => {
    const { problems } = await loadProblems("math500");
    expect([...new Set(problems.map(({ about }) => about["level"]))].toSorted()).toEqual(["1", "2", "3", "4", "5"]);
    expect(new Set(problems.map(({ about }) => about["subject"])).size).toBe(7);
    expect(subset(problems, { where: { level: ["4", "5"] } })).toHaveLength(262);
  });

  it("mbpp shows one test, and grades by others", async () => {
    const { problems } = await loadProblems("mbpp");
    for (const problem of problems) {
      const { task, gold } = problem;
      const shown = task["tests"] as string[];
      const hidden = (gold as { tests: string[] }).tests;
      // One problem has nothing but one assertion, three times.
      expect(shown).toHaveLength(problem.id === "37" ? 0 : 1);
      expect(hidden.length).toBeGreaterThanOrEqual(1);
      for (const test of shown) expect(test).toContain(String(task["entryPoint"]));
      for (const test of hidden) expect(JSON.stringify(task)).not.toContain(JSON.stringify(test));
    }
  });

  it("mbpp shows as many tests as asked for", async () => {
    const { problems } = await loadProblems("mbpp", { shownTests: 2 });
    expect(problems.filter(({ task }) => (task["tests"] as string[]).length === 2)).toHaveLength(497);
  });

  it("humaneval shows the examples of docstrings, where there are any, and never its check", async () => {
    const { problems } = await loadProblems("humaneval");
    const first = problems[0]!;
    expect(first.task["tests"]).toHaveLength(2);
    expect(problems.filter(({ task }) => (task["tests"] as string[]).length > 0)).toHaveLength(140);
    for (const { task, gold } of problems) {
      expect(JSON.stringify(task)).not.toContain("def check(");
      expect((gold as { tests: string[] }).tests[0]).toContain(`check(${task["entryPoint"] as string})`);
    }
  });

  it("mt_bench has eight categories, and references of its own file or of its rows", async () => {
    const { problems } = await loadProblems("mt_bench");
    expect(new Set(problems.map(({ about }) => about["category"])).size).toBe(8);
    const golds = problems.filter(({ gold }) => gold !== null);
    expect(golds.length).toBeGreaterThanOrEqual(40);
    for (const { gold } of golds) expect((gold as { turns: string[] }).turns).toHaveLength(1);
    expect(subset(problems, { limit: 20 })).toHaveLength(40);
  });
});
