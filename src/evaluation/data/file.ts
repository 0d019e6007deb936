import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type CsvError, type Info, parse } from "csv-parse/sync";
import { CopeError } from "../../errors.js";
import type { Row } from "./format.js";

/** One row of a file, by the number of its first line, from 1: what it holds, or why it cannot be read. */
export type Entry = { line: number; row: Row } | { line: number; why: string };

/**
 * The rows of a JSONL or CSV file, plain or gzipped; blank lines are left out.
 *
 * @throws CopeError `FILE_NOT_FOUND`; `FILE_BROKEN` where there is nothing to read, with the remedy
 */
export function readRows(path: string): Entry[] {
  const content = contentOf(path);
  const text = content.toString("utf8").replace(/^\uFEFF/, "");
  const start = /\S/.exec(text)?.[0];
  if (start === undefined) throw broken(path, "it is empty", "give a file with a row a problem, JSON lines or CSV.");
  const whole = isUtf8(content);
  if (start === "{") return readLines(text, whole);
  if (start === "[") {
    throw broken(path, "it is one JSON list", `write a row a line: jq -c '.[]' ${path} > rows.jsonl`);
  }
  if (/\.jsonl?(\.gz)?$/i.test(path)) return readLines(text, whole);
  if (!whole) throw broken(path, "it is not UTF-8", "save it as UTF-8 (in a spreadsheet: “CSV UTF-8”).");
  return readCsv(text, path);
}

function readLines(text: string, whole: boolean): Entry[] {
  return text.split("\n").flatMap((source, i): Entry[] => {
    if (source.trim() === "") return [];
    const line = i + 1;
    if (!whole && source.includes("\uFFFD")) return [{ line, why: "it is not UTF-8" }];
    try {
      const row: unknown = JSON.parse(source, exactNumber);
      const isRow = typeof row === "object" && row !== null && !Array.isArray(row);
      return [isRow ? { line, row: row as Row } : { line, why: "it is JSON, but no object" }];
    } catch {
      return [{ line, why: "it is no JSON" }];
    }
  });
}

/** A number that a double cannot hold stays as it is written: two long ids must not become one. */
function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || context?.source === undefined) return value;
  const digits = context.source.replace(/^-|[eE].*$|\./g, "").replace(/^0+/, "");
  return digits.length > 15 && String(value) !== context.source ? context.source : value;
}

function contentOf(path: string): Buffer {
  try {
    const bytes = readFileSync(path);
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return zipped ? gunzipSync(bytes) : bytes;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") {
      throw new CopeError("FILE_NOT_FOUND", `there is no file ${path}.`, "give the path of one that is there.");
    }
    const remedy = code?.startsWith("Z_") ? "the archive is damaged or cut: fetch it again." : "check the file.";
    throw broken(
      path,
      code?.startsWith("Z_") ? "it cannot be unpacked" : `it cannot be read (${code ?? message})`,
      remedy,
    );
  }
}

function broken(path: string, why: string, remedy: string): CopeError {
  return new CopeError("FILE_BROKEN", `${path}: ${why}.`, remedy);
}

/**
 * The rows of a CSV text with a header. Commas, semicolons or tabs part fields, by which of them the header has most of.
 *
 * @param path - for messages
 * @throws CopeError `FILE_BROKEN` when two columns have one name
 */
function readCsv(text: string, path: string): Entry[] {
  const entries: (Entry & { end: number })[] = [];
  const records = parse(text, {
    delimiter: delimiterOf(text),
    columns: (header: string[]) => unique(header, path),
    info: true,
    skip_empty_lines: true,
    relax_quotes: true,
    skip_records_with_error: true,
    on_skip: (error) => {
      entries.push({ end: Number(error?.["lines"] ?? 0), line: 0, why: whyOf(error) });
      return undefined;
    },
  }) as unknown as { record: Record<string, string>; info: Info }[];
  for (const { record, info } of records) entries.push({ end: info.lines, line: 0, row: record });
  return withStarts(entries, text);
}

/** The parser tells where a record ends; people look for its beginning. */
function withStarts(entries: (Entry & { end: number })[], text: string): Entry[] {
  const lines = text.split(/\r\n|\n|\r/);
  const next = (from: number) => {
    while (from < lines.length && lines[from - 1]!.trim() === "") from += 1;
    return from;
  };
  let after = next(1) + 1;
  return entries
    .toSorted((a, b) => a.end - b.end)
    .map(({ end, ...entry }) => {
      const line = Math.min(next(after), end);
      after = end + 1;
      return { ...entry, line };
    });
}

function delimiterOf(text: string): string {
  const header = text.split(/\r\n|\n|\r/).find((line) => line.trim() !== "") ?? "";
  const count = (mark: string) => header.split(mark).length;
  return [",", ";", "\t"].toSorted((a, b) => count(b) - count(a))[0]!;
}

function unique(header: string[], path: string): string[] {
  const names = header.map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return names;
  const reason = `${path}: two columns are named ${JSON.stringify(twice)}.`;
  throw new CopeError("FILE_BROKEN", reason, "give every column a name of its own in the first line.");
}

function whyOf(error: CsvError | undefined): string {
  if (error?.code === "CSV_QUOTE_NOT_CLOSED") return "a quote opens and is never closed: all that follows is lost";
  const lengths = /columns length is (\d+), got (\d+)/.exec(error?.message ?? "");
  return lengths ? `it has ${lengths[2]} fields, the header ${lengths[1]}` : "it is no record of CSV";
}
