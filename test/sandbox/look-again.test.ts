import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hasBubblewrap } from "./there.js";

const path = process.env["PATH"]!;
let folder = "";
/** The sandbox as a new process knows it: nothing was looked for yet. */
let sandbox: typeof import("../../src/sandbox/index.js");

beforeEach(async () => {
  vi.resetModules();
  sandbox = await import("../../src/sandbox/index.js");
  folder = mkdtempSync(join(tmpdir(), "cope-bwrap-"));
  chmodSync(folder, 0o777);
});
afterEach(() => {
  vi.restoreAllMocks();
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

/** Puts a bubblewrap first on the path that fails so often, saying this, before it does what the real one does. */
function failing(times: number, said: string): void {
  const script = `#!/bin/sh
if [ "$1" = --version ]; then exec /usr/bin/bwrap --version; fi
if [ "$(ls ${folder} | grep -c failed)" -lt ${times} ]; then
  touch ${folder}/failed-$$
  echo "bwrap: ${said}" >&2
  exit 1
fi
exec /usr/bin/bwrap "$@"
`;
  writeFileSync(join(folder, "bwrap"), script, { mode: 0o755 });
  process.env["PATH"] = `${folder}:${path}`;
}

/** What is found now, by name: bubblewrap, or what stands in for it. */
const found = () => sandbox.findSandbox().then(({ name }) => name, (error: { code: string }) => error.code); // prettier-ignore

/** Lets so many ms pass by the clock that looks go by. */
const later = (ms: number) => {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, "now").mockImplementation(() => now() + ms);
};

describe.runIf(hasBubblewrap)("bubblewrap that does not start at the first look", () => {
  test("is tried again at once where the machine was short of something", async () => {
    failing(3, "Can't fork for pid 1: Resource temporarily unavailable");
    expect(await found()).toBe("bubblewrap");
    const run = { language: "python", code: "print(1)" } as const;
    expect(await sandbox.runProgram(run)).toMatchObject({ stdout: "1\n", sandbox: "bubblewrap" });
  });

  test.each([
    ["Can't fork for pid 1: Resource temporarily unavailable", 6],
    ["Creating new namespace failed: Operation not permitted", 1],
  ])("is looked for again a little later: %s", async (said, times) => {
    failing(times, said);
    expect(await found()).not.toBe("bubblewrap");
    // Not with every program: where it never starts, each would wait for it.
    expect(await found()).not.toBe("bubblewrap");
    later(6_000);
    expect(await found()).toBe("bubblewrap");
  });

  test("is found once it is there", async () => {
    process.env["PATH"] = folder;
    expect(await found()).not.toBe("bubblewrap");
    process.env["PATH"] = path;
    later(6_000);
    expect(await found()).toBe("bubblewrap");
  });
});

test("a program in JavaScript says what ran it", async () => {
  const run = {
    language: "javascript",
    program: "function f() { return 1; }",
    tests: ["assert.equal(f(), 1)"],
  } as const;
  expect(await sandbox.runTests(run)).toMatchObject({ loaded: true, sandbox: "quickjs" });
  expect(await sandbox.runTests({ ...run, program: "function (" })).toMatchObject({
    loaded: false,
    sandbox: "quickjs",
  });
});
