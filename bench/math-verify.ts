/**
 * Our equality beside math-verify 0.9.0 (PyPI, installed into a folder that is removed again) on variants of MATH-500's
 * answers: 2,000 pairs by rule, half of them unequal. Both are asked for one pair after another, as many times as there
 * are pairs, and their mistakes are listed by rule.
 *
 *   npm run bench:equality -- --math-verify [--pairs 2000] [--seed 0]
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { createMathSame } from "../src/families/math/same.js";
import { wilson } from "../src/evaluation/numbers/wilson.js";
import type { Pair } from "../test/families/math/pairs.js";
import { drawnPairs } from "../test/families/math/rewrites.js";

const VERSION = "0.9.0";
const GOLDS = new URL("../../shared/data/math500/test.jsonl", import.meta.url);

/** What one comparer said of one pair. */
interface Said {
  said: boolean | undefined;
  micros: number;
  error: string | null;
}

/** Runs a command to its end; what it prints is its result. */
function run(command: string, args: string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync(command, args, { input, encoding: "utf8", maxBuffer: 1e9 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended by ${status}: ${stderr.slice(-500)}`);
  return stdout;
}

async function ours(pairs: readonly Pair[]): Promise<Said[]> {
  const { same, close } = createMathSame();
  // Loading the worker is not timed, as loading the grammar is not on the other side.
  await same("\\sqrt{8}", "2\\sqrt{2}");
  const said: Said[] = [];
  for (const { a, b } of pairs) {
    const start = performance.now();
    const verdict = (await same(a, b)) as boolean | undefined;
    said.push({
      said: verdict,
      micros: (performance.now() - start) * 1_000,
      error: verdict === undefined ? "unknown" : null,
    });
  }
  await close();
  return said;
}

function theirs(pairs: readonly Pair[]): Said[] {
  const folder = mkdtempSync(join(tmpdir(), "math-verify-"));
  try {
    run("python3", ["-m", "venv", folder]);
    const python = join(folder, "bin", "python");
    run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `math-verify==${VERSION}`]);
    const lines = pairs.map(({ a, b }) => JSON.stringify({ a, b })).join("\n");
    return JSON.parse(run(python, [fileURLToPath(new URL("math-verify.py", import.meta.url))], lines)) as Said[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

/** One line of the table, with 95 % intervals. */
function line(name: string, pairs: readonly Pair[], said: readonly Said[]): number {
  const rate = (same: boolean): string => {
    const indices = pairs.flatMap((pair, i) => (pair.same === same ? [i] : []));
    const wrong = indices.filter((i) => said[i]!.said === !same).length;
    const [low, high] = wilson(wrong, indices.length);
    const percent = (share: number): string => (100 * share).toFixed(2);
    return `${wrong} of ${indices.length}, ${percent(wrong / indices.length)} % [${percent(low)}, ${percent(high)}]`;
  };
  const times = said.map(({ micros }) => micros).toSorted((x, y) => x - y);
  const median = quantile(times, 0.5);
  const errors = said.filter(({ error }) => error !== null).length;
  console.log(
    `| ${name} | ${rate(false)} | ${rate(true)} | ${median.toFixed(0)} | ${quantile(times, 0.99).toFixed(0)} | ${errors} |`,
  );
  return median;
}

/** Prints the table and the disagreements. */
export async function besideMathVerify(count: number, seed: number): Promise<void> {
  const golds = readFileSync(GOLDS, "utf8")
    .trim()
    .split("\n")
    .map((row) => (JSON.parse(row) as { answer: string }).answer);
  const pairs = drawnPairs(golds, count, seed);
  const [mine, other] = [await ours(pairs), theirs(pairs)];
  console.log(
    `${pairs.length} pairs, seed ${seed}; math-verify ${VERSION}; 95 % intervals; times in microseconds a pair`,
  );
  console.log(
    "\n| | false *same* | false *different* | median | p99 | errors, no verdict |\n|---|---|---|---|---|---|",
  );
  const medians = [line("langgraph-cope", pairs, mine), line(`math-verify ${VERSION}`, pairs, other)];
  console.log(`\nour median is ${(medians[1]! / medians[0]!).toFixed(1)} times as fast; aim 5`);
  for (const [name, said] of [
    ["langgraph-cope", mine],
    ["math-verify", other],
  ] as const) {
    const wrong = pairs.flatMap((pair, i) => (said[i]!.said === pair.same ? [] : [pair]));
    console.log(`\nmistakes of ${name}, by rule, each with one pair:`);
    for (const [kind, ofKind] of Object.entries(Object.groupBy(wrong, (pair) => pair.kind))) {
      const [{ a, b, same }] = ofKind as [Pair, ...Pair[]];
      console.log(`  ${String(ofKind!.length).padStart(4)}  ${kind}: ${a} ${same ? "=" : "≠"} ${b}`);
    }
  }
}
