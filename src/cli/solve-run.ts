import { randomUUID } from "node:crypto";
import type { Command } from "@langchain/langgraph";
import { CopeError } from "../errors.js";
import { openTape, type Tape } from "../storage/tape.js";
import { chosenBy } from "../nodes/choices.js";
import type { Settings } from "../state/options.js";
import { printResult, type Finished, type Shown } from "./bill.js";
import { openCascade, type Cascade, type CascadeInput } from "./cascade.js";
import { firstTyped, kebab, wrong } from "./flags.js";
import { readQuestion } from "./inputs.js";
import { abortable } from "./interrupt.js";
import { note } from "./output.js";
import { readable, readThread, type SavedRuns } from "./saved-runs.js";
import { answeredBy, parseAnswer, printPending, runAsking } from "./solve-approval.js";
import {
  assertFits,
  assertSame,
  cascadeOptions,
  chosenByFlags,
  readFlags,
  readGiven,
  startedNext,
  startOptions,
  type SolveFlags,
  type StartOptions,
} from "./solve-options.js";
import { freed, isUnfinished, nothingSaved, openRuns, resumeLine } from "./solve-thread.js";
import type { SolveTyped } from "./solve.js";
import { createSteps } from "./steps.js";

/** Runs `cope solve` and returns the exit code. */
export async function solve(argument: string | undefined, typed: SolveTyped): Promise<number> {
  const question = await readQuestion(argument);
  refuseUnused(question, typed);
  // Before anything is opened or created: a wrong flag leaves no trace.
  const flags = await readFlags(typed);
  const start = startOptions(flags);
  const answer = typed.answer === undefined ? undefined : parseAnswer(typed.answer);
  const given = await readGiven(flags);
  const runs = await openRuns(typed, question);
  const tape = typed.tape === undefined ? undefined : openTape(typed.tape);
  try {
    const job: Job = { flags, start, answer, runs, tape, thread: typed.thread ?? randomUUID().slice(0, 8) };
    return question === undefined
      ? await resume(job)
      : await ask({ question, ...(Object.keys(given).length > 0 ? { given } : {}) }, job);
  } finally {
    tape?.close();
    runs?.close();
  }
}

/** Flags that would be passed over in silence. */
function refuseUnused(question: string | undefined, typed: SolveTyped): void {
  const { thread, checkpoint, save, ask: whom, answer } = typed;
  if (question === undefined && thread === undefined)
    throw wrong("there is no question.", 'cope solve "…", or - to read it from stdin, or --thread to resume.');
  if (thread?.trim() === "") throw wrong("the name of --thread is empty.", "leave --thread out, or give it a name.");
  if (!save && (thread !== undefined || checkpoint !== undefined))
    throw wrong("--no-save does not go with --thread or --checkpoint.", "leave one of them out.");
  if (!save && whom !== undefined)
    throw wrong("--no-save does not go with --ask: a run that waits has to be kept.", "leave one of them out.");
  const beside = firstTyped(typed, ["tests", "entryPoint", "language", "choices", "schema", "consensus"]);
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
  answer: ReturnType<typeof parseAnswer> | undefined;
  runs: SavedRuns | undefined;
  tape: Tape | undefined;
  thread: string;
}

/** A question: in a new thread, or in one whose last question has its answer. */
async function ask(input: CascadeInput, { flags, runs, tape, thread }: Job): Promise<number> {
  const before = await (runs && readThread(runs.saver, thread));
  if (before && !before.finished) throw isUnfinished(thread, flags.typed);
  const startedBefore = await readable(thread, () => runs?.startedWith(thread) as StartOptions | undefined);
  const next = startedNext(startedBefore, flags);
  // What a program chose in this thread lasts, too; what is typed here comes after it.
  const chosen = chosenBy(before?.values.chosen ?? {}, [chosenByFlags(flags, startedBefore?.options)]);
  const cascade = openCascade(cascadeOptions(next), { runs, tape, input, chosen });
  await cascade.check();
  const worst = flags.typed.json ? undefined : await cascade.worst({ ...input.given, question: input.question });
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
  const own = startedWith || flags.typed.strategy !== undefined ? undefined : values.settings?.stages;
  const asStarted = cascadeOptions(startedWith ?? start);
  const ofThread = own && { stages: own, ...(values.settings?.ask ? { ask: values.settings.ask } : {}) };
  const { input } = saved;
  const cascade = openCascade({ ...asStarted, ...ofThread }, { runs, tape, input });
  // A turn that has begun says itself what it runs with.
  const settings = (input ? undefined : values.settings) ?? cascade.settings;
  if (!startedWith && values.settings) assertFits(start, cascade.settings, values.settings, thread);
  const { trace, json } = shown({ flags, runs, thread });
  if (trace && !json) createSteps({ trace, quiet: false, settings }).replay(values);
  const answered = answer && answeredBy(answer, saved.finished ? undefined : await cascade.waiting(thread), thread);
  if (saved.finished) {
    if (!values.answer) throw nothingSaved(thread);
    return printResult(values as Finished, shown({ flags, runs, thread }));
  }
  await cascade.check(settings);
  return await runTurn(cascade, answered ?? null, { flags, runs, thread, startedBefore: startedWith, settings });
}

/** Where a run is shown and saved. */
interface Place {
  flags: SolveFlags;
  runs: SavedRuns | undefined;
  thread: string;
}

/** How its result is shown. */
const shown = ({ flags, runs, thread }: Place): Shown => ({
  thread,
  saved: runs !== undefined,
  json: flags.typed.json ?? false,
  trace: flags.typed.trace ?? false,
});

/** A run of JSON that takes longer names its thread on stderr, so that it can be gone on with when it is killed. */
const NAME_AFTER_MS = 1000;

/** Runs the cascade to its end, with its steps on stderr and the result on stdout. */
async function runTurn(
  cascade: Cascade,
  input: CascadeInput | Command | null,
  { startedBefore, settings, ...place }: Place & { startedBefore: StartOptions | undefined; settings: Settings },
): Promise<number> {
  const { flags, runs, thread } = place;
  const { json, trace } = shown(place);
  if (!json) {
    // Before the first call: a thread has to be found again also when this process is killed.
    if (runs) note(`Thread: ${thread}`);
    const { family, familyWhy } = settings;
    note(`Family: ${family} (${familyWhy})`);
    if (flags.typed.reasoning === "program" && !family.endsWith(":program"))
      note(`No programs are written: --reasoning program is for mathematics. If it is that, ask with --family math.`);
  }
  const naming = json && runs ? setTimeout(() => note(JSON.stringify({ thread })), NAME_AFTER_MS) : undefined;
  const steps = createSteps({ trace: trace && !json, quiet: json, settings });
  const goOn = `go on with: ${resumeLine(thread, flags.typed)}`;
  try {
    const work = (signal: AbortSignal) => runAsking(cascade, input, { thread, signal, steps, json });
    const ended = await abortable(work, runs ? goOn : "run it again.").finally(steps.end);
    if ("pending" in ended)
      return printPending(ended.pending, { thread, json, resume: resumeLine(thread, flags.typed) });
    return printResult(ended.finished, shown(place));
  } catch (error) {
    const coded = CopeError.isInstance(error) ? error : undefined;
    if (!runs) throw error;
    const embedded = Object.values(cascade.settings.models).every((model) => model.startsWith("llama:"));
    // The error itself must not be lost over a file that cannot be written.
    const isFree = await freed(runs, thread, { before: startedBefore, embedded }).catch(() => false);
    if (coded?.code === "ABORTED" && isFree)
      throw new CopeError("ABORTED", coded.reason, "nothing was answered yet: ask again.", { cause: error });
    if (isFree || coded?.code === "ABORTED") throw error;
    throw coded ? new CopeError(coded.code, coded.reason, `${coded.remedy} Then ${goOn}`, { cause: error }) : error;
  } finally {
    clearTimeout(naming);
    await cascade.close();
  }
}
