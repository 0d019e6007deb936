import { expect, test } from "vitest";
import { findSandbox, runProgram, runTests } from "../../src/sandbox/index.js";
import { needs } from "../support/needs.js";

const prefer = "pyodide" as const;
const language = "python" as const;
const name = await findSandbox({ prefer }).then(
  (found) => found.name,
  () => undefined,
);
const hasPyodide = needs(
  "Pyodide and Deno, with which sandboxed programs are run where bubblewrap is not",
  name === prefer,
);

/** Starting takes seconds, and many where the machine has much else to do. */
const timeout = 240_000;

test.runIf(hasPyodide)(
  "under Pyodide a program reads, prints and ends, and reaches nothing of the machine",
  { timeout },
  async () => {
    const code = `import js, os, sys
print(int(input()) + 1)
print("late", file=sys.stderr)
for reach in (lambda: js.Deno.readTextFileSync("/etc/passwd"), lambda: js.Deno.env.get("HOME"), lambda: js.Deno.writeTextFileSync("/tmp/x", ""),
              lambda: js.Deno.Command.new("true").outputSync(), lambda: js.Deno.connect, lambda: open("/etc/passwd"), lambda: os.fork()):
    try:
        print("HELD" if reach is None or "connect" in str(reach()) else "ESCAPED")
    except Exception:
        print("HELD")
sys.exit(3)`;
    const end = await runProgram({ language, prefer, code, stdin: "41\n" });
    expect(end).toMatchObject({ status: "error", exitCode: 3, stdout: `42\n${"HELD\n".repeat(7)}`, stderr: "late\n" });
  },
);

test.runIf(hasPyodide)(
  "under Pyodide a loop is ended, and tests are judged apart from the program",
  { timeout },
  async () => {
    expect((await runProgram({ language, prefer, code: "while True: pass", limits: { wallMs: 300 } })).status).toBe(
      "timeout",
    );
    const program = "import datetime, os\nclass Box: pass\ndef same(x):\n    return x\ndef die():\n    os._exit(0)\n";
    const tests = [
      "assert same((1, {2})) == (1, {2})",
      "day = datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)\nassert same([day, 1 + 2j]) == [day, 1 + 2j]",
      "assert same(1) == 2",
      "die()",
      "assert same(3) == 3",
      "assert Box()",
    ];
    const { results } = await runTests({ language, prefer, program, tests });
    expect(results.map(({ passed, weak, why }) => (passed ? (weak ? "weak" : "passed") : why))).toEqual([
      "passed",
      "passed",
      "same(1) returned 1",
      "it ended its own process",
      "passed",
      "weak",
    ]);
  },
);
