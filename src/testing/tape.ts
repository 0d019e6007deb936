import { existsSync } from "node:fs";
import { CopeError } from "../errors.js";
import { openTape, type Tape } from "../models/tape.js";
import type { ModelRequest } from "../models/types.js";

/** How a test's tape is used. */
export interface TestTapeOptions {
  /** `replay` refuses what was not recorded; `record` asks the model and keeps the reply. @default "record" where the environment variable COPE_RECORD is 1, else "replay" */
  mode?: "replay" | "record";
}

/**
 * A tape for tests: replays the calls of a real run from a file, and refuses what was not recorded, so that a test never
 * asks a model unawares. Recorded by running the tests once with `COPE_RECORD=1`.
 *
 * Models named by a string are still looked up before a run: where a provider wants a key, replaying needs any value in its
 * variable.
 *
 * @param file - path of the SQLite file; created in `record` mode only
 * @throws CopeError `FILE_NOT_FOUND` where there is nothing to replay, and what `openTape` throws; while replaying,
 * `NOT_RECORDED`, which ends the run
 */
export function testTape(file: string, options: TestTapeOptions = {}): Tape {
  const { mode = process.env["COPE_RECORD"] === "1" ? "record" : "replay" } = options;
  if (mode === "record") return openTape(file);
  if (!existsSync(file)) {
    throw new CopeError(
      "FILE_NOT_FOUND",
      `there is no tape ${file}.`,
      "record it: run the tests once with COPE_RECORD=1.",
    );
  }
  const tape = openTape(file);
  return { ...tape, once: (request) => tape.once(request, () => Promise.reject(notRecorded(file, request))) };
}

function notRecorded(file: string, { model, messages, sampling }: ModelRequest): CopeError {
  const user = (messages.at(-1)?.content ?? "").replaceAll(/\s+/g, " ");
  const asked = `${model.provider}:${model.model}, seed ${sampling.seed}: "${user.length > 60 ? `${user.slice(0, 60)}…` : user}"`;
  return new CopeError(
    "NOT_RECORDED",
    `the tape ${file} holds no reply for ${asked}.`,
    "run the tests once with COPE_RECORD=1 where prompts, models, seeds or sampling have changed.",
  );
}
