import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { COPE, TABLES } from "../../scripts/results-tables.mjs";
import { golden } from "../golden/golden.js";
import { buildCopy, inTurns } from "../support/cli.js";

const ROOT = resolve(import.meta.dirname, "../..");

it("every table of results is reproduced from the recorded draws", async () => {
  const build = buildCopy();
  onTestFinished(() => build.remove());
  const { FORCE_COLOR: _, ...env } = process.env;
  const printed = await inTurns(Object.entries(TABLES), async ([name, [, command]]) => {
    const [script, ...args] = command.split(" ");
    const file = script === COPE ? build.cli : resolve(ROOT, script!);
    const options = { cwd: ROOT, env: { ...env, NO_COLOR: "1", TZ: "UTC" } };
    const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], options);
    return [name, stdout.trimEnd().split("\n")] as const;
  });
  for (const [name, lines] of printed) expect(lines.length, name).toBeGreaterThan(1);
  golden("results", Object.fromEntries(printed));
}, 300_000);
