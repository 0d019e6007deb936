import { Worker } from "node:worker_threads";
import { fromPlain, toPlainJavaScript } from "../plain.js";
import type { CallEnd, FunctionCalls, Limits, ProgramEnd, ProgramRun } from "../types.js";
import { allFailed, type TestRun, type TestsEnd } from "../tests.js";
import { CopeError } from "../../errors.js";
import { timeFor } from "../deadline.js";

type Of<Kind extends Said["kind"]> = Extract<Said, { kind: Kind }>;

function of<Kind extends Said["kind"]>(said: readonly Said[], kind: Kind): Of<Kind>[] {
  return said.filter((one): one is Of<Kind> => one.kind === kind);
}

function bounds({ memoryMb, wallMs, outputBytes }: Limits): { memoryMb: number; wallMs: number; outputBytes: number } {
  return { memoryMb, wallMs, outputBytes };
}

/** Runs a script in QuickJS. */
export async function runJavaScript(
  { code, stdin = "", signal }: ProgramRun,
  limits: Limits,
): Promise<Omit<ProgramEnd, "ms">> {
  const said = await inThread({ kind: "program", code, stdin, ...bounds(limits) }, signal);
  // A thread that was ended has said nothing of its end.
  const { status, why } = of(said, "ended")[0] ?? { status: "timeout" as const, why: "timeout" };
  const printed = of(said, "output");
  const text = (to: "stdout" | "stderr"): string =>
    printed
      .filter((one) => one.to === to)
      .map((one) => one.text)
      .join("");
  return {
    status,
    stdout: text("stdout"),
    stderr: text("stderr") + (why === "" ? "" : `${why}\n`),
    exitCode: status === "ok" ? 0 : status === "error" ? 1 : null,
    sandbox: "quickjs",
  };
}

/** Judges a script in QuickJS: one runtime for it, one for its tests. */
export async function testJavaScript(run: TestRun, limits: Limits): Promise<Omit<TestsEnd, "ms">> {
  const { program, entryPoint, setup = "", tests, signal } = run;
  const said = await inThread({ kind: "tests", program, entry: entryPoint, setup, tests, ...bounds(limits) }, signal);
  const loaded = of(said, "loaded")[0] ?? { why: "timeout while it was loaded" };
  if (loaded.why !== undefined)
    return { loaded: false, why: loaded.why, results: allFailed(tests, loaded.why), sandbox: "quickjs" };
  const results = allFailed(tests, "timeout");
  for (const { test, passed, weak, why } of of(said, "verdict")) {
    results[test] = { test: tests[test]!, passed, weak, ...(passed ? {} : { why: why ?? "it failed" }) };
  }
  return { loaded: true, results, sandbox: "quickjs" };
}

/** Calls a function of a script in QuickJS. */
export async function callJavaScript(run: FunctionCalls, limits: Limits): Promise<CallEnd[]> {
  const { program, entryPoint, inputs, signal } = run;
  const calls = inputs.map((args) => JSON.stringify({ name: entryPoint, args: args.map(toPlainJavaScript) }));
  const said = await inThread({ kind: "calls", program, entry: entryPoint, calls, ...bounds(limits) }, signal);
  const why = of(said, "loaded")[0]?.why;
  const answers = of(said, "answer");
  return inputs.map((args, i) => {
    if (why !== undefined) return { error: why };
    const answer = answers[i];
    return answer ? fromPlain(answer.answer, args) : { error: "timeout" };
  });
}

/** The syntax error of a script, if it has one. */
export async function checkJavaScript(
  code: string,
  limits: Limits,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const said = of(await inThread({ kind: "syntax", code, ...bounds(limits) }, signal), "syntax")[0];
  return said ? said.error : "it cannot be parsed";
}

/** It runs TypeScript by itself, and its workers take no flags. */
const isDeno = "Deno" in globalThis;

/** Beside the sources there is `worker.ts`, which Node runs through tsx; in the package there is `worker.js`. */
function startWorker(request: Request): Worker {
  const isSource = import.meta.url.endsWith(".ts");
  return new Worker(new URL(isSource ? "worker.ts" : "worker.js", import.meta.url), {
    workerData: request,
    // Flags and environment of this process are not for the thread.
    execArgv: isSource && !isDeno ? ["--import", "tsx"] : [],
    env: {},
    stdin: false,
  });
}

/** How long a thread may take to begin, ms. */
const START_LIMIT = 30_000;
/** Beyond its time, ms: the runtime ends itself at the deadline, the thread is ended when it does not. Its start is in it. */
const GRACE = 5_000;

/**
 * Runs a request in a thread of its own, so that this one is never held up.
 *
 * @returns what the thread said until it ended or was ended
 * @throws CopeError SANDBOX_FAILED when it did not begin; the signal's reason
 */
async function inThread(request: Request, signal: AbortSignal | undefined): Promise<Said[]> {
  signal?.throwIfAborted();
  const worker = startWorker(request);
  const said: Said[] = [];
  let failure: unknown;
  const stop = (): void => void worker.terminate();
  let timer = setTimeout(stop, START_LIMIT);
  signal?.addEventListener("abort", stop, { once: true });
  worker.on("message", (one: Said) => {
    said.push(one);
    if (one.kind !== "ready") return;
    clearTimeout(timer);
    const isTimeUp = timeFor(request.wallMs + GRACE, one.thread);
    const stopInTime = (): void => {
      if (isTimeUp()) return stop();
      timer = setTimeout(stopInTime, 500);
    };
    timer = setTimeout(stopInTime, request.wallMs + GRACE);
  });
  worker.on("error", (error) => (failure = error));
  await new Promise((resolve) => worker.once("exit", resolve));
  clearTimeout(timer);
  signal?.removeEventListener("abort", stop);
  signal?.throwIfAborted();
  if (said.length > 0) return said.slice(1);
  throw new CopeError(
    "SANDBOX_FAILED",
    `the thread that runs JavaScript did not begin: ${failure instanceof Error ? failure.message : "it ended"}`,
    "check that the package is installed completely and that the machine has memory left.",
    { cause: failure },
  );
}

/** What a worker thread is asked to do; one thread a request. */
export type Request = { memoryMb: number; wallMs: number; outputBytes: number } & (
  | { kind: "program"; code: string; stdin: string }
  | { kind: "syntax"; code: string }
  | { kind: "tests"; program: string; entry?: string; setup: string; tests: readonly string[] }
  | { kind: "calls"; program: string; entry: string; calls: readonly string[] }
);

/** What it says while it works; what it has said stands when it is ended. */
export type Said =
  | { kind: "ready"; thread?: string }
  | { kind: "output"; to: "stdout" | "stderr"; text: string }
  | { kind: "ended"; status: "ok" | "error" | "timeout" | "memory" | "output" | "killed"; why: string }
  | { kind: "loaded"; why?: string }
  | { kind: "verdict"; test: number; passed: boolean; weak: boolean; why?: string }
  | { kind: "answer"; answer: string }
  | { kind: "syntax"; error?: string };
