import { CopeError } from "../errors.js";
import { createCopeMethod } from "../evaluation/methods/cope.js";
import { loadProblems } from "../evaluation/data/load.js";
import { resolveMethods } from "../evaluation/methods/index.js";
import type { Method } from "../evaluation/methods/types.js";
import { readRecording, type Recorded } from "../evaluation/recorded.js";
import { planStudy, studyPlans, studyTable } from "../evaluation/study-plans.js";
import { writeReport } from "../evaluation/report/index.js";
import { firstOf, recordedOf, replay, replayExtras } from "../evaluation/replay/index.js";
import { summarise, tableOf } from "../evaluation/summary/index.js";
import { scoringOf } from "../evaluation/scoring.js";
import { createPriceBook, type PriceBook } from "../models/prices.js";
import { readMethodNames } from "./method-names.js";
import { note, printJson, typed, visible } from "./output.js";
import { sameCommand } from "./quoted.js";
import type { ReplayWish } from "./replay-options.js";

/** Shown beside the strategy where nothing is said and the recording suffices. */
const BESIDE = ["majority", "small", "large"];

/** `cope replay --thresholds …`: the table of an evaluation, from a recording. */
export async function runReplay(wish: ReplayWish): Promise<void> {
  const recorded = await openRecording(wish);
  const prices = pricesOf(wish, recorded);
  if (wish.study) return printStudy(recorded, prices, wish.json);
  const replayed = replay(recorded, { methods: methodsOf(wish, recorded), approximate: wish.approximate });
  const summary = summarise(replayed, { prices, ...(wish.by ? { by: wish.by } : {}) });
  const approximate = Object.fromEntries(replayed.approximate);
  if (wish.report !== undefined) {
    const extras = replayExtras(recorded, { stages: wish.stages, approximate: wish.approximate });
    await writeReport(wish.report, replayed, summary, { ...extras, command: typed(sameCommand()) });
    if (!wish.json) note(visible(`Report: ${wish.report}`));
  }
  const { reread } = recorded;
  if (wish.json)
    return printJson({ tape: wish.tape, ...summary, approximate, ...(reread.changed > 0 ? { reread } : {}) });
  process.stdout.write(visible(tableOf(summary)));
  if (replayed.approximate.size > 0)
    note("approximate: some draws of a stage were those for another goal than the one that would be carried.");
}

/** The table of a plan study, as `cope eval --study plans` printed it. */
function printStudy(recorded: Recorded, prices: PriceBook, json: boolean): void {
  const plans = studyPlans(replay(recorded, { methods: planStudy() }), { prices });
  if (json) return printJson(plans);
  process.stdout.write(visible(studyTable(plans)));
}

/** The recording that is asked for, or its first problems. */
export async function openRecording({
  tape,
  recording,
  limit,
  data,
}: Pick<ReplayWish, "tape" | "recording" | "limit" | "data">): Promise<Recorded> {
  const problems = data === undefined ? undefined : (await loadProblems(data)).problems;
  const recorded = await readRecording(tape, {
    ...(recording === undefined ? {} : { recording }),
    ...(problems ? { problems } : {}),
  });
  if (recorded.problems.length === 0)
    throw new CopeError("NOT_RECORDED", `${tape} holds no draw of any problem.`, "record some with cope eval.");
  if (recorded.unreadable > 0) note(`${recorded.unreadable} rows of ${tape} could not be read and are left out.`);
  tellReread(recorded);
  return limit === undefined ? recorded : firstOf(recorded, limit);
}

/** Values that today's reader reads otherwise: a table may differ from the one that was printed then. */
function tellReread({ reread: { changed, ungraded } }: Recorded): void {
  if (changed === 0) return;
  const values = changed === 1 ? "1 value is" : `${changed} values are`;
  const open = ungraded > 0 ? ` Nobody knows whether ${ungraded} of them are right; --data FILE grades them.` : "";
  note(`${values} read otherwise today than when they were recorded.${open}`);
}

function methodsOf({ stages, thresholds, samples, guideline, methods }: ReplayWish, recorded: Recorded): Method[] {
  const name = typeof stages === "string" ? stages : "cope";
  const scoring = scoringOf(recorded.recording.family, recorded.recording);
  const strategy = createCopeMethod({
    name,
    stages,
    scoring,
    ...(samples ? { samples: samples[0]! } : {}),
    ...(thresholds ? { thresholds } : {}),
    ...(guideline ? { style: guideline[0]! } : {}),
  });
  const { names, lists } = readMethodNames(methods ?? []);
  const others = (of: readonly string[]) =>
    resolveMethods(of, {
      lists,
      scoring,
      ...(samples ? { samples: samples[0]! } : {}),
      ...(guideline ? { guideline: guideline[0]! } : {}),
    });
  if (methods) return names.map((asked) => (asked === name && !lists[asked] ? strategy : others([asked])[0]!));
  const beside = others(BESIDE.filter((other) => other !== name));
  const whole = recordedOf(beside, recorded);
  for (const method of beside.filter((one) => !whole.includes(one))) tellPartly(method, recorded);
  return [strategy, ...whole];
}

/** A method that is left out although some of it is there: its missing line would look like a choice. */
function tellPartly(method: Method, { views }: Recorded): void {
  const there = views.filter((view) => "outcome" in method.decide(view)).length;
  if (there > 0) note(`${method.name} is left out: recorded for ${there} of ${views.length} problems alone.`);
}

/** Prices by role, which are those of the model it had, or by model as everywhere else. */
function pricesOf({ price: prices }: ReplayWish, { recording: { models } }: Recorded): PriceBook {
  const names = Object.values(models).map(({ name }) => name);
  const named = Object.entries(prices).map(([of, price]) => {
    const model = Object.hasOwn(models, of) ? models[of]!.name : names.find((name) => name === of);
    if (model !== undefined) return [model, price] as const;
    const remedy = `name one of ${[...Object.keys(models), ...names].join(", ")}.`;
    throw new CopeError("OPTIONS_INVALID", `--price: the recording has no role or model "${of}".`, remedy);
  });
  return createPriceBook(Object.fromEntries(named));
}
