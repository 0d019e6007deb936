import { CPU_SPENT, loadCandidate } from "./candidate.js";
import { type Deadline, deadlineIn } from "./deadline.js";
import { inTurn, startPython, within } from "./start.js";
import {
  type CallEnd,
  type FunctionCalls,
  type Language,
  type Limits,
  limitsOf,
  type ProgramEnd,
  type ProgramRun,
  type RunOptions,
} from "./types.js";
import type { End } from "./process.js";
import { callJavaScript, checkJavaScript, runJavaScript, testJavaScript } from "./javascript/run.js";
import { fromPlain, toPlain } from "./plain.js";
import { testPython } from "./test-python.js";
import type { TestRun, TestsEnd } from "./tests.js";

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

/**
 * Calls a function of a program that nobody trusts, once for each list of arguments. Tuples come back as lists, sets as sorted
 * lists, dictionaries with other keys than texts as lists of pairs, numbers that JSON lacks as texts.
 *
 * @throws CopeError SANDBOX_MISSING, SANDBOX_FAILED, OPTIONS_INVALID; the signal's reason
 */
export async function callFunction(run: FunctionCalls): Promise<CallEnd[]> {
  const limits = limitsOf(run.limits, run.language);
  return inTurn(run.signal, async () => {
    const ends = await (run.language === "python" ? callPython(run, limits) : callJavaScript(run, limits));
    run.signal?.throwIfAborted();
    return ends;
  });
}

async function callPython(run: FunctionCalls, limits: Limits): Promise<CallEnd[]> {
  let clock: Deadline | undefined;
  try {
    const candidate = await loadCandidate(
      { program: run.program, limits, where: await within(run) },
      async () => (clock ??= deadlineIn(limits.wallMs)),
    );
    if ("why" in candidate) return run.inputs.map(() => ({ error: candidate.why }));
    if (!candidate.functions.includes(run.entryPoint)) {
      return run.inputs.map(() => ({ error: `it defines no function ${run.entryPoint}` }));
    }
    const ends: CallEnd[] = [];
    for (const args of run.inputs) {
      if (clock!.passed) {
        ends.push({ error: "timeout" });
        continue;
      }
      const call = JSON.stringify({ call: { name: run.entryPoint, args: args.map(toPlain), named: {} } });
      const answer = await candidate.call(call);
      ends.push(typeof answer === "string" ? fromPlain(answer, args) : { error: answer.lost });
    }
    return ends;
  } finally {
    clock?.close();
  }
}

/** A text that may be a program. */
export interface SyntaxCheck {
  language: Language;
  code: string;
  signal?: AbortSignal;
  prefer?: RunOptions["prefer"];
}

interface Waiting {
  code: string;
  resolve(error: string | undefined): void;
  reject(error: unknown): void;
}

/** Parsing runs nothing of a text, so that texts may share a process; all that come while one runs go into the next. */
const waiting: Waiting[] = [];
let running = false;

/**
 * Whether a text is a program of its language; nothing of it is run.
 *
 * @returns the error in one line, `undefined` where there is none
 * @throws CopeError SANDBOX_MISSING, SANDBOX_FAILED; the signal's reason
 */
export async function checkSyntax({ language, code, signal, prefer }: SyntaxCheck): Promise<string | undefined> {
  signal?.throwIfAborted();
  if (language === "javascript") return inTurn(signal, () => checkJavaScript(code, limitsOf({}, language), signal));
  const error = await new Promise<string | undefined>((resolve, reject) => {
    waiting.push({ code, resolve, reject });
    if (!running) void checkAll({ prefer });
  });
  signal?.throwIfAborted();
  return error;
}

/** One message has to hold them. */
const MOST_TEXTS = 100;

async function checkAll(options: RunOptions): Promise<void> {
  running = true;
  // Those that are asked for at the same time come in this very turn of the loop.
  await Promise.resolve();
  while (waiting.length > 0) {
    const batch = waiting.splice(0, MOST_TEXTS);
    try {
      await inTurn(undefined, () => checkBatch(batch, options));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
  running = false;
}

async function checkBatch(batch: Waiting[], options: RunOptions): Promise<void> {
  const limits = limitsOf({}, "python");
  while (batch.length > 0) {
    const task = { texts: batch.map(({ code }) => code) };
    const python = await startPython({ purpose: "syntax", task, limits }, await within(options));
    const clock = deadlineIn(limits.wallMs);
    clock.watch(python);
    for (let line = await python.receive(); line !== undefined && batch.length > 0; line = await python.receive()) {
      batch.shift()!.resolve((JSON.parse(line) as string | null) ?? undefined);
    }
    clock.close();
    // One at which the parser itself gave up must not cost the others their answer.
    batch.shift()?.resolve("it cannot be parsed");
  }
}

/**
 * Tests a program that nobody trusts, so that it cannot cheat: the tests run in one sandbox, the program in another, which is told
 * the arguments of each call and answers with plain data. Each test is judged on its own.
 *
 * @throws CopeError SANDBOX_MISSING, SANDBOX_FAILED, OPTIONS_INVALID; the signal's reason
 * @example
 * const { results } = await runTests({
 *   language: "python", program: "def double(n):\n    return 2 * n", entryPoint: "double", tests: ["assert double(2) == 4"],
 * });
 */
export async function runTests(run: TestRun): Promise<TestsEnd> {
  const limits = limitsOf(run.limits, run.language);
  return inTurn(run.signal, async () => {
    const began = performance.now();
    const end = await (run.language === "python" ? testPython(run, limits) : testJavaScript(run, limits));
    run.signal?.throwIfAborted();
    return { ...end, ms: Math.round(performance.now() - began) };
  });
}
