import { callJavaScript } from "./javascript/run.js";
import { loadCandidate } from "./candidate.js";
import { deadlineIn, type Deadline } from "./deadline.js";
import type { CallEnd, FunctionCalls } from "./calls.js";
import { fromPlain, toPlain } from "./plain.js";
import { inTurn } from "./queue.js";
import { limitsOf } from "./limits.js";
import { within } from "./start.js";
import type { Limits } from "./types.js";

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
