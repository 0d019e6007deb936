import { spawn, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram, runTests, type SandboxLimits } from "../../src/sandbox/index.js";
import { cpuTimeOf } from "../../src/sandbox/cpu-wait.js";
import { hasBubblewrap } from "./there.js";

/** Six on two cores. */
const LOOPS = 3 * availableParallelism();
const HALF_MS = 500;
/** Twice what the programs below take of a CPU; beside the loops they take several times as long by the wall. */
const LIMITS: SandboxLimits = { cpuSeconds: 1, wallMs: 2 * HALF_MS };

const loops: ChildProcess[] = [];
beforeAll(() => {
  for (let i = 0; i < LOOPS; i++) loops.push(spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }));
});
afterAll(() => loops.forEach((loop) => loop.kill("SIGKILL")));

/** Python that uses so many ms of a CPU, by the CPU's own clock. */
const working = (ms: number) =>
  `import time\ndef f(x):\n    until = time.thread_time() + ${ms / 1000}\n    while time.thread_time() < until: pass\n    return x + 1\n`;

describe.runIf(hasBubblewrap)("beside six busy loops, Python under bubblewrap", () => {
  test("passes its tests with half of its CPU limit used, eight at once", async () => {
    const run = () =>
      runTests({ language: "python", program: working(HALF_MS), tests: ["assert f(1) == 2"], limits: LIMITS });
    const ends = await Promise.all(Array.from({ length: 8 }, run));
    expect(ends.map(({ results }) => results)).toEqual(
      ends.map(() => [{ test: "assert f(1) == 2", passed: true, weak: false }]),
    );
    // Else the machine was idle, and nothing was shown.
    expect(Math.max(...ends.map(({ ms }) => ms))).toBeGreaterThan(LIMITS.wallMs!);
  });

  test("prints what it prints with half of its CPU limit used", async () => {
    const code = `${working(HALF_MS)}print(f(1))`;
    const run = () => runProgram({ language: "python", code, limits: LIMITS });
    const ends = await Promise.all(Array.from({ length: 8 }, run));
    expect(ends.map(({ status, stdout }) => [status, stdout])).toEqual(ends.map(() => ["ok", "2\n"]));
  });

  test("is ended where it sleeps or computes for ever", async () => {
    const ends = await Promise.all(
      ["import time\ntime.sleep(60)", "while True: pass"].map((code) =>
        runProgram({ language: "python", code, limits: LIMITS }),
      ),
    );
    expect(ends.map(({ status }) => status)).toEqual(["timeout", "timeout"]);
    for (const { ms } of ends) expect(ms).toBeLessThan(30_000);
  });
});

describe("beside six busy loops, JavaScript", () => {
  test("is ended where it computes for ever", async () => {
    const run = { language: "javascript", code: "for (;;);", limits: { wallMs: 500 } } as const;
    expect(await runProgram(run)).toMatchObject({ status: "timeout", sandbox: "quickjs" });
  });
});

test.runIf(process.platform === "linux")(
  "a busy loop among many waits for a CPU, and a process that is not there does not",
  () => {
    expect(Math.max(...loops.map(({ pid }) => cpuTimeOf(pid!).waited))).toBeGreaterThan(100);
    expect(cpuTimeOf(2 ** 30)).toEqual({ waited: 0, used: 0 });
  },
);
