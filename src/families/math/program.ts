import type { Reading } from "../types.js";
import { findProgram, type FoundProgram } from "./find-program.js";
import { endingOf } from "./program-ending.js";
import { readMath } from "./read.js";
import { readPrinted } from "./read-printed.js";

/** What became of a program. Anything but `ok` says that it crashed, or was stopped at a limit. */
export interface ProgramOutput {
  status: string;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program that nobody trusts.
 *
 * @throws only where the runner itself is broken or missing, and for the signal's reason; never for what the program does
 */
export type RunProgram = (asked: { language: "python"; code: string; signal?: AbortSignal }) => Promise<ProgramOutput>;

/**
 * Reads a model's text by running the program in it: the value is what stands on the last line that is printed
 * (`by: "program"`). A program that crashes, is stopped or prints nothing readable has none; then a boxed or announced
 * answer beside it counts (`by: "text"`). At most two runs.
 *
 * @throws what `run` throws
 */
export async function readProgram(
  text: string,
  run: RunProgram,
  signal?: AbortSignal,
): Promise<Reading<string> | undefined> {
  const found = findProgram(text);
  const line = "program" in found ? await lastPrinted(found, run, signal) : undefined;
  const value = line === undefined ? undefined : readPrinted(line);
  if (value !== undefined) return { value, by: "program" };
  const said = readMath(found.beside);
  return said && said.by !== "number" ? { value: said.value, by: "text" } : undefined;
}

async function lastPrinted(found: FoundProgram, run: RunProgram, signal?: AbortSignal): Promise<string | undefined> {
  const lineOf = async (code: string) => {
    const ended = await run({ language: "python", code, ...(signal ? { signal } : {}) });
    const line = ended.status === "ok" ? ended.stdout.split("\n").findLast((one) => one.trim() !== "") : undefined;
    return { ...ended, line };
  };
  const first = await lineOf(found.program);
  if (first.line !== undefined) return first.line;
  const again = mended(found, first);
  return again === undefined ? undefined : (await lineOf(again)).line;
}

/** What is worth a second run: a program that computed and printed nothing, or one whose names stand in blocks before it. */
function mended({ program, joined }: FoundProgram, { status, stderr }: ProgramOutput): string | undefined {
  if (status !== "ok") return /\bNameError\b/.test(stderr) ? joined : undefined;
  const ending = endingOf(program);
  return ending === undefined ? undefined : `${program}\n${ending}\n`;
}
