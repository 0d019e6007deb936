import type { Language, RanIn, RunOptions } from "./types.js";

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
