import { describe, expect, it } from "vitest";
import { createCode } from "../../../src/families/code/index.js";
import { CopeError } from "../../../src/errors.js";
import type { Checks } from "../../../src/state/checks.js";
import { fakeRunner } from "./fake-runner.js";
import { DOUBLE, taskOf } from "./tasks.js";
import { hasSandbox } from "./there.js";

const fence = (code: string) => `\`\`\`python\n${code}\n\`\`\``;

const checksOf = (reading: object | undefined) =>
  reading && "checks" in reading ? (reading.checks as Checks | undefined) : undefined;

function readerOf(tests: string[]) {
  const runner = fakeRunner();
  const family = createCode({ runner });
  const task = taskOf({ tests, entryPoint: "double" });
  return { ran: runner.ran, read: async (text: string) => family.read(text, task) };
}

describe("reading a program", () => {
  it("runs the visible tests once, and keeps what they said", async () => {
    const { read, ran } = readerOf(["needs 2 * n", "weak needs return", "needs cube"]);
    expect(await read(fence(DOUBLE))).toEqual({
      value: DOUBLE,
      by: "fence",
      checks: { passed: 2, total: 3, weak: 1, failures: [{ test: "needs cube", why: "it returned 3" }] },
    });
    expect(ran.map(({ kind }) => kind)).toEqual(["tests"]);
  });

  it("keeps the first four failures, each cut short, without half a character", async () => {
    const { read } = readerOf(Array.from({ length: 6 }, (_, i) => `needs ${"😀".repeat(99)}${i}😀`));
    const { failures } = checksOf(await read(fence(DOUBLE)))!;
    expect(failures).toHaveLength(4);
    for (const { test } of failures) {
      expect(test.length).toBeLessThanOrEqual(200);
      expect(test.isWellFormed()).toBe(true);
    }
  });

  it("keeps a program that does not load, with no test passed and the reason", async () => {
    const { read } = readerOf(["needs a", "needs b"]);
    const broken = "def double(n):\n    return (2 * n";
    const failures = [{ test: "the program itself", why: "it does not load: SyntaxError: invalid syntax" }];
    expect(await read(fence(broken))).toEqual({
      value: broken,
      by: "fence",
      checks: { passed: 0, total: 2, failures },
    });
  });

  it("takes the whole function out of a text that breaks off behind it", async () => {
    const { read } = readerOf(["needs 2 * n"]);
    const cut = `\`\`\`python\n${DOUBLE}\n\nx = double(2)\ny = double(`;
    expect(await read(cut)).toEqual({ value: DOUBLE, by: "fence", checks: { passed: 1, total: 1, failures: [] } });
  });

  it("reads nothing from prose that looks like code", async () => {
    const { read } = readerOf(["needs 2 * n"]);
    expect(await read("def double(n): that would be :-(\n")).toBeUndefined();
  });

  it("reads valid programs alone where there are no tests", async () => {
    const { read, ran } = readerOf([]);
    expect(await read(fence(DOUBLE))).toEqual({ value: DOUBLE, by: "fence" });
    expect(ran.map(({ kind }) => kind)).toEqual(["syntax"]);
    expect(await read(fence("def double(n):\n    return (2 * n"))).toBeUndefined();
  });

  it("passes on that the sandbox is missing, and counts it against no model", async () => {
    const missing = new CopeError("SANDBOX_MISSING", "there is none", "install one.");
    const runner = { ...fakeRunner(), runTests: () => Promise.reject(missing) };
    const family = createCode({ runner });
    await expect(family.read(fence(DOUBLE), taskOf({ tests: ["needs a"] }))).rejects.toBe(missing);
  });

  it("hands limits and signal to every run", async () => {
    const asked: unknown[] = [];
    const fake = fakeRunner();
    const runTests: typeof fake.runTests = (run) => {
      asked.push([run.limits, run.signal]);
      return fake.runTests(run);
    };
    const limits = { wallMs: 500 };
    const { signal } = new AbortController();
    const family = createCode({ runner: { ...fake, runTests }, limits });
    await family.read(fence(DOUBLE), taskOf({ tests: ["needs a"] }), signal);
    expect(asked).toEqual([[limits, signal]]);
  });
});

describe.skipIf(!hasSandbox)("reading a program in the sandbox", () => {
  const family = createCode({ limits: { wallMs: 3_000 } });
  const tests = ["assert double(2) == 4", "assert double([1]) == [1, 1]"];
  const task = taskOf({ tests });

  it("tells which tests failed and how", async () => {
    const wrong = "def double(n):\n    return n + 2";
    const reading = await family.read(fence(wrong), task);
    expect(reading).toMatchObject({ value: wrong, checks: { passed: 1, total: 2 } });
    expect(checksOf(reading)?.failures).toEqual([{ test: tests[1], why: expect.stringContaining("TypeError") }]);
  });

  it.each<[title: string, program: string, why: RegExp]>([
    ["has a syntax error", "def double(n):\n    return (2 * n", /does not load: .*SyntaxError/],
    ["never ends", "def double(n):\n    while True: pass", /time/i],
    ["raises while it loads", `1 / 0\n${DOUBLE}`, /does not load: .*ZeroDivisionError/],
    ["defines another name", "def twice(n):\n    return 2 * n", /double/],
    ["ends the process", `import os\nos._exit(0)\n${DOUBLE}`, /./],
  ])("counts a program that %s as one that passes nothing", async (_, program, why) => {
    const reading = await family.read(fence(program), task);
    expect(reading).toMatchObject({ value: program, checks: { passed: 0, total: 2 } });
    expect(checksOf(reading)?.failures[0]?.why).toMatch(why);
  });

  it("says of a test that is broken that the test is", async () => {
    const reading = await family.read(fence(DOUBLE), taskOf({ tests: ["assert double(2) =="] }));
    expect(checksOf(reading)?.failures[0]?.why).toMatch(/the test itself is broken/);
  });

  it("grades by tests the program has not seen, all of which have to pass", async () => {
    const gold = (...hidden: string[]) => ({ tests: hidden, setup: "ONE = 1", entryPoint: "double" });
    expect(await family.grade!(gold("assert double(ONE) == 2", "assert double(3) == 6"), DOUBLE, task)).toBe(true);
    expect(await family.grade!(gold("assert double(1) == 2", "assert double(3) == 7"), DOUBLE, task)).toBe(false);
    expect(await family.grade!(gold("assert double(1) == 2"), "def double(n", task)).toBe(false);
    const check = "def check(candidate):\n    assert candidate(3) == 6\n\ncheck(double)";
    expect(await family.grade!(gold(check), DOUBLE, task)).toBe(true);
    expect(await family.grade!(null, DOUBLE, task)).toBe(null);
    await expect(family.grade!("42", DOUBLE, task)).rejects.toThrow("[OPTIONS_INVALID]");
  });
});

describe("reading a program in JavaScript", () => {
  const family = createCode({ limits: { wallMs: 3_000 } });
  const tests = ["assert(double(2) === 4);", "assert.deepEqual(double([1]), [1, 1]);"];
  const read = async (program: string) =>
    family.read(`\`\`\`js\n${program}\n\`\`\``, taskOf({ language: "javascript", tests }));

  it("runs the tests on it", async () => {
    const reading = await read("export const double = (n) => (Array.isArray(n) ? [...n, ...n] : n + 2);");
    expect(checksOf(reading)).toMatchObject({ passed: 2, total: 2 });
    expect(checksOf(await read("function double(n) { return 2 * n; }"))).toMatchObject({ passed: 1, total: 2 });
  });

  it("counts one with a syntax error, or without the function, as one that passes nothing", async () => {
    expect(checksOf(await read("function double(n) { return (2 * n; }"))).toMatchObject({ passed: 0, total: 2 });
    expect(checksOf(await read("function twice(n) { return 2 * n; }"))).toMatchObject({ passed: 0, total: 2 });
  });
});
