import { z } from "zod";

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
