import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { replayCommand } from "../../src/cli/replay.js";
import { recordNumbers } from "../evaluation/recordings.js";
import { temporaryFolder } from "../support/folder.js";

test("says which usual method is left out since only some problems have it", async () => {
  const tape = join(temporaryFolder(), "tape.sqlite");
  await recordNumbers({ samples: 2, problems: 4, tape });
  await recordNumbers({ samples: 2, problems: 3, methods: ["large"], tape });
  const told: string[] = [];
  const [stderr, stdout] = (["stderr", "stdout"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      if (stream === "stderr") told.push(String(text));
      return true;
    }),
  );
  await replayCommand().parseAsync(["--tape", tape, "--samples", "2"], { from: "user" });
  stderr!.mockRestore();
  stdout!.mockRestore();
  // Of majority and small nothing is recorded: nobody misses them.
  expect(told).toEqual(["large is left out: recorded for 3 of 4 problems alone.\n"]);
});
