import { join } from "node:path";
import { CopeError } from "../errors.js";
import { evaluate } from "../evaluation/evaluate.js";
import type { EvaluateOptions, Evaluation, Progress } from "../evaluation/evaluation.js";
import { resolveMethods } from "../evaluation/methods/index.js";
import type { Method } from "../evaluation/methods/types.js";
import { rolesOfSeries } from "../evaluation/models.js";
import { planStudy } from "../evaluation/study-plans.js";
import { scoringOf } from "../evaluation/scoring.js";
import type { ScorerChoice } from "../families/types.js";
import { resolveScorer } from "../scorers/index.js";
import { readRecording } from "../evaluation/recorded.js";
import { EMBEDDED } from "../models/roles.js";
import { chooseProblems, type Chosen } from "./eval-data.js";
import type { EvalFlags } from "./eval-flags.js";
import { judgeShown, requireJudge } from "./eval-judge.js";
import { defined } from "./flags.js";
import { parseEvalFlags, type EvalOptions } from "./eval-options.js";
import { announce } from "./eval-announce.js";
import { evalView } from "./eval-progress.js";
import { makeReportFolder, printEvaluation } from "./eval-result.js";
import { abortable } from "./interrupt.js";
import { readMethodNames } from "./method-names.js";
import { EXIT, note, printJson, typed, visible } from "./output.js";
import { sameCommand } from "./quoted.js";
import { folderOf, tapeFor } from "./runs-folder.js";
import { readStages } from "./stages-file.js";

/** Runs `cope eval` and returns the exit code. Problems of several families are evaluated family by family, a table each. */
export async function evaluateCommand(flags: EvalFlags): Promise<number> {
  const options = parseEvalFlags(flags);
  const chosen = await chooseProblems(options, flags);
  const models = {
    ...(options.small ? { small: options.small } : {}),
    ...(options.large ? { large: options.large } : {}),
    ...options.model,
  };
  const parts = familiesOf(chosen);
  // What must be mended in any of them is told before the first call.
  const jobs: Job[] = [];
  for (const part of parts) jobs.push(await prepare(part, { options, flags, models, isAlone: parts.length === 1 }));
  const { small = "", large = "" } = models;
  const told = [
    ...options.data,
    small,
    large,
    String(options.seed ?? 0),
    String(jobs[0]!.logprobs),
    options.family ?? "",
  ];
  const tape = flags.tape ?? tapeFor(chosen.name, told);
  const out = flags.out ?? folderOf(tape);
  const again = typed(sameCommand());

  const documents: Record<string, object> = {};
  const spent: Spent = { calls: 0, usd: 0, ms: 0 };
  for (const job of jobs) {
    const { family } = job.chosen;
    const place = { tape, again, out: jobs.length === 1 ? out : join(out, family.replaceAll(":", "-")) };
    if (jobs.length > 1 && !flags.json) note(visible(`\n${family}:`));
    const left = leftAfter(spent, options);
    const document = left && (await runJob({ ...job, options: left }, place, spent).catch(unlessSpent(spent)));
    if (document === undefined && !flags.json)
      note(visible(`The limit is reached: no problem of ${family} is begun. Go on with: ${again}`));
    documents[family] = document ?? {
      problems: { done: 0, total: job.chosen.problems.length, refused: 0 },
      stopped: "budget",
    };
  }
  if (flags.json) printJson(jobs.length === 1 ? documents[jobs[0]!.chosen.family] : { tape, out, families: documents });
  return EXIT.done;
}

/** What earlier families left of a limit may be too little for one problem: then theirs is the result. */
const unlessSpent = (spent: Spent) => (error: unknown) => {
  if (spent.calls > 0 && CopeError.isInstance(error) && error.code === "BUDGET_TOO_SMALL") return undefined;
  throw error;
};

/** What all families of a command have spent so far. */
interface Spent {
  calls: number;
  usd: number | null;
  ms: number;
}

/** The options with what the limits have left; undefined where that is nothing. */
function leftAfter(spent: Spent, options: EvalOptions): EvalOptions | undefined {
  const left = {
    ...options,
    ...(options.maxCalls === undefined ? {} : { maxCalls: options.maxCalls - spent.calls }),
    ...(options.budgetUsd === undefined ? {} : { budgetUsd: options.budgetUsd - (spent.usd ?? Infinity) }),
    ...(options.minutes === undefined ? {} : { minutes: options.minutes - spent.ms / 60_000 }),
  };
  const isSpent = [left.maxCalls, left.budgetUsd, left.minutes].some((limit) => limit !== undefined && limit <= 0);
  return isSpent ? undefined : left;
}

/** Problems of one family, with the name that their recording has. */
type FamilyPart = Chosen & { family: string };

function familiesOf(chosen: Chosen): FamilyPart[] {
  const byFamily = [...Map.groupBy(chosen.problems, ({ family }) => family)];
  if (byFamily.length === 0) return [{ ...chosen, family: "math" }];
  return byFamily.map(([family, problems], nth) => ({
    ...chosen,
    family,
    problems,
    name: byFamily.length === 1 ? chosen.name : `${chosen.name}:${family}`,
    // Rows that are no problem are of no family: they are told once.
    refused: nth === 0 ? chosen.refused : 0,
  }));
}

interface Job {
  options: EvalOptions;
  flags: EvalFlags;
  methods: Method[];
  /** What a judge is going to do afterwards, if one is asked. */
  judging: string[];
  /** The role that judges. */
  judge: string | undefined;
  logprobs: boolean;
  models: Record<string, string>;
  chosen: FamilyPart;
}

/** All that can be wrong with a family's evaluation, before the first call. */
async function prepare(
  chosen: FamilyPart,
  { options, flags, models, isAlone }: Pick<Job, "options" | "flags" | "models"> & { isAlone: boolean },
): Promise<Job> {
  const { family } = chosen;
  const scoring = scoringOf(family, { logprobs: true });
  const methods = await methodsOf(options, flags, scoring);
  const logprobs = flags.logprobs ?? needsLogprobs(methods, scoring);
  requireModels(methods, models);
  // Beside other families a judge is for the open answers alone.
  const judge = isAlone || family === "chat" ? options.judge : undefined;
  const compared = { problems: chosen.problems, methods: methods.length };
  const judging = judge === undefined ? [] : [await requireJudge(judge, family, { options, models }, compared)];
  return { options, flags, methods, judging, judge, logprobs, models, chosen };
}

/** Where a family's evaluation is recorded and shown. */
interface JobPlace {
  tape: string;
  out: string;
  again: string;
}

/** Evaluates one family, adds to what was spent, prints its table, and returns its document. */
async function runJob(job: Job, place: JobPlace, total: Spent): Promise<object> {
  const { options, flags, models, chosen, judge } = job;
  const began = performance.now();
  const { evaluation, spent } = await runShown(job, place);
  const judgeJob = { options, models, tape: place.tape, spent, quiet: flags.json ?? false };
  const judged = judge === undefined ? undefined : await judgeShown(judge, evaluation, judgeJob, place.again);
  const calls = spent.calls + (judged?.spent.calls ?? 0);
  total.calls += calls;
  for (const usd of [spent.usd, judged?.spent.usd ?? 0])
    total.usd = total.usd === null || usd === null ? null : total.usd + usd;
  total.ms += performance.now() - began;
  return printEvaluation(evaluation, { options, flags, chosen, ...place, ...defined({ judged }) });
}

async function runShown(
  { options, flags, methods, judging, logprobs, models, chosen }: Job,
  { tape, out, again }: JobPlace,
): Promise<{ evaluation: Evaluation; spent: Progress["spent"] }> {
  const { seed, price, concurrency, attempts, callTimeout, atOnce, minutes, maxCalls, budgetUsd, thinkingTokens } =
    options;
  const view = flags.json ? undefined : evalView(minutes === undefined ? {} : { minutes });
  let spent: Progress["spent"] = { calls: 0, usd: 0 };
  const given: EvaluateOptions = {
    data: chosen.name,
    problems: chosen.problems,
    methods,
    models,
    tape,
    allDraws: flags.allDraws ?? false,
    logprobs,
    family: chosen.family,
    limits: defined({ minutes, calls: maxCalls, usd: budgetUsd }),
    ...defined({ seed, prices: price, concurrency, attempts, callTimeoutMs: callTimeout, atOnce }),
    ...(thinkingTokens === undefined ? {} : { thinking: { tokens: thinkingTokens } }),
    onBegin: (begun) => {
      makeReportFolder(out);
      if (view) announce(begun, { chosen, methods, judging, tape });
    },
    onProgress(progress) {
      spent = progress.spent;
      view?.show(progress);
    },
  };
  const work = (signal: AbortSignal) => evaluate({ ...given, signal }).finally(() => view?.end());
  const evaluation = await abortable(work, `what was drawn is kept; go on with: ${again}`);
  return { evaluation, spent };
}

async function methodsOf(options: EvalOptions, { stages, train }: EvalFlags, scoring: ScorerChoice): Promise<Method[]> {
  const { methods, samples, thresholds, guideline, model } = options;
  if (options.study) return planStudy();
  const cheap = ["small", ...Object.keys(model).filter((role) => role !== options.judge)];
  const { names, lists } = readMethodNames(methods);
  return resolveMethods(names, {
    lists,
    cheap,
    scoring,
    ...defined({ samples, thresholds, guideline }),
    ...(stages === undefined ? {} : { stages: readStages(stages) }),
    ...(train === undefined ? {} : { train: (await readRecording(train)).views }),
  });
}

/** Whether some samples are scored by their log-probabilities: single answers are not. */
const needsLogprobs = (methods: readonly Method[], { name }: ScorerChoice): boolean =>
  (resolveScorer(name).needs ?? []).includes("logprobs") &&
  methods.some(({ series }) => series.some(({ stage }) => stage.execute.samples > 1));

/** Every role that a method asks has a model, told by the flag that names it. */
function requireModels(methods: readonly Method[], models: Readonly<Record<string, string>>): void {
  const asked = rolesOfSeries(methods.flatMap((method) => method.series));
  const without = asked.find((role) => models[role] === undefined && EMBEDDED[role] === undefined);
  if (without === undefined) return;
  const reason = `no model is given for the role "${without}".`;
  throw new CopeError("OPTIONS_INVALID", reason, `name one: --model ${without}=provider:model.`);
}
