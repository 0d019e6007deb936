import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runProgram } from "../../src/sandbox/index.js";
import { hostile, SECRET } from "./hostile.js";
import { hasBubblewrap } from "./there.js";

const folder = mkdtempSync(join(tmpdir(), "cope-hostile-"));
const file = join(folder, "secret");
writeFileSync(file, SECRET);
process.env["COPE_TEST_SECRET"] = SECRET;
const listening = createServer().listen("\0langgraph-cope-test");

afterAll(() => {
  listening.close();
  rmSync(folder, { recursive: true });
});

const limits = { wallMs: 1500, memoryMb: 256, outputBytes: 1_000_000 };

const ANYTHING = /^/;

describe.runIf(hasBubblewrap).concurrent("a hostile program is held, and the sandbox is whole afterwards", () => {
  test.for(hostile(file))("$name", async ({ program, ends, says }) => {
    const end = await runProgram({ language: "python", code: program, limits });
    expect(ends ?? ["ok"]).toContain(end.status);
    expect(end.stdout).not.toMatch(new RegExp(`ESCAPED|${SECRET}`));
    expect(end.stdout).toMatch(says ?? (ends ? ANYTHING : /^HELD/));
    expect(end.stdout.length + end.stderr.length).toBeLessThanOrEqual(limits.outputBytes);
    // The clock stands still while other work has the CPUs, for nine times the limit at the most.
    expect(end.ms, "ends in time").toBeLessThan(10 * limits.wallMs + 3000);
    const after = await runProgram({ language: "python", code: "print(6 * 7)", limits });
    expect(after).toMatchObject({ status: "ok", stdout: "42\n" });
  });
});

test.runIf(hasBubblewrap)("nothing of a program lives after it", async () => {
  const marker = `left-over-${process.pid}`;
  const child = `import time; time.sleep(1000) # ${marker}`;
  const code = [
    "import subprocess, sys",
    `for _ in range(3): subprocess.Popen([sys.executable, '-c', ${JSON.stringify(child)}], start_new_session=True)`,
    "print('started')",
  ].join("\n");
  expect(await runProgram({ language: "python", code })).toMatchObject({ status: "ok", stdout: "started\n" });
  expect(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })).not.toContain(marker);
});
