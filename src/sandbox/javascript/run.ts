import { fromPlain, toPlainJavaScript } from "../plain.js";
import type { CallEnd, FunctionCalls } from "../calls.js";
import type { ProgramEnd, ProgramRun } from "../programs.js";
import { allFailed, type TestRun, type TestsEnd } from "../tests.js";
import type { Limits } from "../types.js";
import type { Said } from "./request.js";
import { inThread } from "./thread.js";

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
