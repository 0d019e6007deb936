import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { createCopeMethod, type CopeMethodOptions } from "../../src/evaluation/methods/cope.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import { readRecording, type Recorded } from "../../src/evaluation/recorded.js";
import { fallibleModel, numberProblems } from "./random-models.js";

/** What a test records. */
export interface RecordingWish extends CopeMethodOptions {
  problems?: number;
  allDraws?: boolean;
  /** Further methods, by name. */
  methods?: readonly string[];
  /** File of the tape. @default one that is gone when the recording is read */
  tape?: string;
}

/** A recording by scripted models that are right now and then. */
export async function recordNumbers(wish: RecordingWish = {}): Promise<Recorded> {
  const folder = mkdtempSync(join(tmpdir(), "cope-recording-"));
  const { problems = 12, allDraws = false, methods = [], tape = join(folder, "tape.sqlite"), ...cope } = wish;
  const steady = (name: string, right: number) => fallibleModel(name, right, { fails: false });
  try {
    await evaluate({
      data: "numbers",
      problems: numberProblems(problems),
      methods: [createCopeMethod(cope), ...resolveMethods(methods, { samples: cope.samples ?? 8 })],
      models: { small: steady("small", 0.5), large: steady("large", 0.8) },
      tape,
      allDraws,
    });
    return await readRecording(tape);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
