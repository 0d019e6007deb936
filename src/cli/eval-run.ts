import { CopeError } from "../errors.js";
import { evaluate } from "../evaluation/evaluate.js";
import type { Begun, EvaluateOptions, Evaluation, Progress } from "../evaluation/evaluation.js";
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
import { evalView } from "./eval-progress.js";
import { makeReportFolder, printEvaluation } from "./eval-result.js";
import { abortable } from "./interrupt.js";
import { readMethodNames } from "./method-names.js";
import { dollars, EXIT, note, typed, visible } from "./output.js";
import { sameCommand } from "./quoted.js";
import { folderOf, tapeFor } from "./runs-folder.js";
import { readStages } from "./stages-file.js";

/** Runs `cope eval` and returns the exit code. */
export async function evaluateCommand(flags: EvalFlags): Promise<number> {
  const options = parseEvalFlags(flags);
  const chosen = await chooseProblems(options, flags);
  const family = options.family ?? chosen.problems[0]?.family ?? "math";
  const scoring = scoringOf(family, { logprobs: true });
  const methods = await methodsOf(options, flags, scoring);
  const logprobs = flags.logprobs ?? needsLogprobs(methods, scoring);
  const models = {
    ...(options.small ? { small: options.small } : {}),
    ...(options.large ? { large: options.large } : {}),
    ...options.model,
  };
  requireModels(methods, models);
  const { judge } = options;
  const compared = { problems: chosen.problems, methods: methods.length };
  const judging = judge === undefined ? [] : [await requireJudge(judge, family, { options, models }, compared)];
  const { small = "", large = "" } = models;
  const told = [...options.data, small, large, String(options.seed ?? 0), String(logprobs), options.family ?? ""];
  const tape = flags.tape ?? tapeFor(chosen.name, told);
  const out = flags.out ?? folderOf(tape);
  const again = typed(sameCommand());
  const { evaluation, spent } = await runShown(
    { options, flags, methods, judging, logprobs, models, chosen, tape, out },
    again,
  );
  const job = { options, models, tape, spent, quiet: flags.json ?? false };
  const judged = judge === undefined ? undefined : await judgeShown(judge, evaluation, job, again);
  await printEvaluation(evaluation, { options, flags, chosen, tape, out, again, ...defined({ judged }) });
  return EXIT.done;
}

interface Job {
  options: EvalOptions;
  flags: EvalFlags;
  methods: Method[];
  /** What a judge is going to do afterwards, if one is asked. */
  judging: string[];
  logprobs: boolean;
  models: Record<string, string>;
  chosen: Chosen;
  tape: string;
  out: string;
}

async function runShown(
  { options, flags, methods, judging, logprobs, models, chosen, tape, out }: Job,
  again: string,
): Promise<{ evaluation: Evaluation; spent: Progress["spent"] }> {
  const { seed, price, concurrency, attempts, callTimeout, atOnce, minutes, maxCalls, budgetUsd } = options;
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
    ...(options.family ? { family: options.family } : {}),
    limits: defined({ minutes, calls: maxCalls, usd: budgetUsd }),
    ...defined({ seed, prices: price, concurrency, attempts, callTimeoutMs: callTimeout, atOnce }),
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

/** What is going to be done, before anything is asked. */
function announce(
  { recording, worst }: Begun,
  { chosen: { name, problems, all }, methods, judging, tape }: Pick<Job, "chosen" | "methods" | "judging" | "tape">,
): void {
  note(visible(`${problems.length} of ${all} problems of ${name}, recorded on ${tape}`));
  for (const [role, model] of Object.entries(recording.models)) note(visible(`  ${role.padEnd(8)} ${model.name}`));
  for (const method of methods) note(visible(`  ${method.name}: ${method.about}`));
  for (const line of judging) note(visible(line));
  if (worst.usd === 0) return;
  const price = worst.usd === null ? "At an unknown price, at most" : `At most ${dollars(worst.usd)} in`;
  note(`${price} ${worst.calls} calls, if every stage of every problem is needed and nothing is on the tape.`);
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
