import { parse, type CsvError, type Info } from "csv-parse/sync";
import { CopeError } from "../../errors.js";
import type { Entry } from "./file.js";

/**
 * The rows of a CSV text with a header. Commas, semicolons or tabs part fields, by which of them the header has most of.
 *
 * @param path - for messages
 * @throws CopeError `FILE_BROKEN` when two columns have one name
 */
export function readCsv(text: string, path: string): Entry[] {
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
