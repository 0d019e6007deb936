import { createReadStream, createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { PassThrough, Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { z } from "zod";
import { CopeError } from "../errors.js";
import { explainSqlite, notFound } from "../models/sqlite-errors.js";
import type { Json } from "../state/json.js";
import { UnknownPair } from "../state/unknown.js";
import { Draw } from "./draw.js";
import { seal } from "./series.js";
import { ProblemNote, Recording, type ProblemUnknown } from "./store.js";

/**
 * First line of an export. Draws follow, one a line; prompts, questions and golds are in no line but as far as models' texts
 * repeat them, and programs' failures name visible tests: see `sealed`.
 */
const Header = z.object({
  format: z.literal("langgraph-cope draws"),
  version: z.literal(1),
  recording: Recording,
  problems: z.array(ProblemNote),
  unknown: z.array(z.object({ problem: z.string(), pair: UnknownPair })).optional(),
});

/** A recording as plain data. */
export interface DrawsFile {
  recording: Recording;
  problems: ProblemNote[];
  draws: Draw[];
  /** Comparisons that could not be finished while it was recorded. */
  unknown: ProblemUnknown[];
  /** Lines that hold no draw. */
  unreadable: number;
}

/** Whether a path names an export, and not a tape. */
export const isExport = (file: string): boolean => /\.jsonl(\.gz)?$/.test(file);

/**
 * Writes a recording as JSON lines, compressed where the name ends in `.gz`: models' texts and ids of problems, without
 * prompts or questions. The file is there as a whole or not at all.
 */
export async function writeExport(
  to: string,
  { recording, problems, draws, unknown }: Omit<DrawsFile, "unreadable">,
): Promise<void> {
  const part = `${to}.part-${process.pid}`;
  const header = {
    format: "langgraph-cope draws",
    version: 1,
    recording,
    problems,
    ...(unknown.length > 0 ? { unknown } : {}),
  } satisfies z.infer<typeof Header>;
  const lines = Readable.from([header, ...draws].map((line) => `${JSON.stringify(line)}\n`));
  const packed: Transform = to.endsWith(".gz") ? createGzip({ level: 9 }) : new PassThrough();
  try {
    await pipeline(lines, packed, createWriteStream(part, { mode: 0o600 }));
    renameSync(part, to);
  } catch (error) {
    rmSync(part, { force: true });
    throw explainSqlite(to, error);
  }
}

/**
 * Reads an export.
 *
 * @throws CopeError `FILE_NOT_FOUND`; `FILE_BROKEN` where it is no export, of a later version, or cut off
 */
export async function readExport(file: string): Promise<DrawsFile> {
  if (!existsSync(file)) throw notFound(file);
  let header: z.infer<typeof Header> | undefined;
  const draws: Draw[] = [];
  let unreadable = 0;
  const bytes = createReadStream(file);
  const text = file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes;
  // An error of the file is not handed on by `pipe`.
  bytes.on("error", (error) => text.destroy(error));
  try {
    for await (const line of createInterface({ input: text, crlfDelay: Infinity })) {
      if (!header) {
        header = parsed(Header, line);
        if (!header) throw broken(file, "it is no export of draws of this version");
      } else if (line.trim() !== "") {
        const draw = parsed(Draw, line);
        if (draw) draws.push(draw);
        else unreadable += 1;
      }
    }
  } catch (error) {
    throw CopeError.isInstance(error) ? error : broken(file, (error as Error).message, error);
  }
  if (!header) throw broken(file, "it is empty");
  return { recording: header.recording, problems: header.problems, draws, unknown: header.unknown ?? [], unreadable };
}

/**
 * Draws without their texts: what models wrote, and the tests that programs failed, as seals. Decisions, grades and costs
 * stay what they were. Values stay readable where they are short answers, not programs or whole texts.
 */
export function sealed({
  recording,
  draws,
  unknown,
  ...rest
}: Omit<DrawsFile, "unreadable">): Omit<DrawsFile, "unreadable"> {
  const isText = /^(?:code|chat)(?::|$)/.test(recording.family);
  const shut = ({ text, thinking, goal, value, checks, ...draw }: Draw): Draw => ({
    ...draw,
    text: seal(text),
    ...(thinking === undefined ? {} : { thinking: seal(thinking) }),
    ...(goal === undefined ? {} : { goal: seal(goal) }),
    value: value !== null && isText ? seal(value) : value,
    ...(checks ? { checks: { ...checks, failures: checks.failures.map(shutFailure) } } : {}),
  });
  const shutValue = (value: Json): Json => (isText && typeof value === "string" ? seal(value) : value);
  const shutPair = ({ problem, pair: [a, b] }: ProblemUnknown): ProblemUnknown => ({
    problem,
    pair: [shutValue(a), shutValue(b)],
  });
  return { ...rest, recording, draws: draws.map(shut), unknown: unknown.map(shutPair) };
}

const shutFailure = ({ test, why }: { test: string; why: string }) => ({ test: seal(test), why: seal(why) });

function parsed<T extends z.ZodType>(schema: T, line: string): z.output<T> | undefined {
  try {
    return schema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function broken(file: string, why: string, cause?: unknown): CopeError {
  const remedy = "give a tape, or an export that cope tape draws writes of one; a data set is for cope eval --data.";
  return new CopeError("FILE_BROKEN", `${file} cannot be read: ${why}.`, remedy, { cause });
}
