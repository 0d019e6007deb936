import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
/** Runs the benchmark as a person would. */
const bench = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--import", "tsx", "bench/early-stop.ts", ...args],
      { cwd: root },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

describe("the early-stop benchmark", () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "early-stop-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("prints draws, waves and early escalations of recorded samples, stage by stage", async () => {
    const file = join(folder, "draws.jsonl.gz");
    // The first is accepted at 0.5 after two; the second hopeless at 0.75 after three, where the fourth makes 1 the leader.
    const solo = { id: 1, stage: "solo", labels: [0, 0, 1, 1] };
    const guided = { id: "b", stage: "guided", labels: [0, 1, 2, 1] };
    writeFileSync(file, gzipSync(`${JSON.stringify(solo)}\n${JSON.stringify(guided)}\n`));
    const { code, out } = await bench("--runs", file);
    expect(code).toBe(0);
    expect(out).not.toContain("SYNTHETIC");
    const [first, second] = out.split("stage guided");
    expect(first).toMatch(/0\.5 .*toAccept.*2\.00 of 4\.00.*50\.0 %.*1\.00/);
    expect(first).toMatch(/0\.75 .*all.*4\.00 of 4\.00.*0\.0 %.*1\.00/);
    expect(second).toMatch(/0\.75 .*fewest.*3\.00 of 4\.00.*25\.0 %.*2\.00.* 0 .* 1 .* 1 /);
  });

  it("marks synthetic draws as such, and prints the same table twice", async () => {
    const [one, two] = [await bench("--synthetic", "0.7"), await bench("--synthetic", "0.7")];
    expect(one.out).toMatch(/^SYNTHETIC, nothing measured: p = 0\.7/);
    expect(two).toEqual(one);
  });

  it("says where to get samples when it has none, and which line is no record", async () => {
    expect(await bench()).toMatchObject({ code: 2, out: "", err: expect.stringContaining("cope eval --all-draws") });
    const file = join(folder, "bad.jsonl");
    writeFileSync(file, '\n{"id":"a","stage":"solo","labels":[]}\n');
    expect(await bench("--tape", file)).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Line 2 of") });
  });
});
