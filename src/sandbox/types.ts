import { z } from "zod";
import { parseOptions } from "../options-error.js";
import type { Json } from "../state/message.js";

/** What the sandbox runs: Python of this machine (or Pyodide), JavaScript by QuickJS. */
export type Language = "python" | "javascript";

const Whole = z.number().int();

/** What one candidate may spend; for tests, its own process and the tests' together share the wall clock. */
export const SandboxLimits = z.strictObject({
  /** Wall clock in ms, from when the program begins to be loaded; on Linux without the time it waits for a CPU. @default 30 s for Python, 10 s for JavaScript */
  wallMs: Whole.min(1).max(3_600_000).optional(),
  /** CPU seconds of one process, where they are counted. @default 10; where `wallMs` is given that, rounded up */
  cpuSeconds: Whole.min(1).max(3600).optional(),
  /** Address space of one process, megabytes. */
  memoryMb: Whole.min(64).max(65_536).default(512),
  /** Bytes of output and errors together, and of one answer of a function. */
  outputBytes: Whole.min(1).max(100_000_000).default(4_000_000),
  /** Processes and threads, the first one included. */
  processes: Whole.min(1).max(10_000).default(16),
  /** Megabytes of one file, and of all files together. */
  fileMb: Whole.min(1).max(65_536).default(16),
  /** Files open at once in one process. */
  openFiles: Whole.min(16).max(65_536).default(128),
});
export type SandboxLimits = z.input<typeof SandboxLimits>;

/** The same with every default filled in. */
export type Limits = Required<z.output<typeof SandboxLimits>>;

/** What every run takes. */
export interface RunOptions {
  limits?: SandboxLimits;
  /** Ends what was started; its reason is thrown. */
  signal?: AbortSignal;
  /** The sandbox to use where it is there. @default bubblewrap, else Pyodide */
  prefer?: SandboxName;
}

/** How Python is kept apart. */
export type SandboxName = "bubblewrap" | "pyodide";

/** What ran a program: a sandbox for Python, or QuickJS for JavaScript. */
export type RanIn = SandboxName | "quickjs";

const CPU_SECONDS = 10;
/** Looser where CPU seconds are counted: a machine that is busy with other work must not fail a program that is right. */
const WALL_MS: Readonly<Record<Language, number>> = { python: 30_000, javascript: 10_000 };

/** Fills in what is not given. @throws CopeError OPTIONS_INVALID */
export function limitsOf(given: SandboxLimits | undefined, language: Language): Limits {
  const { wallMs, cpuSeconds, ...limits } = parseOptions(SandboxLimits, given ?? {}, "limits of the sandbox");
  const cpu = wallMs === undefined ? CPU_SECONDS : Math.ceil(wallMs / 1000);
  return { ...limits, wallMs: wallMs ?? WALL_MS[language], cpuSeconds: cpuSeconds ?? cpu };
}

const MEGABYTE = 2 ** 20;

/** The same as the kernel knows them, by the names of `setrlimit`. */
export function kernelLimits(limits: Limits): Record<string, number> {
  return {
    CPU: limits.cpuSeconds,
    AS: limits.memoryMb * MEGABYTE,
    FSIZE: limits.fileMb * MEGABYTE,
    NOFILE: limits.openFiles,
    // The reaper inside the namespace counts, too.
    NPROC: limits.processes + 1,
    CORE: 0,
  };
}

/** A function and what to call it with. */
export interface FunctionCalls extends RunOptions {
  language: Language;
  program: string;
  entryPoint: string;
  /** One list of arguments a call. */
  inputs: readonly (readonly Json[])[];
}

/** What a call returned, as plain data, or why it returned nothing. */
export interface CallEnd {
  output?: Json;
  error?: string;
}

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
  /** The sandbox that ran it. */
  sandbox: RanIn;
  ms: number;
}
