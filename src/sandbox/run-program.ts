import { CPU_SPENT } from "./candidate.js";
import { deadlineIn } from "./deadline.js";
import { inTurn } from "./queue.js";
import { limitsOf } from "./limits.js";
import { startPython, within } from "./start.js";
import type { End } from "./python-process.js";
import { runJavaScript } from "./javascript/run.js";
import type { ProgramEnd, ProgramRun } from "./programs.js";
import type { Limits } from "./types.js";

/**
 * Runs a program that nobody trusts: no network, no files of this machine, no environment, within limits.
 *
 * @throws CopeError SANDBOX_MISSING, SANDBOX_FAILED, OPTIONS_INVALID; the signal's reason
 * @example
 * const { status, stdout } = await runProgram({ language: "python", code: "print(1 + 1)" });
 */
export async function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  const limits = limitsOf(run.limits, run.language);
  return inTurn(run.signal, async () => {
    const began = performance.now();
    const end = await (run.language === "python" ? runPython(run, limits) : runJavaScript(run, limits));
    run.signal?.throwIfAborted();
    return { ...end, ms: Math.round(performance.now() - began) };
  });
}

async function runPython(run: ProgramRun, limits: Limits): Promise<Omit<ProgramEnd, "ms">> {
  const where = await within(run);
  const start = { purpose: "program", task: { program: run.code }, limits, stdin: run.stdin } as const;
  const python = await startPython(start, where);
  const clock = deadlineIn(limits.wallMs);
  clock.watch(python);
  let memory = false;
  for (let said = await python.receive(); said !== undefined; said = await python.receive())
    memory ||= said === '"memory"';
  const end = await python.ended;
  clock.close();
  return {
    status: statusOf(end, memory),
    stdout: end.stdout,
    stderr: end.stderr,
    exitCode: end.code !== null && end.code < 128 ? end.code : null,
    sandbox: where.sandbox.name,
  };
}

function statusOf({ code, stopped }: End, memory: boolean): ProgramEnd["status"] {
  if (stopped === "timeout" || stopped === "output") return stopped;
  if (code === CPU_SPENT) return "timeout";
  if (memory) return "memory";
  if (code === 0) return "ok";
  return code !== null && code < 128 ? "error" : "killed";
}
