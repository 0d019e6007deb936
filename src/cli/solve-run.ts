import { randomUUID } from "node:crypto";
import { createCope } from "../graph/cope.js";
import { createKit } from "../graph/kit.js";
import { recommendedRecursionLimit } from "../graph/stages.js";
import { CopeError } from "../errors.js";
import { checkModels } from "../nodes/intake.js";
import { resolveSettings } from "../nodes/settings.js";
import { worstRun } from "../nodes/limits.js";
import { openTape } from "../models/tape.js";
import { abortable } from "./interrupt.js";
import { dollars, note } from "./output.js";
import { readQuestion } from "./question.js";
import { printResult, type Finished } from "./result.js";
import type { SavedRuns } from "./saved-runs.js";
import type { SolveFlags } from "./solve-flags.js";
import { assertSame, parseFlags, type StartOptions } from "./solve-options.js";
import { nothingSaved, openRuns, resumeLine } from "./solve-thread.js";
import { createSteps } from "./steps.js";

/** Runs `cope solve` and returns the exit code. */
export async function solve(asked: string | undefined, flags: SolveFlags): Promise<number> {
  const question = await readQuestion(asked);
  if (question === undefined && flags.thread === undefined) {
    throw new CopeError(
      "OPTIONS_INVALID",
      "there is no question.",
      'cope solve "…", or - to read it from stdin, or --thread to resume.',
    );
  }
  if (flags.thread?.trim() === "")
    throw new CopeError("OPTIONS_INVALID", "the name of --thread is empty.", "leave --thread out, or give it a name.");
  if (!flags.save && (flags.thread !== undefined || flags.checkpoint !== undefined)) {
    throw new CopeError(
      "OPTIONS_INVALID",
      "--no-save does not go with --thread or --checkpoint.",
      "leave one of them out.",
    );
  }
  // Before anything is opened or created: a wrong flag leaves no trace.
  const start = parseFlags(flags);
  const runs = await openRuns(flags, question);
  const tape = flags.tape === undefined ? undefined : openTape(flags.tape);
  try {
    return await inThread({ question, flags, start, runs, tape, thread: flags.thread ?? randomUUID().slice(0, 8) });
  } finally {
    tape?.close();
    runs?.close();
  }
}

interface Job {
  question: string | undefined;
  flags: SolveFlags;
  start: StartOptions;
  runs: SavedRuns | undefined;
  tape: ReturnType<typeof openTape> | undefined;
  thread: string;
}

async function inThread({ question, flags, start, runs, tape, thread }: Job): Promise<number> {
  const json = flags.json ?? false;
  const saved = runs?.startedWith(thread) as StartOptions | undefined;
  const resumes = question === undefined;
  if (resumes && !saved) throw nothingSaved(thread);
  const { strategy, options } = resumes ? saved! : start;

  const copeOptions = {
    ...options,
    stages: strategy,
    ...(runs ? { journal: runs.journal } : {}),
    ...(tape ? { tape } : {}),
  };
  const builder = createCope(copeOptions);
  const { kit, construction } = createKit(copeOptions);
  const graph = builder.compile(runs ? { checkpointer: runs.saver } : {});
  const config = { configurable: { thread_id: thread } };

  const snapshot = runs && saved ? await graph.getState(config) : undefined;
  const exists = snapshot?.createdAt !== undefined;
  const unfinished = exists && snapshot.next.length + snapshot.tasks.length > 0;
  if (resumes) {
    if (!exists) throw nothingSaved(thread);
    assertSame(flags, saved!, thread);
    if (!unfinished) return printResult(snapshot.values as Finished, thread, flags);
  } else if (unfinished) {
    throw new CopeError(
      "THREAD_UNFINISHED",
      `the thread "${thread}" is unfinished.`,
      `resume it with \`cope solve --thread ${thread}\`, or forget it with \`cope threads rm ${thread}\`.`,
    );
  }

  const settings = resolveSettings(construction, []);
  await checkModels(kit, settings);
  if (!resumes) {
    const task = kit.family(settings).task.safeParse({ question });
    const worst = task.success ? await worstRun(kit, settings, task.data) : undefined;
    if (worst && worst.usd !== 0 && !json)
      note(
        `${worst.usd === null ? "At an unknown price, at most" : `At most ${dollars(worst.usd)} in`} ${worst.calls} calls, if every stage is needed; each call may be tried up to ${settings.attempts} times.`,
      );
    runs?.remember(thread, { ...start });
  }
  if (!json) note(`Family: ${settings.family} (${settings.familyWhy})`);

  const steps = createSteps({ trace: (flags.trace ?? false) && !json, quiet: json, settings });
  const work = async (signal: AbortSignal) => {
    try {
      let last: unknown;
      const stream = await graph.stream(resumes ? null : { question }, {
        ...config,
        streamMode: ["updates", "values"],
        durability: "sync",
        recursionLimit: recommendedRecursionLimit(settings.stages),
        signal,
      });
      for await (const [mode, chunk] of stream) {
        if (mode === "updates") steps.show(chunk as Record<string, unknown>);
        else last = chunk;
      }
      return last as Finished;
    } finally {
      steps.end();
    }
  };
  try {
    const finished = await abortable(work, runs ? `go on with: ${resumeLine(thread, flags)}` : "run it again.");
    return printResult(finished, thread, flags);
  } catch (error) {
    // Nothing was asked, so there is nothing to resume: the name is free again.
    const aborted = CopeError.isInstance(error) && error.code === "ABORTED";
    if (runs && !exists && !aborted && (await runs.journal.list(thread)).length === 0) await runs.forget(thread);
    throw error;
  } finally {
    await kit.family(settings).close?.();
  }
}
