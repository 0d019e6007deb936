import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

/** Set to `update`, it writes the values of today over those that are kept. */
const SWITCH = "COPE_GOLDEN";

/** Values by name: what one idea of the project makes of fixed inputs. Plain JSON. */
export type Values = Readonly<Record<string, unknown>>;

/**
 * Holds values against `values/NAME.json`. Users keep what these values name: tapes, journals, threads, recordings, scripts.
 * A failure says which value changed, and how to accept the change.
 */
export function golden(name: string, values: Values): void {
  const file = join(import.meta.dirname, "values", `${name}.json`);
  const now = JSON.parse(JSON.stringify(values)) as Values;
  if (process.env[SWITCH] === "update") {
    writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`);
    return;
  }
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Values) : {};
  const changes = differences(kept, now);
  if (changes.length > 0) expect.fail(explain(name, changes));
}

const MOST_SHOWN = 12;

function explain(name: string, changes: readonly string[]): string {
  const more = changes.length > MOST_SHOWN ? [`… and ${changes.length - MOST_SHOWN} more`] : [];
  return [
    `test/golden/values/${name}.json holds what users have on disk or call. ${changes.length} of its values changed:`,
    ...changes.slice(0, MOST_SHOWN),
    ...more,
    "A change that nobody meant is a fault: mend the code.",
    `A change that is meant is accepted by: ${SWITCH}=update npx vitest run test/golden test/bench/results.test.ts`,
    "Then the commit and CHANGELOG.md say what no longer fits.",
  ].join("\n");
}

/** Each value that changed, with its name, as it was and as it is. */
function differences(kept: Values, now: Values): string[] {
  const names = [...new Set([...Object.keys(kept), ...Object.keys(now)])];
  return names.flatMap((name) => {
    const [was, is] = [kept[name], now[name]].map((value) => JSON.stringify(value));
    if (was === is) return [];
    if (was === undefined) return [`  ${name}: is new, ${around(is!, 0)}`];
    if (is === undefined) return [`  ${name}: is gone, was ${around(was, 0)}`];
    const place = firstDifference(was, is);
    return [`  ${name}:\n    was ${around(was, place)}\n    is  ${around(is, place)}`];
  });
}

function firstDifference(a: string, b: string): number {
  let place = 0;
  while (place < a.length && a[place] === b[place]) place += 1;
  return place;
}

/** The part of a long text that shows a place in it. */
function around(text: string, place: number): string {
  const [from, to] = [Math.max(0, place - 60), place + 120];
  return `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
}
