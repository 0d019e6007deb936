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
import { readRecording } from "../evaluation/recordings/read.js";
import { EMBEDDED } from "../models/roles.js";
import { announce, chooseProblems, type Chosen } from "./eval-data.js";
import type { EvalOptions } from "./eval.js";
import { judgeShown, requireJudge } from "./eval-judge.js";
import { evalView } from "./eval-progress.js";
import { makeReportFolder, printEvaluation } from "./eval-result.js";
import { defined, wrong } from "./flags.js";
import { readStages } from "./inputs.js";
import { abortable } from "./interrupt.js";
import { EXIT, note, printJson, sameCommand, typed, visible } from "./output.js";
import { folderOf, readMethodNames, tapeFor } from "./recordings.js";

/** Runs `cope eval` and returns the exit code. Problems of several families are evaluated family by family, a table each. */
export async function evaluateData(options: EvalOptions): Promise<number> {
  const chosen = await chooseProblems(options);
  const models: Record<string, string> = {
    ...defined({ small: options.small, large: options.large }),
    ...options.model,
  };
  const { small, large } = models;
  const parts = familiesOf(chosen);
  // What must be mended in any of them is told before the first call.
  const jobs: Job[] = [];
  for (const part of parts) jobs.push(await prepare(part, { options, models, isAlone: parts.length === 1 }));
  const parameters = [options.seed ?? 0, jobs[0]!.logprobs, options.family ?? ""].map(String);
  const tape = options.tape ?? tapeFor(chosen.name, [...options.data, small ?? "", large ?? "", ...parameters]);
  const out = options.out ?? folderOf(tape);
  const again = typed(sameCommand());

  const documents: Record<string, object> = {};
  const spent: Spent = { calls: 0, usd: 0, ms: 0 };
  for (const job of jobs) {
    const { family } = job.chosen;
    const place = { tape, again, out: jobs.length === 1 ? out : join(out, family.replaceAll(":", "-")) };
    if (jobs.length > 1 && !options.json) note(visible(`\n${family}:`));
    const left = leftAfter(spent, options);
    const document = left && (await runJob({ ...job, options: left }, place, spent).catch(unlessSpent(spent)));
    if (document === undefined && !options.json)
      note(visible(`The limit is reached: no problem of ${family} is begun. Go on with: ${again}`));
    documents[family] = document ?? {
      problems: { done: 0, total: job.chosen.problems.length, refused: 0 },
      stopped: "budget",
    };
  }
  if (options.json)
    printJson(jobs.length === 1 ? documents[jobs[0]!.chosen.family] : { tape, out, families: documents });
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
  const less = (limit: number | undefined, used: number) => limit && limit - used;
  const left = {
    maxCalls: less(options.maxCalls, spent.calls),
    budgetUsd: less(options.budgetUsd, spent.usd ?? Infinity),
    minutes: less(options.minutes, spent.ms / 60_000),
  };
  const isSpent = Object.values(left).some((limit) => limit !== undefined && limit <= 0);
  return isSpent ? undefined : { ...options, ...left };
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
  { options, models, isAlone }: Pick<Job, "options" | "models"> & { isAlone: boolean },
): Promise<Job> {
  const { family } = chosen;
  const scoring = scoringOf(family, { logprobs: true });
  const methods = await methodsOf(options, scoring);
  const logprobs = options.logprobs ?? needsLogprobs(methods, scoring);
  requireModels(methods, models);
  // Beside other families a judge is for the open answers alone.
  const judge = isAlone || family === "chat" ? options.judge : undefined;
  const compared = { problems: chosen.problems, methods: methods.length };
  const judging = judge === undefined ? [] : [await requireJudge(judge, family, { options, models }, compared)];
  return { options, methods, judging, judge, logprobs, models, chosen };
}

/** Where a family's evaluation is recorded and shown. */
interface JobPlace {
  tape: string;
  out: string;
  again: string;
}

/** Evaluates one family, adds to what was spent, prints its table, and returns its document. */
async function runJob(job: Job, place: JobPlace, total: Spent): Promise<object> {
  const { options, models, chosen, judge } = job;
  const began = performance.now();
  const { evaluation, spent } = await runShown(job, place);
  const judgeJob = { options, models, tape: place.tape, spent, quiet: options.json ?? false };
  const judged = judge === undefined ? undefined : await judgeShown(judge, evaluation, judgeJob, place.again);
  const calls = spent.calls + (judged?.spent.calls ?? 0);
  total.calls += calls;
  for (const usd of [spent.usd, judged?.spent.usd ?? 0])
    total.usd = total.usd === null || usd === null ? null : total.usd + usd;
  total.ms += performance.now() - began;
  return printEvaluation(evaluation, { options, chosen, ...place, ...defined({ judged }) });
}

async function runShown(
  { options, methods, judging, logprobs, models, chosen }: Job,
  { tape, out, again }: JobPlace,
): Promise<{ evaluation: Evaluation; spent: Progress["spent"] }> {
  const { seed, price, concurrency, attempts, callTimeout, atOnce, minutes, maxCalls, budgetUsd, thinkingTokens } =
    options;
  const view = options.json ? undefined : evalView({ minutes });
  let spent: Progress["spent"] = { calls: 0, usd: 0 };
  const given: EvaluateOptions = {
    data: chosen.name,
    problems: chosen.problems,
    methods,
    models,
    tape,
    allDraws: options.allDraws ?? false,
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

async function methodsOf(options: EvalOptions, scoring: ScorerChoice): Promise<Method[]> {
  const { methods, samples, thresholds, guideline, model = {}, stages, train } = options;
  if (options.study) return planStudy();
  const cheap = ["small", ...Object.keys(model).filter((role) => role !== options.judge)];
  const { names, lists } = readMethodNames(methods);
  return resolveMethods(names, {
    lists,
    cheap,
    scoring,
    ...defined({
      samples,
      thresholds,
      guideline,
      stages: stages === undefined ? undefined : readStages(stages),
      train: train === undefined ? undefined : (await readRecording(train)).views,
    }),
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
  throw wrong(reason, `name one: --model ${without}=provider:model.`);
}
