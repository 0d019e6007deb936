import { SHOWN_FAILURES } from "../../state/checks.js";
import { isCut } from "../cut.js";
import type { Reading, ReadReply, Unread } from "../types.js";
import { findProgram, type FoundProgram } from "./find-program.js";
import { endingOf } from "./program-ending.js";
import { readMath } from "./read.js";
import { readPrinted } from "./read-printed.js";

/** What became of a program. Anything but `ok` says that it crashed, or was stopped at a limit. */
export interface ProgramOutput {
  status: string;
  stdout: string;
  stderr: string;
  /** The sandbox that ran it. @default nobody says */
  sandbox?: string;
}

/**
 * Runs a program that nobody trusts.
 *
 * @throws only where the runner itself is broken or missing, and for the signal's reason; never for what the program does
 */
export type RunProgram = (asked: { language: "python"; code: string; signal?: AbortSignal }) => Promise<ProgramOutput>;

/** What programs are run by, and what is known of the text. */
interface Reader extends Pick<ReadReply, "finish"> {
  run: RunProgram;
  signal?: AbortSignal | undefined;
}

/**
 * Reads a model's text by running the program in it: the value is what stands on the last line that is printed
 * (`by: "program"`). A program that crashes, is stopped or prints nothing readable has none; then a boxed or announced
 * answer beside it counts (`by: "text"`). A program that the token limit cut is none. At most two runs.
 *
 * @returns why, where there is no value
 * @throws what `run` throws
 */
export async function readProgram(text: string, { run, signal, finish }: Reader): Promise<Reading<string> | Unread> {
  const cut = isCut({ finish });
  const found = findProgram(text, cut);
  const printed: Printed =
    "program" in found
      ? await lastPrinted(found, run, signal)
      : { why: `there is no ${cut ? "whole " : ""}program in it` };
  const ran = printed.sandbox === undefined ? {} : { sandbox: printed.sandbox };
  const value = "line" in printed ? readPrinted(printed.line) : undefined;
  if (value !== undefined) return { value, by: "program", ...ran };
  const said = readMath(found.beside, { finish });
  if (said && said.by !== "number") return { value: said.value, by: "text", ...ran };
  const why = "line" in printed ? `the program printed ${JSON.stringify(shortened(printed.line))}` : printed.why;
  return { why, ...ran };
}

/** The last line that a program printed, or why there is none; and the sandbox that ran it. */
type Printed = ({ line: string } | { why: string }) & Pick<ProgramOutput, "sandbox">;

async function lastPrinted(found: FoundProgram, run: RunProgram, signal?: AbortSignal): Promise<Printed> {
  const go = (code: string) => run({ language: "python", code, ...(signal ? { signal } : {}) });
  const first = await go(found.program);
  const again = mended(found, first);
  const { status, stdout, stderr, sandbox } = again === undefined ? first : await go(again);
  if (status !== "ok") {
    const last = lastLine(stderr);
    return { why: `the program ended by ${status}${last === undefined ? "" : `: ${shortened(last)}`}`, sandbox };
  }
  const line = lastLine(stdout);
  return line === undefined ? { why: "the program printed nothing", sandbox } : { line, sandbox };
}

const lastLine = (text: string): string | undefined => text.split("\n").findLast((line) => line.trim() !== "");
const shortened = (line: string): string => line.trim().slice(0, SHOWN_FAILURES.length).toWellFormed();

/** What is worth a second run: a program that computed and printed nothing, or one whose names stand in blocks before it. */
function mended({ program, joined }: FoundProgram, { status, stdout, stderr }: ProgramOutput): string | undefined {
  if (status !== "ok") return /\bNameError\b/.test(stderr) ? joined : undefined;
  if (lastLine(stdout) !== undefined) return undefined;
  const ending = endingOf(program);
  return ending === undefined ? undefined : `${program}\n${ending}\n`;
}
