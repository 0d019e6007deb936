import { CopeError } from "../errors.js";
import { FIRST, type EvaluateOptions, type Evaluation } from "./evaluation.js";
import type { Method, Outcome } from "./methods/types.js";
import { withConversations } from "./conversation.js";
import { completed } from "./outcomes.js";
import { recordProblems, underWay, type UnderWay } from "./record.js";
import type { Spending } from "./spending.js";
import type { Recording } from "./store.js";

type Parts = Omit<Parameters<typeof recordProblems>[1], "methods" | "recording"> & {
  recording: Recording;
  spending: Spending;
};

/**
 * Draws for all problems, batch by batch, and ends methods that depend on all of them.
 *
 * @throws CopeError as `evaluate` does once it draws
 */
export async function runBatches(
  options: EvaluateOptions,
  { spending, recording, ...parts }: Parts,
): Promise<Evaluation> {
  const { problems, allDraws = false, atOnce = 4, limits = {} } = options;
  const methods = options.methods.filter((method) => !method.complete);
  const later = options.methods.filter((method) => method.complete);
  const spread = allDraws ? options.methods.flatMap((method) => method.variants?.() ?? []) : [];
  const outcomes = new Map<string, Outcome[]>(options.methods.map(({ name }) => [name, []]));
  const record = { ...parts, recording: recording.id };
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  const fresh = { problems: 0, ms: 0 };
  const all: UnderWay[] = [];
  const unasked: string[] = [];
  let done = 0;
  let stopped: Evaluation["stopped"];

  while (done < problems.length && !stopped) {
    if (limits.minutes !== undefined && done > 0 && elapsed() >= limits.minutes * 60_000) {
      stopped = "minutes";
      break;
    }
    const upTo = done < FIRST ? Math.min(done + atOnce, FIRST) : done + atOnce;
    const turns = problems.slice(done, upTo);
    let batch: UnderWay[];
    const before = { ms: elapsed(), calls: spending.calls() };
    try {
      const { ready, left } = await withConversations(turns, problems, record);
      batch = ready.map((problem) => underWay(problem, record));
      const ended = await recordProblems(batch, { ...record, methods: [...methods, ...later, ...spread] });
      for (const of of ended) methods.forEach(({ name }, i) => outcomes.get(name)!.push(of[i]!));
      unasked.push(...left);
    } catch (error) {
      if (!isSpent(error) || done === 0) throw error;
      stopped = "budget";
      break;
    }
    done += turns.length;
    all.push(...batch);
    const ms = elapsed();
    if (spending.calls() > before.calls) {
      fresh.problems += batch.length;
      fresh.ms += ms - before.ms;
    }
    if (done >= Math.min(FIRST, problems.length)) refuseDead(methods, outcomes);
    const spent = { calls: spending.calls(), usd: spending.usd() };
    options.onProgress?.({ done, total: problems.length, ms, fresh: { ...fresh }, spent, outcomes });
  }

  refuseDead(methods, outcomes);
  let made = methods;
  let unfinished: Evaluation["unfinished"];
  if (later.length > 0) {
    const views = await Promise.all(all.map((one) => one.view()));
    const last = completed(later, { views, outcomes: new Map(methods.map(({ name }) => [name, outcomes.get(name)!])) });
    try {
      const ended = await recordProblems(all, { ...record, methods: last });
      for (const of of ended) last.forEach(({ name }, i) => outcomes.get(name)!.push(of[i]!));
      made = [...methods, ...last];
    } catch (error) {
      if (!isSpent(error)) throw error;
      for (const { name } of later) outcomes.delete(name);
      unfinished = later.map(({ name }) => name);
      stopped = "budget";
    }
  }
  const of = all.map(({ problem: { id, about } }) => ({ id, about }));
  return {
    recording,
    problems: of,
    asked: all.map(({ problem }) => problem),
    outcomes,
    methods: made,
    ...(stopped ? { stopped } : {}),
    ...(unfinished ? { unfinished } : {}),
    ...(unasked.length > 0 ? { unasked } : {}),
  };
}

/** Ends an evaluation in which nothing was ever answered: a server that is down would take hours to say so otherwise. */
function refuseDead(methods: readonly Method[], outcomes: ReadonlyMap<string, readonly Outcome[]>): void {
  const all = methods.flatMap(({ name }) => outcomes.get(name)!);
  if (all.length === 0 || all.some(({ status }) => status !== "failed")) return;
  const why = all.flatMap(({ waves }) => waves.flat().flatMap(({ failed }) => failed ?? [])).at(-1);
  const said = why ? ` The last one: [${why.code}] ${why.message}` : "";
  throw new CopeError("ALL_CALLS_FAILED", `not one call was answered.${said}`, "mend that, then run it again.");
}

const isSpent = (error: unknown): boolean => CopeError.isInstance(error) && error.code === "BUDGET_TOO_SMALL";
