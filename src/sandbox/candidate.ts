import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Deadline } from "./deadline.js";
import type { End, PythonProcess } from "./python-process.js";
import { startPython, type Within } from "./start.js";
import type { Limits } from "./types.js";

const Loaded = z.object({ loaded: z.literal(true), functions: z.array(z.string()), others: z.array(z.string()) });
const NotLoaded = z.object({ loaded: z.literal(false), why: z.string() });

/** A call as the tester words it: plain data, passed on as it is. */
export type Call = string;

/** The process of a program, started anew when it has died. */
export interface Candidate {
  /** What the program defines; as it says itself. */
  functions: string[];
  others: string[];
  /** The answer, as the program's process words it, or why there is none. */
  call(call: Call): Promise<string | { lost: string }>;
}

/** What one program is run with. */
export interface CandidateStart {
  program: string;
  limits: Limits;
  where: Within;
}

/** Loads a program. @param clock - what begins to run when Python is ready for it */
export async function loadCandidate(
  { program, limits, where }: CandidateStart,
  clock: () => Promise<Deadline>,
): Promise<Candidate | { why: string }> {
  let running: Deadline | undefined;
  const start = async (): Promise<{ python: PythonProcess; names: z.infer<typeof Loaded> } | { why: string }> => {
    const starting = startPython({ purpose: "candidate", task: { program }, limits }, where);
    const python = await (running ? running.held(starting) : starting);
    running = await clock();
    running.watch(python);
    const line = await python.receive();
    if (line === undefined) {
      return { why: `${await lostBy(python)} while it was loaded` };
    }
    const said = reportOf(line);
    if (said?.loaded) return { python, names: said };
    python.stop("done");
    return { why: said?.why.slice(0, 500) ?? "what it says of itself cannot be read" };
  };

  const first = await start();
  if ("why" in first) return first;
  let python: PythonProcess | undefined = first.python;
  // Its CPU seconds: a process that is started again would have them anew.
  let spent = false;
  return {
    functions: first.names.functions,
    others: first.names.others,
    async call(call) {
      if (spent) return { lost: "timeout" };
      if (!python) {
        const again = await start();
        if ("why" in again) return { lost: again.why };
        python = again.python;
      }
      const one = python;
      if (one.waiting) {
        one.stop("done");
        python = undefined;
        return { lost: "it answered without being asked" };
      }
      one.send(call);
      const line = await one.receive();
      if (line !== undefined) return line;
      python = undefined;
      const why = await lostBy(one);
      spent = why === "timeout";
      return { lost: why };
    },
  };
}

function reportOf(line: string): z.infer<typeof Loaded> | z.infer<typeof NotLoaded> | undefined {
  try {
    return z.union([Loaded, NotLoaded]).parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** 128 + SIGXCPU: its CPU seconds are spent. */
export const CPU_SPENT = 152;

const SIGNALS: Record<number, string> = {
  137: "it was killed",
  139: "it crashed (segmentation fault)",
  134: "it crashed (abort)",
};

/** Long enough for the end of a process to be told after that of its channel. */
const GRACE_MS = 1_000;

/** Why a process has closed its channel. One that lives on all the same is of no use, and is ended. */
export async function lostBy(python: PythonProcess): Promise<string> {
  const itself = await Promise.race([python.ended, sleep(GRACE_MS, undefined, { ref: false })]);
  python.stop("done");
  return itself?.code === CPU_SPENT ? "timeout" : died({ ...(await python.ended), code: null });
}

/** Why a process gives no more answers. */
function died({ code, stopped }: End): string {
  if (stopped === "timeout" || code === CPU_SPENT) return "timeout";
  if (stopped === "output") return "its answer is too large";
  if (stopped === "aborted") return "aborted";
  if (code === null) return "it ended its own process";
  return (
    SIGNALS[code] ??
    (code >= 128 ? `it crashed (signal ${code - 128})` : `it ended its own process (exit code ${code})`)
  );
}
