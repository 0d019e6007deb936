import { statSync } from "node:fs";
import { CopeError } from "../errors.js";
import { isExport, sealed, writeExport } from "../evaluation/draws-file.js";
import { readStored } from "../evaluation/recorded.js";
import { defaultTape, folderOf } from "./runs-folder.js";

/** What an export of draws has written. */
export interface ExportedDraws {
  tape: string;
  out: string;
  recording: string;
  problems: number;
  draws: number;
  bytes: number;
  unreadable: number;
}

/** Flags of `cope tape draws`. */
export interface DrawsFlags {
  out?: string;
  recording?: string;
  sealed?: boolean;
  json?: boolean;
}

/** Writes the draws of one recording. @throws CopeError as reading and writing them do */
export async function exportDraws(
  file: string | undefined,
  { out: given, recording: id, sealed: shut = false }: DrawsFlags,
): Promise<ExportedDraws> {
  const tape = file ?? defaultTape();
  const out = given ?? `${folderOf(tape)}.draws.jsonl.gz`;
  if (!isExport(out)) {
    const reason = `--out: ${out} does not end in .jsonl or .jsonl.gz.`;
    throw new CopeError("OPTIONS_INVALID", reason, "name a file that does, for example --out draws.jsonl.gz.");
  }
  const { recording, problems, draws, unknown, unreadable } = readStored(tape, id);
  const known = new Set(draws.map(({ problem }) => problem));
  const recorded = problems.filter((problem) => known.has(problem.id));
  const whole = { recording, problems: recorded, draws, unknown };
  await writeExport(out, shut ? sealed(whole) : whole);
  const bytes = statSync(out).size;
  return {
    tape,
    out,
    recording: recording.id,
    problems: recorded.length,
    draws: draws.length,
    bytes,
    unreadable,
  };
}
