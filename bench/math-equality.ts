/**
 * What reading and comparing math answers costs: microseconds a comparison by the path it takes, and the longest time
 * for which the main thread was held while hostile texts were read and compared.
 *
 *   tsx bench/math-equality.ts
 *
 * With `--math-verify`, accuracy and time beside math-verify instead: see math-verify.ts.
 */
import { cpus, loadavg } from "node:os";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { readMath } from "../src/families/math/read.js";
import { createMathSame } from "../src/families/math/same.js";
import { hostileAnswers, hostileOutputs } from "../test/families/math/hostile.js";
import { besideMathVerify } from "./math-verify.js";

const { values: flags } = parseArgs({
  options: {
    "math-verify": { type: "boolean", default: false },
    pairs: { type: "string", default: "2000" },
    seed: { type: "string", default: "0" },
  },
});
if (flags["math-verify"]) {
  await besideMathVerify(Number(flags.pairs), Number(flags.seed));
  process.exit();
}

/** Longest hold that is aimed at, milliseconds. */
const AIM = 100;
const RESOLUTION = 1;
const RUNS = 2_000;
/** Comparisons with pauses between, and what they may take, milliseconds. */
const PAUSED = 200;
const MEDIAN_AIM = 5;
const P99_AIM = 30;

const { same, close } = createMathSame({ timeLimitMs: 1_000 });

/** Mean microseconds of one call; results are counted so that no call can be left out. */
async function time(name: string, runs: number, call: (i: number) => unknown): Promise<void> {
  let equal = 0;
  const start = performance.now();
  for (let i = 0; i < runs; i++) if (await call(i)) equal++;
  const micros = ((performance.now() - start) * 1_000) / runs;
  console.log(`${name.padEnd(44)} ${micros.toFixed(1).padStart(9)} us   (${runs} runs, ${equal} the same)`);
}

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown processor"}`);
await time("at once: whole numbers", RUNS, (i) => same(String(i), `${i}.0`));
await time("at once: fractions", RUNS, (i) => same(`\\frac{${i}}{7}`, `${2 * i}/14`));
await time("at once: words", RUNS, () => same("\\text{Evelyn}", "evelyn"));
await time("worker: first one, with the engine's start", 1, () => same("\\sqrt{8}", "2\\sqrt{2}"));
await time("worker: roots", RUNS, (i) => same(`${i}\\sqrt{8}+1`, `1+${2 * i}\\sqrt{2}`));
await time("worker: polynomials", RUNS, (i) => same(`${i}(n+3)`, `${i}n+${3 * i}`));
await time("worker: tuples", RUNS, (i) => same(`(${i},\\frac12)`, `(${i},0.5)`));
await time("remembered: roots", RUNS, (i) => same(`${i}\\sqrt{8}+1`, `1+${2 * i}\\sqrt{2}`));

/** As in real runs, models answer between the comparisons: what one takes then, the worker warm as a family warms it. */
async function withPauses(pauseMs: number): Promise<void> {
  const paused = createMathSame();
  paused.warm();
  await sleep(1_500);
  const took: number[] = [];
  let equal = 0;
  for (let i = 1; i <= PAUSED; i++) {
    await sleep(pauseMs);
    const start = performance.now();
    const pair =
      i % 2
        ? [`${i}\\sqrt{8}+1`, `1+${2 * i}\\sqrt{2}`]
        : [`${i}\\ln 2+\\sin ${i}`, `\\sin ${i}+\\frac{${i}}{2}\\ln 4`];
    if (await paused.same(pair[0]!, pair[1]!)) equal++;
    took.push(performance.now() - start);
  }
  await paused.close();
  took.sort((a, b) => a - b);
  const [median, p99] = [0.5, 0.99].map((share) => took[Math.floor(share * PAUSED)]!);
  const met = median! <= MEDIAN_AIM && p99! <= P99_AIM ? "met" : "not met";
  console.log(
    `worker, pauses of ${pauseMs} ms: median ${median!.toFixed(1)} ms, p99 ${p99!.toFixed(1)} ms (${PAUSED} pairs, ${equal} the same); aim ${MEDIAN_AIM} and ${P99_AIM} ms ${met} (load ${loadavg()[0]!.toFixed(1)})`,
  );
}
for (const pauseMs of [5, 50]) await withPauses(pauseMs);

/** Longest hold of the main thread while `work` runs, milliseconds. */
async function longestHold(work: () => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  await sleep(20);
  await work();
  await sleep(20);
  delay.disable();
  return Math.max(0, delay.max / 1e6 - RESOLUTION);
}

const reading = await longestHold(async () => {
  for (const text of hostileOutputs) {
    readMath(text);
    // Each text gets a turn of its own, so that the longest hold is that of one text.
    await sleep(2);
  }
});
const started = performance.now();
const comparing = await longestHold(async () => {
  for (const answer of hostileAnswers) await same(answer, "\\pi");
});
// On a busy machine the thread also waits for a core: what it waits when it does nothing is no hold of ours.
const idle = await longestHold(() => sleep(performance.now() - started));
for (const [what, held] of [
  [`reading ${hostileOutputs.length} hostile outputs`, reading],
  [`comparing ${hostileAnswers.length} hostile answers`, comparing],
] as const) {
  console.log(`longest hold, ${what}: ${held.toFixed(1)} ms; aim ${AIM} ms ${held <= AIM ? "met" : "not met"}`);
}
console.log(
  `for comparison, doing nothing as long: ${idle.toFixed(1)} ms (load ${loadavg()[0]!.toFixed(1)} on ${cpus().length} cores)`,
);
await close();
