import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { callFunction, checkSyntax, runProgram, runTests } from "../../src/sandbox/index.js";
import { hasBubblewrap } from "./there.js";

const language = "python" as const;
const path = process.env["PATH"]!;
const folders: string[] = [];

afterEach(() => {
  process.env["PATH"] = path;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Puts a bubblewrap first on the path that fails this often before it does what the real one does. */
function failing(times: number): void {
  const folder = mkdtempSync(join(tmpdir(), "cope-bwrap-"));
  folders.push(folder);
  chmodSync(folder, 0o777);
  const script = `#!/bin/sh
if [ "$(ls ${folder} | grep -c failed)" -lt ${times} ]; then
  touch ${folder}/failed-$$
  echo "bwrap: Can't fork for pid 1: Resource temporarily unavailable" >&2
  exit 1
fi
exec /usr/bin/bwrap "$@"
`;
  writeFileSync(join(folder, "bwrap"), script, { mode: 0o755 });
  process.env["PATH"] = `${folder}:${path}`;
}

describe.runIf(hasBubblewrap)("the sandbox itself", () => {
  test("is tried again where it fails: never a candidate's failure", async () => {
    failing(3);
    expect(await runProgram({ language, code: "print(1)" })).toMatchObject({ status: "ok", stdout: "1\n" });
  });

  test("says with a code that it goes on failing", async () => {
    failing(1000);
    const run = runTests({ language, program: "def f(): pass", tests: ["f()"] });
    await expect(run).rejects.toMatchObject({
      code: "SANDBOX_FAILED",
      reason: expect.stringContaining("Can't fork for pid 1"),
    });
  });

  test("runs 300 programs in quick succession without a failure of its own", async () => {
    const runs = Array.from({ length: 300 }, (_, i) => runProgram({ language, code: `print(${i})` }));
    expect((await Promise.all(runs)).map(({ stdout }) => stdout)).toEqual(runs.map((_, i) => `${i}\n`));
  });

  test("refuses limits that are none, and takes small ones", async () => {
    await expect(runProgram({ language, code: "", limits: { wallMs: -1 } })).rejects.toMatchObject({
      code: "OPTIONS_INVALID",
    });
    const limits = { processes: 1, openFiles: 16, memoryMb: 64, fileMb: 1, outputBytes: 10, cpuSeconds: 1 };
    expect(await runProgram({ language, code: "print(1)", limits })).toMatchObject({ status: "ok" });
    expect(await runProgram({ language, code: "while True: pass", limits })).toMatchObject({ status: "timeout" });
  });

  test("ends what is no longer wanted, also what waits, and throws the reason", async () => {
    const reason = new Error("no longer wanted");
    const stop = new AbortController();
    const { signal } = stop;
    const runs = Array.from({ length: 12 }, () => runProgram({ language, code: "while True: pass", signal }));
    runs.push(runTests({ language, program: "while True: pass", tests: ["f()"], signal }) as never);
    setTimeout(() => stop.abort(reason), 300);
    const ends = await Promise.allSettled(runs);
    expect(ends.map((end) => end.status === "rejected" && end.reason === reason)).toEqual(ends.map(() => true));
  });

  test("gives what a function returns as plain data, each call by itself", async () => {
    const program =
      "import datetime, math\ndef f(x):\n    if x == 3: raise KeyError(x)\n    return {'t': (x, 1.5), 's': {2, 1}, 'b': 2**60, 'n': math.nan, 'd': {1: x}, 'w': datetime.datetime(2024, 1, 2)}\n";
    const data = { t: [1, 1.5], s: [1, 2], b: String(2n ** 60n), n: "nan", d: [[1, 1]], w: "2024-01-02T00:00:00" };
    expect(await callFunction({ language, program, entryPoint: "f", inputs: [[1], [3], []] })).toEqual([
      { output: data },
      { error: "KeyError: 3" },
      { error: "TypeError: f() missing 1 required positional argument: 'x'" },
    ]);
    expect(await callFunction({ language, program, entryPoint: "g", inputs: [[1]] })).toEqual([
      { error: "it defines no function g" },
    ]);
  });

  test("checks syntax without running anything, and one text does not spoil another", async () => {
    const texts = [
      "import os\nos._exit(1)",
      "def f(:",
      "(".repeat(100_000),
      "x = '" + "a".repeat(1_000_000) + "'",
      "return",
    ];
    const errors = await Promise.all(texts.map((code) => checkSyntax({ language, code })));
    expect(errors).toEqual([
      undefined,
      "line 1: invalid syntax",
      expect.any(String),
      undefined,
      "line 1: 'return' outside function",
    ]);
  });
});
