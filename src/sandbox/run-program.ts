import { inTurn } from "./queue.js";
import { limitsOf } from "./limits.js";
import { startPython } from "./start.js";
import type { End } from "./python-process.js";
import type { Language, Limits, RunOptions } from "./types.js";

/** A program to run as a whole. */
export interface ProgramRun extends RunOptions {
  language: Language;
  code: string;
  /** Its standard input. @default empty */
  stdin?: string;
}

/** What came of it. */
export interface ProgramEnd {
  /** `error`: it ended with an exit code other than 0; `killed`: by a signal of its own making (a crash). */
  status: "ok" | "error" | "timeout" | "memory" | "output" | "killed";
  stdout: string;
  stderr: string;
  /** Null where it did not end by itself. */
  exitCode: number | null;
  ms: number;
}

/**
 * Runs a program that nobody trusts: no network, no files of this machine, no environment, within limits.
 *
 * @throws CopeError SANDBOX_MISSING, SANDBOX_FAILED, OPTIONS_INVALID; the signal's reason
 * @example
 * const { status, stdout } = await runProgram({ language: "python", code: "print(1 + 1)" });
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const limits = limitsOf(run.limits);
  return inTurn(run.signal, () => runPython(run, limits));
}

async function runPython(run: ProgramRun, limits: Limits): Promise<ProgramEnd> {
  const { code, stdin, signal } = run;
  const python = await startPython({ purpose: "program", task: { program: code }, limits, stdin }, run);
  const began = performance.now();
  const timer = setTimeout(() => python.stop("timeout"), limits.wallMs);
  let memory = false;
  for (let said = await python.receive(); said !== undefined; said = await python.receive())
    memory ||= said === '"memory"';
  const end = await python.ended;
  clearTimeout(timer);
  signal?.throwIfAborted();
  return {
    status: statusOf(end, memory),
    stdout: end.stdout,
    stderr: end.stderr,
    exitCode: end.code !== null && end.code < 128 ? end.code : null,
    ms: Math.round(performance.now() - began),
  };
}

/** 128 + SIGXCPU: its CPU seconds are spent. */
const CPU_SPENT = 152;

function statusOf({ code, stopped }: End, memory: boolean): ProgramEnd["status"] {
  if (stopped === "timeout" || stopped === "output") return stopped;
  if (code === CPU_SPENT) return "timeout";
  if (memory) return "memory";
  if (code === 0) return "ok";
  return code !== null && code < 128 ? "error" : "killed";
}
