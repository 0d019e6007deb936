import { placeOf, type Draw } from "../draw.js";
import type { Method, Outcome, Wanted } from "../methods/types.js";
import { givenKey } from "../series.js";
import type { View } from "../view.js";

/** How a method ended on recorded draws, or what it would have to draw first. */
export type Ended = { outcome: Outcome; approximate: boolean } | { missing: Wanted };

/** The draws of one problem by series and by what they were shown, each list in index order without gaps. */
export type Shelves = ReadonlyMap<string, ReadonlyMap<string, readonly Draw[]>>;

/** Sorts a problem's draws for `decideNearly`. */
export function shelvesOf(draws: readonly Draw[]): Shelves {
  const bySeries = Map.groupBy(draws, ({ series }) => series);
  return new Map(
    [...bySeries].map(([series, of]) => {
      const byGiven = Map.groupBy(of, ({ given }) => given);
      return [series, new Map([...byGiven].map(([given, some]) => [given, withoutGaps(some)]))];
    }),
  );
}

/**
 * How a method ends, where draws that were not recorded for the goal it carries may be taken from the nearest goal that was.
 * All draws of a stage then come from that one goal; what is recorded for the method's own is never replaced.
 */
export function decideNearly(method: Method, view: View, shelves: Shelves): Ended {
  const instead = new Map<string, string>();
  const nearly = substituted(view, shelves, instead);
  for (;;) {
    const step = method.decide(nearly);
    if ("outcome" in step) return { outcome: step.outcome, approximate: instead.size > 0 };
    const missing = step.wanted[0]!;
    const place = placeOf(missing.series.id, givenKey(missing.given), 0);
    const last = step.wanted.at(-1)!.index;
    const near = instead.has(place) ? undefined : nearest(missing, last + 1, shelves);
    if (near === undefined) return { missing };
    instead.set(place, near);
  }
}

/** The view, reading some places from others. */
function substituted(view: View, shelves: Shelves, instead: ReadonlyMap<string, string>): View {
  const prefixes = new Map<string, readonly Draw[]>();
  const shelf = (series: string, key: string) => {
    const near = instead.get(placeOf(series, key, 0));
    return near === undefined ? undefined : shelves.get(series)!.get(near)!;
  };
  return {
    ...view,
    find: (series, given, index) => {
      const of = shelf(series.id, givenKey(given));
      return of ? of[index] : view.find(series, given, index);
    },
    prefix: (series, given, count) => {
      const of = shelf(series.id, givenKey(given));
      if (!of) return view.prefix(series, given, count);
      // The same list each time: labels are remembered by it.
      const key = placeOf(series.id, givenKey(given), count);
      const known = prefixes.get(key) ?? of.slice(0, count);
      prefixes.set(key, known);
      return known;
    },
  };
}

/**
 * The recorded `given` with enough draws that is nearest: shown the same kinds of things beside the goal, if possible the
 * very same; then with a goal, or without one, as asked; then by the goal's index.
 */
function nearest({ series, given }: Wanted, count: number, shelves: Shelves): string | undefined {
  const asked = partsOf(givenKey(given));
  const kinds = (parts: ReadonlyMap<string, string>) => [...parts.keys()].filter((kind) => kind !== "goal").join();
  const distance = (parts: ReadonlyMap<string, string>) => {
    const others = [...asked].filter(([kind, value]) => kind !== "goal" && parts.get(kind) !== value).length;
    const goals = asked.has("goal") === parts.has("goal") ? 0 : FAR;
    return FAR * FAR * others + goals + Math.abs(Number(asked.get("goal") ?? 0) - Number(parts.get("goal") ?? 0));
  };
  return [...(shelves.get(series.id) ?? [])]
    .filter(([key, draws]) => draws.length >= count && kinds(partsOf(key)) === kinds(asked))
    .map(([key]) => ({ key, far: distance(partsOf(key)) }))
    .toSorted((a, b) => a.far - b.far)[0]?.key;
}

/** Farther than any two goals of a stage. */
const FAR = 1000;

/** "goal 3, guideline 1f0a9c" by kind. */
const partsOf = (key: string): Map<string, string> =>
  new Map(key.split(", ").map((part) => part.split(" ") as [string, string]));

function withoutGaps(draws: readonly Draw[]): Draw[] {
  const sorted = draws.toSorted((a, b) => a.index - b.index);
  const gap = sorted.findIndex(({ index }, i) => index !== i);
  return gap < 0 ? sorted : sorted.slice(0, gap);
}
