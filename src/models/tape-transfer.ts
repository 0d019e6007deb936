import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CopeError } from "../errors.js";
import { canonicalJson } from "./request-key.js";
import { openSqlite } from "./sqlite.js";
import { guarded, whenFree } from "./sqlite-errors.js";
import { INSERT_ROW, isWhole, TAPE_SCHEMA, type TapeRow } from "./tape-row.js";

/** First line of an export. */
const HEADER = { format: "langgraph-cope tape", version: 1 };

/** What became of an import's lines. */
export interface Imported {
  added: number;
  /** Calls that the tape held already; its own replies stay. */
  known: number;
  /** Lines, from 1, that hold no whole call: no JSON, or a key that is not the hash of its request. */
  refused: number[];
}

/**
 * Writes a tape's calls as JSON lines, oldest first: a header, then one call a line. Holds prompts and answers in clear, and no
 * key or address of a server.
 *
 * @param to - path of the file to write, or a stream.
 * @returns calls written.
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN` where the tape cannot be read to its end, `DISK_FULL`.
 */
export async function exportTape(file: string, to: string | NodeJS.WritableStream): Promise<number> {
  const db = openExisting(file);
  let written = 0;
  function* lines() {
    yield `${JSON.stringify(HEADER)}\n`;
    const rows = db.prepare("SELECT key, model, request, reply, at FROM calls ORDER BY rowid").iterate();
    for (const row of rows as Iterable<TapeRow>) {
      // What the tape itself would not answer with is not carried on.
      if (!isWhole(row)) continue;
      const { key, model, request, reply, at } = row;
      yield `${JSON.stringify({ key, model, at, request: JSON.parse(request), reply: JSON.parse(reply) })}\n`;
      written += 1;
    }
  }
  try {
    const out = typeof to === "string" ? createWriteStream(to, { mode: 0o600 }) : to;
    await pipeline(Readable.from(lines()), out, { end: typeof to === "string" });
  } catch (error) {
    guarded(file, () => {
      throw error;
    });
  } finally {
    db.close();
  }
  return written;
}

/**
 * Adds the calls of an export to a tape, which is made where there is none. Doing it twice changes nothing.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN` where the file is no export or of a later version, `DISK_FULL`.
 */
export async function importTape(file: string, from: string): Promise<Imported> {
  if (!existsSync(from)) throw notFound(from);
  const done: Imported = { added: 0, known: 0, refused: [] };
  const db = openSqlite(file, { schema: TAPE_SCHEMA });
  try {
    const keep = db.prepare(INSERT_ROW);
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(from), crlfDelay: Infinity })) {
      number += 1;
      if (number === 1) checkHeader(from, line);
      else if (line.trim() !== "") {
        const row = readLine(line);
        if (!row) done.refused.push(number);
        else if (await whenFree(file, () => keep.run({ ...row }).changes)) done.added += 1;
        else done.known += 1;
      }
    }
    if (number === 0) checkHeader(from, "");
  } finally {
    db.close();
  }
  return done;
}

/** Opens a tape that must be there. @throws CopeError `FILE_NOT_FOUND`, and what `openSqlite` throws */
export function openExisting(file: string) {
  if (!existsSync(file)) throw notFound(file);
  return openSqlite(file, { schema: TAPE_SCHEMA });
}

export function notFound(file: string): CopeError {
  return new CopeError("FILE_NOT_FOUND", `there is no file ${file}.`, "give the path of one that is there.");
}

function checkHeader(from: string, line: string): void {
  const { format, version } = (parsed(line) ?? {}) as Partial<typeof HEADER>;
  if (format === HEADER.format && version === HEADER.version) return;
  const reason =
    format === HEADER.format
      ? `${from} is an export of version ${version}; this one reads version ${HEADER.version}.`
      : `${from} is no export of a tape.`;
  throw new CopeError("FILE_BROKEN", reason, "give a file that `cope tape export` wrote.");
}

function readLine(line: string): TapeRow | undefined {
  const { key, model, at, request, reply } = (parsed(line) ?? {}) as Record<string, unknown>;
  if (typeof key !== "string" || typeof model !== "string" || typeof at !== "string") return undefined;
  const row = { key, model, at, request: canonicalJson(request) ?? "", reply: JSON.stringify(reply) ?? "" };
  return isWhole(row) ? row : undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
