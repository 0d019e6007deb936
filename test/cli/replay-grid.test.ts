import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replayCommand } from "../../src/cli/replay.js";
import { beatenBy } from "../../src/cli/replay-run.js";
import type { Setting } from "../../src/evaluation/replay/index.js";
import { recordNumbers } from "../evaluation/recordings.js";
import { temporaryFolder } from "../support/folder.js";

test("a row whose thresholds are on the frontier for another n is told all the same", () => {
  // One list of thresholds stands in the rows of every n.
  const thresholds = [0.75, 0.5];
  const rows = [4, 8].map((samples): Setting => ({
    samples,
    wave: "as listed",
    style: "method",
    thresholds,
    needed: [],
  }));
  expect(beatenBy([{ ...rows[0]! }], rows).map(({ samples }) => samples)).toEqual([8]);
});

test("a folder that cannot be made is told as one", async () => {
  const home = temporaryFolder();
  const [tape, out] = [join(home, "tape.sqlite"), join(home, "out")];
  await recordNumbers({ samples: 2, problems: 2, allDraws: true, tape });
  writeFileSync(out, "a file");
  const args = ["--tape", tape, "--grid", "--samples", "2", "--out", out];
  await expect(replayCommand().parseAsync(args, { from: "user" })).rejects.toThrow(/^\[FILE_BROKEN\].*out/);
});
