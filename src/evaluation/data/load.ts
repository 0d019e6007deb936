import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { CopeError } from "../../errors.js";
import { parseOptions, saidOf } from "../../options-error.js";
import type { Json } from "../../state/json.js";
import { fingerprintOf, type Problem } from "../problem.js";
import { readRows, type Entry } from "./file.js";
import type { Format } from "./format.js";
import { formatOf, FORMATS } from "./formats.js";
import { fetchData, type FetchOptions } from "./hub.js";
import { dataCache, findData, isKnown, KNOWN, knownAs } from "./known.js";
import { Columns } from "./rows.js";

/** How a data set is read. */
export const LoadOptions = z.strictObject({
  /**
   * Family of one's own rows that do not tell theirs by a family, choices, a schema or tests; `auto`: by the question alone.
   *
   * @default told by the question and its gold answer
   */
  family: z.string().min(1).optional(),
  /** Labels to choose from, for own rows that bring neither choices nor a schema. */
  choices: z.array(z.string()).min(2).optional(),
  /** JSON schema, for own rows that bring neither choices nor a schema. */
  schema: z.record(z.string(), z.json() as z.ZodType<Json>).optional(),
  /** How the rows are to be read. @default told by the fields of the first rows */
  format: z.enum(FORMATS).optional(),
  /** Which columns of one's own rows are what; implies `format: "rows"`. */
  columns: Columns.optional(),
  /** Keeps one's own rows that have no gold answer. @default false: they are refused */
  unlabelled: z.boolean().default(false),
  /** MBPP: how many of a problem's tests the models are shown. @default 1 */
  shownTests: z.int().min(0).default(1),
});
export type LoadOptions = z.input<typeof LoadOptions>;

/** A row that is no problem, and why. */
export interface Refused {
  /** Number of its first line, from 1. */
  line: number;
  /** The field at fault; null where the row as a whole is. */
  field: string | null;
  why: string;
}

/** A data set, as read. */
export interface DataSet {
  /** The known name, else the file's without folder and endings. */
  name: string;
  /** The format its rows were read by. */
  format: string;
  problems: Problem[];
  refused: Refused[];
  /** See `fingerprintOf`. */
  fingerprint: string;
}

/**
 * Reads a data set: a file (JSON lines or CSV, also gzipped), or a known name (`gsm8k`, `svamp`, `math500`, `mbpp`,
 * `humaneval`, `mt_bench`), which is looked for under `$COPE_DATA`, in `./data` and in the cache, and downloaded into the
 * cache from the Hugging Face hub where none has it. Malformed rows, rows without a gold answer and second rows of an id
 * are refused by name; the others go on.
 *
 * @param hub - how the hub is asked, where it is
 * @throws CopeError `FILE_NOT_FOUND`; `FILE_BROKEN` where nothing can be read; `OPTIONS_INVALID`; as `fetchData` does.
 */
export async function loadProblems(
  fileOrName: string,
  options: LoadOptions = {},
  hub: FetchOptions = {},
): Promise<DataSet> {
  const { columns, format: asked, ...rest } = parseOptions(LoadOptions, options, "data");
  if (columns && asked && asked !== "rows") {
    throw new CopeError(
      "OPTIONS_INVALID",
      `data: the columns of ${asked} are fixed.`,
      'leave out `columns` or say "rows".',
    );
  }
  const { path, name } = await locate(fileOrName, hub);
  const entries = readRows(path);
  const format = formatOf(entries, path, { ...rest, columns: columns ?? {} }, columns ? "rows" : asked);
  const { problems, refused } = readAll(entries, format);
  if (problems.length === 0) {
    const [{ line, field, why } = { line: 1, field: null, why: "there are no rows" }] = refused;
    const reason = `${path}: none of ${entries.length} rows is a problem. Line ${line}: ${field === null ? "" : `${field}: `}${why}.`;
    const remedy = "correct the rows, or name the columns: --columns question=…,gold=…,id=… (`columns` in code).";
    throw new CopeError("FILE_BROKEN", reason.replace(/\.\.$/, "."), remedy);
  }
  return { name, format: format.name, problems, refused, fingerprint: fingerprintOf(problems) };
}

async function locate(given: string, hub: FetchOptions): Promise<{ path: string; name: string }> {
  const isFile = statSync(given, { throwIfNoEntry: false })?.isFile() ?? false;
  if (isFile) {
    // Benchmarks' files are all named "test".
    const name = knownAs(given) ?? basename(given).replace(/(\.(jsonl?|csv|tsv))?(\.gz)?$/i, "");
    return { path: given, name };
  }
  if (!isKnown(given)) {
    const reason = `there is no file ${given}, and no data set of that name.`;
    throw new CopeError(
      "FILE_NOT_FOUND",
      reason,
      `give the path of a file, or one of ${Object.keys(KNOWN).join(", ")}.`,
    );
  }
  const { file, hub: source } = KNOWN[given];
  const there = findData(file);
  if (there) return { path: there, name: given };
  await fetchData(source, dataCache(), hub);
  return { path: join(dataCache(), file), name: given };
}

function readAll(entries: readonly Entry[], { schema }: Format): { problems: Problem[]; refused: Refused[] } {
  const problems: Problem[] = [];
  const refused: Refused[] = [];
  const lines = new Map<string, number>();
  for (const [place, entry] of entries.entries()) {
    const { line } = entry;
    if ("why" in entry) {
      refused.push({ line, field: null, why: entry.why });
      continue;
    }
    const parsed = schema.safeParse(entry.row, { reportInput: true });
    if (!parsed.success) {
      refused.push({ line, ...faultOf(parsed.error) });
      continue;
    }
    for (const { id = String(place), ...draft } of [parsed.data].flat()) {
      const first = lines.get(id);
      if (first !== undefined) {
        refused.push({ line, field: "id", why: `${JSON.stringify(id)} is the id of line ${first}, too` });
        break;
      }
      lines.set(id, line);
      problems.push({ id, ...draft });
    }
  }
  return { problems, refused };
}

/** The first thing that is wrong with a row. */
function faultOf(error: z.ZodError): Omit<Refused, "line"> {
  const issue = error.issues[0]!;
  const why = saidOf(
    new z.ZodError([issue.code === "custom" ? { ...issue, path: [], input: undefined } : { ...issue, path: [] }]),
  ).replace(/\.$/, "");
  return { field: issue.path.join(".") || null, why };
}
