/**
 * How long a grid takes: 500 made-up problems with all draws, and about 1,000 pairs of thresholds.
 *
 *   tsx bench/replay.ts [problems] [pairs]
 */
import type { Draw } from "../src/evaluation/draw.js";
import { createEquality } from "../src/evaluation/equality.js";
import { createCopeMethod } from "../src/evaluation/methods/cope.js";
import type { Wanted } from "../src/evaluation/methods/types.js";
import { grid } from "../src/evaluation/replay/grid.js";
import { givenKey } from "../src/evaluation/series.js";
import { createView } from "../src/evaluation/view.js";

const [count = 500, pairs = 1000] = process.argv.slice(2).map(Number);

let state = 1;
// A linear congruential generator: every run times the same draws.
const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;

/** A draw of a problem whose right answer is "0", given with some chance. */
function invent(problem: string, chance: number, { series, given, index }: Wanted): Draw {
  const value = random() < chance ? "0" : String(1 + Math.floor(random() * 4));
  const role = series.part === "plan" ? "large" : series.stage.execute.by;
  const purpose = series.part === "plan" ? ("guideline" as const) : ("execute" as const);
  const call = { key: "", role, model: `test:${role}`, purpose, inputTokens: 200, outputTokens: 100, ms: 100 };
  const place = { problem, series: series.id, given: givenKey(given), index };
  const goal = series.stage.plan?.kind === "goal" ? { goal: `Goal ${index}` } : {};
  return { ...place, calls: [call], text: `text ${value}`, ...goal, value, right: value === "0" };
}

const methods = createCopeMethod().variants!();
const problems = Array.from({ length: count }, (_, i) => ({ id: String(i), about: {} }));
const drawn = problems.map(({ id }) => {
  const chance = random();
  const draws = new Map<string, Draw>();
  // As a recording of all draws is made: whatever some threshold wants next.
  for (let more = true; more;) {
    more = false;
    const view = createView(id, draws.values(), { same: (a, b) => a === b });
    for (const method of methods) {
      const step = method.decide(view);
      for (const wanted of "wanted" in step ? step.wanted : []) {
        const place = `${wanted.series.id} ${givenKey(wanted.given)} ${wanted.index}`;
        if (!draws.has(place)) draws.set(place, invent(id, chance, wanted));
        more = true;
      }
    }
  }
  return [...draws.values()];
});

const times: number[] = [];
let rows = 0;
for (let run = 0; run < 5; run += 1) {
  const views = await Promise.all(
    problems.map(async ({ id }, i) => {
      const equality = createEquality((a, b) => a === b);
      await equality.learn(drawn[i]!.flatMap(({ value }) => value ?? []));
      return createView(id, drawn[i]!, equality);
    }),
  );
  const began = performance.now();
  rows = grid({ problems, views, draws: drawn.flat() }, { steps: 1 / Math.floor(Math.sqrt(pairs)) }).rows.length;
  times.push(performance.now() - began);
}
const draws = drawn.reduce((sum, of) => sum + of.length, 0);
console.log(`${count} problems, ${draws} draws, ${rows} pairs of thresholds`);
console.log(
  `grid: first ${times[0]!.toFixed(0)} ms, least ${Math.min(...times).toFixed(0)} ms of ${times.length} runs`,
);
