import { CopeError } from "../../errors.js";
import { UNKNOWN } from "../../scorers/classes.js";
import type { Draw } from "../draw.js";
import type { Recorded } from "../recorded.js";
import { LARGE } from "../methods/to-large.js";
import type { View } from "../view.js";
import { byGold } from "./grade.js";
import { decideAll, decideOn, wholeProblems, type Decided, type Measure } from "./decided.js";
import { settingsOf, type Setting } from "./settings.js";
import type { StageList } from "./stage-lists.js";

/** What can be compared: settings, all decided on the same problems. */
export interface Usable {
  ids: readonly string[];
  views: readonly View[];
  all: readonly Decided[];
  /** The large model alone, one of them. */
  large: Decided;
  notes: string[];
}

/**
 * Decides all settings on the problems that are recorded whole and can be measured; what is left out is told.
 *
 * @throws CopeError `NOT_RECORDED` where the large model alone is not, or no n of those asked for, `OPTIONS_INVALID` where nothing can be measured,
 *   `PRICE_UNKNOWN` where the cost of the large model alone is unknown
 */
export function usableOf(
  { problems, views, draws }: Recorded,
  lists: readonly StageList[],
  measure: Measure,
  samples: readonly number[] | undefined,
): Usable {
  const recorded = lengths(draws);
  const notes = beyond(samples, Math.max(0, ...recorded.values()));
  const settings = settingsOf(lists, recorded, samples);
  const alone = settings.find(({ list }) => list.name === "large");
  if (!alone) throw notRecorded();
  const open = ungradable(draws, views, measure);
  const measured = views.flatMap((view, i) =>
    !open.has(view.problem) && decideOn(alone, view, measure) ? [{ view, id: problems[i]!.id }] : [],
  );
  if (measured.length < 2) throw unmeasured();
  if (open.size > 0)
    notes.push(`Of ${open.size} problems nobody could tell whether every recorded answer is right: left out.`);
  const left = views.length - measured.length - open.size;
  if (left > 0)
    notes.push(
      `${left} of ${views.length} problems have no answer of the large model, or nothing to measure it by: left out.`,
    );

  const decided = settings.map((setting) =>
    decideAll(
      setting,
      measured.map(({ view }) => view),
      measure,
    ),
  );
  const n = wholeProblems(decided, measured.length);
  if (n < measured.length)
    notes.push(`The last ${measured.length - n} of ${measured.length} problems are not recorded whole: left out.`);
  const whole = decided.filter(({ reach }) => reach >= n);
  notes.push(...partsLeft(decided, whole, n));
  const known = whole.filter(({ cost }) => cost.subarray(0, n).every((value) => !Number.isNaN(value)));
  if (known.length < whole.length)
    notes.push(`The cost of ${whole.length - known.length} settings is unknown: left out.`);
  const large = known.find(({ setting }) => setting === alone);
  if (!large) throw unknownCost();
  const used = measured.slice(0, n);
  const affordable = droppedGuidelines(known, draws, large, n, measure, notes);
  return { ids: used.map(({ id }) => id), views: used.map(({ view }) => view), all: affordable, large, notes };
}

/** Problems of which some answer's grade is unknown: settings could not be held against each other on them. */
function ungradable(draws: readonly Draw[], views: readonly View[], { grade }: Measure): ReadonlySet<string> {
  if (grade === byGold) return new Set(draws.flatMap(({ gradeUnknown, problem }) => (gradeUnknown ? problem : [])));
  const byProblem = Map.groupBy(draws, ({ problem }) => problem);
  return new Set(
    views.flatMap((view) => {
      const large = view.find(LARGE, {}, 0);
      if (!large || large.value === null) return [];
      const others = byProblem.get(view.problem) ?? [];
      return others.some((draw) => view.labels([large, draw])[1] === UNKNOWN) ? view.problem : [];
    }),
  );
}

/** Values of n that are asked for and nowhere recorded: without a word their settings would seem to have lost. */
function beyond(samples: readonly number[] = [], most: number): string[] {
  const missing = samples.filter((n) => n > most);
  if (missing.length === 0) return [];
  const said = `At most ${most} samples of a stage are recorded`;
  if (missing.length < samples.length) return [`${said}: n = ${missing.join(", ")} could not be tried.`];
  const remedy = "ask for fewer, or record more: cope eval --samples N --all-draws on the same data.";
  throw new CopeError("NOT_RECORDED", `${said}, and none of n = ${missing.join(", ")}.`, remedy);
}

/** Most draws of each series that some problem has. */
function lengths(draws: readonly Draw[]): Map<string, number> {
  const most = new Map<string, number>();
  for (const { series, index } of draws) most.set(series, Math.max(most.get(series) ?? 0, index + 1));
  return most;
}

/** Stage lists of which something is recorded, and not enough: silence would look like a choice. */
function partsLeft(decided: readonly Decided[], whole: readonly Decided[], n: number): string[] {
  const kept = new Set(whole.map(({ setting }) => setting.list.name));
  const begun = decided.filter(({ setting, reach }) => reach > n / 10 && !kept.has(setting.list.name));
  const names = [...new Set(begun.map(({ setting }) => setting.list.name))];
  const settings = decided.filter(({ reach, setting }) => reach > 0 && reach < n && kept.has(setting.list.name)).length;
  return [
    ...(names.length > 0 ? [`Not recorded whole, so not compared: ${names.join("; ")}.`] : []),
    ...(settings > 0
      ? [
          `${settings} settings of these lists need draws that are not recorded: left out. With --all-draws, cope eval records those of every threshold at its n.`,
        ]
      : []),
  ];
}

/** A guideline that costs as much as the large model's whole answer cannot save anything of it. */
function droppedGuidelines(
  all: readonly Decided[],
  draws: readonly Draw[],
  large: Decided,
  n: number,
  { costOf }: Measure,
  notes: string[],
): Decided[] {
  const answer = large.cost.subarray(0, n).reduce((sum, cost) => sum + cost, 0) / n;
  const bySeries = Map.groupBy(draws, ({ series }) => series);
  const dear = new Map<string, number>();
  const isDear = ({ method }: Setting) =>
    method.series.some(({ id, part }) => {
      if (part !== "plan") return false;
      const costs = (bySeries.get(id) ?? []).map(({ calls }) => costOf(calls)).filter((cost) => cost !== null);
      const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
      if (!(mean >= answer)) return false;
      dear.set(id, mean);
      return true;
    });
  const lists = new Map([...new Set(all.map(({ setting }) => setting.list))].map((list) => [list, false]));
  for (const { setting } of all) if (!lists.get(setting.list)) lists.set(setting.list, isDear(setting));
  for (const mean of dear.values()) {
    notes.push(
      `A guideline costs ${figure(mean)} a problem where the large model's whole answer costs ${figure(answer)}: stage lists with it are dropped.`,
    );
  }
  return all.filter(({ setting }) => !lists.get(setting.list));
}

const figure = (value: number) => (value >= 10 ? value.toFixed(0) : value.toPrecision(2));

function unmeasured(): CopeError {
  return new CopeError(
    "OPTIONS_INVALID",
    "fewer than two problems of the recording have an answer of the large model and something to measure it by.",
    "record more problems, or where they have no labels take agreement with the large model for accuracy: --no-labels.",
  );
}

function notRecorded(): CopeError {
  return new CopeError(
    "NOT_RECORDED",
    "the recording holds no plain answer of the large model, with which everything is compared.",
    "record it: cope eval --methods large,cope --all-draws on the same data.",
  );
}

function unknownCost(): CopeError {
  return new CopeError(
    "PRICE_UNKNOWN",
    "what the large model alone costs is unknown on some problems.",
    'give its price (--price "provider:model=input,output"), or count tokens; a server that counts no tokens cannot be calibrated by cost.',
  );
}
