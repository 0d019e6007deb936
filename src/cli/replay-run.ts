import { createCopeMethod } from "../evaluation/methods/cope.js";
import { resolveMethods } from "../evaluation/methods/index.js";
import type { Method } from "../evaluation/methods/types.js";
import type { Recorded } from "../evaluation/recordings/read.js";
import { recordedOf, replay, replayExtras } from "../evaluation/replay/index.js";
import { writeReport } from "../evaluation/report/index.js";
import { scoringOf } from "../evaluation/scoring.js";
import { planStudy, studyPlans, studyTable } from "../evaluation/study-plans.js";
import { summarise, tableOf } from "../evaluation/summary/index.js";
import { createPriceBook, type PriceBook } from "../calls/prices.js";
import { defined, wrong } from "./flags.js";
import { note, printJson, sameCommand, typed, visible } from "./output.js";
import { openRecording, readMethodNames, stagesOf } from "./recordings.js";
import type { ReplayOptions } from "./replay.js";

/** Shown beside the strategy where nothing is said and the recording suffices. */
const BESIDE = ["majority", "small", "large"];

/** `cope replay --thresholds …`: the table of an evaluation, from a recording. */
export async function printReplay(options: ReplayOptions): Promise<void> {
  const stages = stagesOf(options);
  const { tape, recorded } = await openRecording(options);
  const prices = createPriceBook(pricesByModel(options, recorded));
  const { approximate = false, by, report, json = false } = options;
  if (options.study) return printStudy(recorded, prices, json);
  const replayed = replay(recorded, { methods: methodsOf({ ...options, stages }, recorded), approximate });
  const summary = summarise(replayed, { prices, ...defined({ by }) });
  if (report !== undefined) {
    const extras = replayExtras(recorded, { stages, approximate });
    await writeReport(report, replayed, summary, { ...extras, command: typed(sameCommand()) });
    if (!json) note(visible(`Report: ${report}`));
  }
  const { reread } = recorded;
  const ofApproximate = Object.fromEntries(replayed.approximate);
  if (json)
    return printJson({ tape, ...summary, approximate: ofApproximate, ...(reread.changed > 0 ? { reread } : {}) });
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

type MethodChoice = Omit<ReplayOptions, "stages"> & { stages: ReturnType<typeof stagesOf> };

function methodsOf(
  { stages, thresholds, samples: [samples] = [], guideline: [guideline] = [], methods }: MethodChoice,
  recorded: Recorded,
): Method[] {
  const name = typeof stages === "string" ? stages : "cope";
  const scoring = scoringOf(recorded.recording.family, recorded.recording);
  const cascade = { name, stages, scoring, ...defined({ samples, thresholds, style: guideline }) };
  const strategy = createCopeMethod(cascade);
  const { names, lists } = readMethodNames(methods ?? []);
  const others = (of: readonly string[]) => resolveMethods(of, { lists, scoring, ...defined({ samples, guideline }) });
  if (methods) return names.map((one) => (one === name && !lists[one] ? strategy : others([one])[0]!));
  const beside = others(BESIDE.filter((other) => other !== name));
  const whole = recordedOf(beside, recorded);
  for (const method of beside.filter((one) => !whole.includes(one))) notePartly(method, recorded);
  return [strategy, ...whole];
}

/** A method that is left out although some of it is there: its missing line would look like a choice. */
function notePartly(method: Method, { views }: Recorded): void {
  const there = views.filter((view) => "outcome" in method.decide(view)).length;
  if (there > 0) note(`${method.name} is left out: recorded for ${there} of ${views.length} problems alone.`);
}

/** Prices by role, which are those of the model it had, or by model as everywhere else. */
function pricesByModel({ price = {} }: ReplayOptions, { recording: { models } }: Recorded) {
  const names = Object.values(models).map(({ name }) => name);
  const named = Object.entries(price).map(([of, rates]) => {
    const model = Object.hasOwn(models, of) ? models[of]!.name : names.find((name) => name === of);
    if (model !== undefined) return [model, rates] as const;
    const remedy = `name one of ${[...Object.keys(models), ...names].join(", ")}.`;
    throw wrong(`--price: the recording has no role or model "${of}".`, remedy);
  });
  return Object.fromEntries(named);
}
