import { join } from "node:path";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readRecording } from "../../src/evaluation/recorded.js";
import { openTape } from "../../src/models/tape.js";
import { temporaryFolder } from "../support/folder.js";
import { recordNumbers } from "./recordings.js";

test("what is no recording is refused with what to give instead", async () => {
  const home = temporaryFolder();
  const [data, calls, tape] = ["data.jsonl", "calls.sqlite", "tape.sqlite"].map((name) => join(home, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(data, '{"question":"1+1?","answer":"2"}\n');
  await expect(readRecording(data)).rejects.toThrow(/FILE_BROKEN.*data\.jsonl.*cope eval --data/);
  openTape(calls).close();
  const before = readFileSync(calls);
  await expect(readRecording(calls)).rejects.toThrow(/holds no recorded draws\. Remedy: cope eval records some\.$/);
  expect(readFileSync(calls).equals(before)).toBe(true);
  const { recording } = await recordNumbers({ samples: 2, problems: 2, tape });
  await expect(readRecording(tape, { recording: "other" })).rejects.toThrow(`it holds ${recording.id} (numbers).`);
});
