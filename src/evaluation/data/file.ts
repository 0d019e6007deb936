import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { CopeError } from "../../errors.js";
import { readCsv } from "./csv.js";
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
