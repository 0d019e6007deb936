import { createWriteStream, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CopeError } from "../errors.js";
import { linesOf } from "./lines.js";
import { canonicalJson } from "./request-key.js";
import { openSqlite } from "./sqlite.js";
import { explainSqlite, whenFree } from "./sqlite-errors.js";
import { openExisting, rowsOf } from "./tape-existing.js";
import { INSERT_ROW, isWhole, parametersOf, sumOf, TAPE_SCHEMA, type TapeRow } from "./tape-row.js";

/** First line of an export. */
const HEADER = { format: "langgraph-cope tape", version: 1 };

/** Longest line that is read, in characters: a call with its log-probabilities takes a thousandth of it. */
const LONGEST_LINE = 1 << 27;

/** What became of an import's lines. */
export interface Imported {
  added: number;
  /** Calls that the tape held already; its own replies stay. */
  known: number;
  /** Lines, from 1, that hold no whole call: no JSON, or a key or checksum that is not the hash of what it stands for. */
  refused: number[];
}

/**
 * Writes a tape's calls as JSON lines, oldest first: a header, then one call a line with its checksum. Reads call by call,
 * whatever the size. Holds prompts and answers in clear, and no key or address of a server.
 *
 * @param to - path of the file to write, which is there as a whole or not at all and readable by its owner alone; or a
 *   stream, which stays open.
 * @returns calls written; rows of the tape that are not whole are left out.
 * @throws CopeError `FILE_NOT_FOUND`, `OPTIONS_INVALID` where it would overwrite the tape, `FILE_BROKEN` where the tape
 *   cannot be read to its end or `to` cannot be written, `DISK_FULL`; what the stream fails with.
 */
export async function exportTape(file: string, to: string | { write(text: string): unknown }): Promise<number> {
  const db = openExisting(file);
  const count = { written: 0 };
  try {
    const lines = Readable.from(linesOfTape(file, db, count));
    if (typeof to !== "string") await pipeline(lines, to as NodeJS.WritableStream, { end: false });
    else await writeWhole(lines, refuseItself(file, to));
  } finally {
    db.close();
  }
  return count.written;
}

function* linesOfTape(file: string, db: DatabaseSync, count: { written: number }) {
  yield `${JSON.stringify(HEADER)}\n`;
  for (const row of rowsOf(file, db)) {
    // What the tape itself would not answer with is not carried on.
    if (!row || !isWhole(row)) continue;
    const reply: unknown = JSON.parse(row.reply);
    const sum = sumOf(row.key, JSON.stringify(reply));
    const { key, model, at } = row;
    yield `${JSON.stringify({ key, model, at, request: JSON.parse(row.request), reply, sum })}\n`;
    count.written += 1;
  }
}

function refuseItself(file: string, to: string): string {
  const place = realpathSync(file);
  const target = statSync(to, { throwIfNoEntry: false }) ? realpathSync(to) : to;
  if (![place, `${place}-wal`, `${place}-shm`].includes(target)) return to;
  throw new CopeError("OPTIONS_INVALID", `the export would overwrite the tape ${file}.`, "give it a path of its own.");
}

/** A file appears under its name when it is whole; what is no plain file (a pipe, `/dev/stdout`) is written straight. */
async function writeWhole(lines: Readable, to: string): Promise<void> {
  const there = statSync(to, { throwIfNoEntry: false });
  const direct = there !== undefined && !there.isFile();
  const part = direct ? to : `${to}.part-${process.pid}`;
  try {
    await pipeline(lines, createWriteStream(part, { mode: 0o600 }));
    if (!direct) renameSync(part, to);
  } catch (error) {
    if (!direct) rmSync(part, { force: true });
    throw explainSqlite(to, error);
  }
}

/**
 * Adds the calls of an export to a tape, which is made where there is none. Doing it twice changes nothing. Reads line by
 * line, whatever the size.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN` where `from` is no export or of a later version, `DISK_FULL`, and
 *   what `openTape` throws.
 */
export async function importTape(file: string, from: string): Promise<Imported> {
  const done: Imported = { added: 0, known: 0, refused: [] };
  const lines = linesOf(from, LONGEST_LINE);
  // Before the tape is opened, or a wrong path would leave an empty tape behind.
  checkHeader(from, (await lines.next()).value ?? undefined);
  const db = openSqlite(file, { schema: TAPE_SCHEMA });
  try {
    const keep = db.prepare(INSERT_ROW);
    let number = 1;
    for await (const line of lines) {
      number += 1;
      if (line?.trim() === "") continue;
      const row = readLine(line);
      if (!row) done.refused.push(number);
      else if (await whenFree(file, () => keep.run(parametersOf(row)).changes)) done.added += 1;
      else done.known += 1;
    }
  } finally {
    await lines.return();
    db.close();
  }
  return done;
}

function checkHeader(from: string, line: string | undefined): void {
  const { format, version } = parsed(line) as Partial<typeof HEADER>;
  if (format === HEADER.format && version === HEADER.version) return;
  if (format !== HEADER.format) {
    throw new CopeError("FILE_BROKEN", `${from} is no export of a tape.`, "give a file that `cope tape export` wrote.");
  }
  const reason = `${from} is an export of version ${version}; this one reads version ${HEADER.version}.`;
  throw new CopeError("FILE_BROKEN", reason, "update langgraph-cope.");
}

function readLine(line: string | undefined): TapeRow | undefined {
  const { key, model, at, request, reply, sum } = parsed(line);
  if (typeof key !== "string" || typeof model !== "string" || typeof at !== "string") return undefined;
  if (sum !== undefined && typeof sum !== "string") return undefined;
  const row = { key, model, at, request: canonicalJson(request) ?? "", reply: JSON.stringify(reply) ?? "", sum };
  return isWhole(row) ? row : undefined;
}

function parsed(line: string | undefined): Record<string, unknown> {
  try {
    return Object(JSON.parse(line ?? "")) as Record<string, unknown>;
  } catch {
    return {};
  }
}
