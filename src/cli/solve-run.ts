import { randomUUID } from "node:crypto";
import { CopeError } from "../errors.js";
import { openTape, type Tape } from "../models/tape.js";
import { chosenBy } from "../nodes/chosen.js";
import { openCascade, type CascadeInput } from "./cascade.js";
import { kebab } from "./flags.js";
import { note } from "./output.js";
import { readQuestion } from "./question.js";
import { printResult, type Finished } from "./result.js";
import type { SavedRuns } from "./saved-runs.js";
import { readable, readThread } from "./saved-thread.js";
import { answeredBy, parseAnswer } from "./solve-ask.js";
import { readGiven } from "./solve-given.js";
import type { SolveFlags } from "./solve-flags.js";
import {
  assertFits,
  assertSame,
  cascadeOptions,
  chosenByFlags,
  parseFlags,
  startedNext,
  type StartOptions,
} from "./solve-options.js";
import { isUnfinished, nothingSaved, openRuns } from "./solve-thread.js";
import { runTurn, shown } from "./solve-turn.js";
import { createSteps } from "./steps.js";

/** Runs `cope solve` and returns the exit code. */
export async function solve(asked: string | undefined, flags: SolveFlags): Promise<number> {
  const question = await readQuestion(asked);
  assertFlags(question, flags);
  // Before anything is opened or created: a wrong flag leaves no trace.
  const start = parseFlags(flags);
  const answer = parseAnswer(flags);
  const given = await readGiven(flags);
  const runs = await openRuns(flags, question);
  const tape = flags.tape === undefined ? undefined : openTape(flags.tape);
  try {
    const job: Job = { flags, start, answer, runs, tape, thread: flags.thread ?? randomUUID().slice(0, 8) };
    return question === undefined
      ? await resume(job)
      : await ask({ question, ...(Object.keys(given).length > 0 ? { given } : {}) }, job);
  } finally {
    tape?.close();
    runs?.close();
  }
}

/** What a question brings beside it. */
const BESIDE = ["tests", "entryPoint", "language", "choices", "schema", "consensus"] as const;

function assertFlags(question: string | undefined, flags: SolveFlags): void {
  const { thread, checkpoint, save, ask: whom, answer } = flags;
  const wrong = (reason: string, remedy: string) => new CopeError("OPTIONS_INVALID", reason, remedy);
  if (question === undefined && thread === undefined)
    throw wrong("there is no question.", 'cope solve "…", or - to read it from stdin, or --thread to resume.');
  if (thread?.trim() === "") throw wrong("the name of --thread is empty.", "leave --thread out, or give it a name.");
  if (!save && (thread !== undefined || checkpoint !== undefined))
    throw wrong("--no-save does not go with --thread or --checkpoint.", "leave one of them out.");
  if (!save && whom !== undefined)
    throw wrong("--no-save does not go with --ask: a run that waits has to be kept.", "leave one of them out.");
  const beside = BESIDE.find((name) => flags[name] !== undefined);
  if (question === undefined && beside)
    throw wrong(`--${kebab(beside)} goes with a question, and the thread has its own.`, "leave it out, or ask anew.");
  if (question !== undefined && answer !== undefined)
    throw wrong("--answer does not go with a question.", "cope solve --thread T --answer …");
}

/** One command line, parsed, with its files open. */
interface Job {
  flags: SolveFlags;
  start: StartOptions;
  /** What a person answers to what the thread asks. */
  answer: ReturnType<typeof parseAnswer>;
  runs: SavedRuns | undefined;
  tape: Tape | undefined;
  thread: string;
}

/** A question: in a new thread, or in one whose last question has its answer. */
async function ask(input: CascadeInput, { flags, runs, tape, thread }: Job): Promise<number> {
  const before = await (runs && readThread(runs.saver, thread));
  if (before && !before.finished) throw isUnfinished(thread, flags);
  const startedBefore = await readable(thread, () => runs?.startedWith(thread) as StartOptions | undefined);
  const next = startedNext(startedBefore, flags);
  // What a program chose in this thread lasts, too; what is typed here comes after it.
  const chosen = chosenBy(before?.values.chosen ?? {}, [chosenByFlags(flags, startedBefore?.options)]);
  const cascade = openCascade(cascadeOptions(next), { runs, tape, input, chosen });
  await cascade.check();
  const worst = flags.json ? undefined : await cascade.worst({ ...input.given, question: input.question });
  if (worst) note(worst);
  runs?.remember(thread, { ...next });
  const asking = before ? { ...input, options: chosenByFlags(flags, startedBefore?.options) } : input;
  return await runTurn(cascade, asking, { flags, runs, thread, startedBefore, settings: cascade.settings });
}

/** No question: goes on with a thread, or prints the last answer again. */
async function resume({ flags, start, answer, runs, tape, thread }: Job): Promise<number> {
  const saved = await readThread(runs!.saver, thread);
  if (!saved) throw nothingSaved(thread);
  const { values } = saved;
  const startedWith = await readable(thread, () => runs!.startedWith(thread) as StartOptions | undefined);
  if (startedWith) assertSame(flags, startedWith, thread);
  // A thread that a program of one's own has started holds its stages itself.
  const own = startedWith || flags.strategy !== undefined ? undefined : values.settings?.stages;
  const asStarted = cascadeOptions(startedWith ?? start);
  const ofThread = own && { stages: own, ...(values.settings?.ask ? { ask: values.settings.ask } : {}) };
  const { input } = saved;
  const cascade = openCascade({ ...asStarted, ...ofThread }, { runs, tape, ...(input ? { input } : {}) });
  // A turn that has begun says itself what it runs with.
  const settings = (input ? undefined : values.settings) ?? cascade.settings;
  if (!startedWith && values.settings) assertFits(start, cascade.settings, values.settings, thread);
  const trace = flags.trace ?? false;
  if (trace && !flags.json) createSteps({ trace, quiet: false, settings }).replay(values);
  const answered = answer && answeredBy(answer, saved.finished ? undefined : await cascade.waiting(thread), thread);
  if (saved.finished) {
    if (!values.answer) throw nothingSaved(thread);
    return printResult(values as Finished, shown({ flags, runs, thread }));
  }
  await cascade.check(settings);
  return await runTurn(cascade, answered ?? null, { flags, runs, thread, startedBefore: startedWith, settings });
}
