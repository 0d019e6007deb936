import type { CpuTime } from "./cpu-wait.js";
import type { Limits } from "./types.js";
import type { Purpose } from "./scripts.js";

/** Why a process was ended by us. */
export type Stopped = "timeout" | "output" | "aborted" | "done";

/** How a process ended. */
export interface End {
  /** Exit code; from 128 on it was ended by a signal; null when we ended it. */
  code: number | null;
  stopped?: Stopped;
  stdout: string;
  stderr: string;
}

/** A Python process in a sandbox, which has begun. Messages are lines of JSON. */
export interface PythonProcess {
  send(json: string): void;
  /** The next message; `undefined` when there will be none. */
  receive(): Promise<string | undefined>;
  /** Whether it has said something unasked. */
  readonly waiting: boolean;
  stop(why: Stopped): void;
  /** What it had of the CPUs so far: see `cpuTimeOf`. */
  cpuTime(): CpuTime;
  readonly ended: Promise<End>;
}

/** What a process is started with. */
export interface Start {
  purpose: Purpose;
  /** First message: program, tests, texts. */
  task: Record<string, unknown>;
  limits: Limits;
  /** Input of a program. */
  stdin?: string;
}

/** The sandbox could not start the process: nothing of the candidate has run. */
export class StartFailed extends Error {
  override readonly name = "StartFailed";
}
