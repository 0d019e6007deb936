import { SHOWN_FAILURES } from "../../state/sample.js";
import { isCut } from "../cut.js";
import type { Prompts, Reading, ReadReply, Unread } from "../types.js";
import { findProgram, type FoundProgram, readPrinted } from "./read-program.js";
import { readMath } from "./read.js";
import { mathExamples, type MathExamples, mathInstructions, mathPrompts } from "./prompts.js";

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

/** A top-level function and its parameters. */
const FUNCTION = /^def[ \t]+([A-Za-z_]\w*)[ \t]*\(([^()]*)\)/gm;
/** Names that a function which computes the answer usually has. */
const USUAL = /^(?:solution|solve|main|answer)$/;
/** A name alone, or a value given to one. */
const NAMED = /^([A-Za-z_]\w*)[ \t]*(?::[^=]*)?(?:=(?!=).*)?$/;

/**
 * Lines that make a program print its answer, for one that ran and printed nothing:
 *
 * 1. it defines functions that need no argument: the last of those named solution, solve, main or answer is called, else the
 *    last of all, and what it returns is printed;
 * 2. its last line that is not indented is a name, or gives one a value: that name is printed.
 *
 * @returns `undefined` where neither holds.
 */
export function endingOf(program: string): string | undefined {
  const callable = [...program.matchAll(FUNCTION)]
    .filter(([, , parameters]) => parameters!.split(",").every((one) => /^\s*(?:\*|$)|=/.test(one)))
    .map(([, name]) => name!);
  const called = callable.findLast((name) => USUAL.test(name)) ?? callable.at(-1);
  // A function that prints by itself returns None.
  if (called !== undefined) return `_returned = ${called}()\nif _returned is not None:\n    print(_returned)`;
  const last = program.split("\n").findLast((line) => /^[^\s#]/.test(line));
  const name = last === undefined ? undefined : NAMED.exec(last.replace(/[ \t]*#.*$/, "").trimEnd())?.[1];
  return name === undefined ? undefined : `print(${name})`;
}

/** Examples for plans that programs follow, and one program: without it small models explain in place of computing. */
const programExamples: MathExamples = {
  goal: mathExamples.goal,
  guideline: mathExamples.guideline.map(({ problem }) => ({
    problem,
    answer:
      "Count the good rolls and use integer division by the size of a bag to get the full bags. Then subtract the bags that were not sold, and print that difference.",
  })),
  execute: mathExamples.guideline.map(({ problem }) => ({
    problem,
    answer:
      "```python\n# She bakes 95 rolls and burns 5 of them, so the good ones are what is left.\ngood_rolls = 95 - 5\n# Every bag holds 6 rolls; only full bags can be sold.\nfull_bags = good_rolls // 6\n# At night 4 of these bags are still there, so the others were sold.\nsold_bags = full_bags - 4\nprint(sold_bags)\n```",
  })),
};

const INSTRUCTIONS = {
  guideline:
    "You advise someone who solves a mathematics problem by a short Python program. In one or two sentences, say how to compute the answer: which quantities or cases the program goes through, and the key idea. Do not write code, do not carry it out, and do not give the answer.",
  worked:
    "You advise someone who solves a mathematics problem by a short Python program. In one or two sentences, say how to compute the answer, with the intermediate values that are easy to get wrong. Do not write code, and do not give the final answer.",
  execute:
    "You solve mathematics problems by programs. Write a Python program that computes the answer and prints it, and nothing else, on the last line. Use exact arithmetic where it matters: whole numbers and the fractions module. Only Python's standard library is there, no sympy and no numpy, and the program gets no input. Give one fenced block of Python, with short comments.",
} as const;

/** Room for a program that computes one answer. */
const PROGRAM_TOKENS = 384;

/** A closing fence with an empty line behind it: an explanation would follow, and is paid, too. */
const AFTER_FENCE = "\n```\n\n";

/**
 * The wording of mathematics by programs: goals as for worked solutions, guidelines that say how to compute, and executors
 * that write a program. In words of our own.
 */
export function programPrompts(own: Partial<MathExamples> = {}): Prompts {
  const prompts = mathPrompts({ ...programExamples, ...own }, { ...mathInstructions, ...INSTRUCTIONS });
  return { ...prompts, limits: { ...prompts.limits, execute: { maxTokens: PROGRAM_TOKENS, stop: [AFTER_FENCE] } } };
}
