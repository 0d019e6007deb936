/**
 * What early stop saves on recorded samples, by wave policy and threshold; and by likelihood, with what that flips.
 *
 *   tsx bench/early-stop.ts --tape FILE        a recording: a tape, or an export of its draws
 *   tsx bench/early-stop.ts --runs FILE        JSON lines { id, stage, labels: [0, 0, 1, -1] }, plain or .gz: each sample's
 *                                              answer class in index order, -1 = unreadable. (--tape takes them, too)
 *   tsx bench/early-stop.ts --synthetic 0.7    made-up draws of 2,000 problems, 8 samples each
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { z } from "zod";
import { readRecording } from "../src/evaluation/recorded.js";
import { earlyStopCurve, wholeVotes } from "../src/evaluation/replay/index.js";
import { runVote } from "../src/scorers/run-vote.js";
import { WavePolicy } from "../src/scorers/waves.js";

const Line = z.object({ id: z.coerce.string(), stage: z.string(), labels: z.array(z.number().int()).min(1) });
type Line = z.infer<typeof Line>;

const options = { runs: { type: "string" }, tape: { type: "string" }, synthetic: { type: "string" } } as const;
try {
  const { runs, tape = runs, synthetic } = parseArgs({ options }).values;
  if (tape !== undefined) report(`recorded samples: ${tape}`, isRecording(tape) ? await votesOf(tape) : read(tape));
  else if (synthetic !== undefined) report(`SYNTHETIC, nothing measured: p = ${synthetic}`, invent(Number(synthetic)));
  else throw new Error("No samples: pass --runs FILE (`cope eval --all-draws` records every draw) or --synthetic 0.7.");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

function isRecording(file: string): boolean {
  if (!file.endsWith(".gz") && !file.endsWith(".jsonl")) return true;
  const bytes = readFileSync(file);
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).subarray(0, 200).includes('"langgraph-cope draws"');
}

async function votesOf(file: string): Promise<Line[]> {
  const votes = wholeVotes(await readRecording(file));
  return votes.map(({ problem, series, labels }) => ({ id: problem, stage: series, labels: [...labels] }));
}

/** Parses a file of draws, or says which line is none. */
function read(file: string): Line[] {
  const bytes = readFileSync(file);
  const lines = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").split("\n");
  return lines.flatMap((line, index) => {
    try {
      return line.trim() === "" ? [] : [Line.parse(JSON.parse(line))];
    } catch (cause) {
      throw new Error(`Line ${index + 1} of ${file} is not { id, stage, labels: [integers] }.`, { cause });
    }
  });
}

/** Problems of unlike difficulty: each has its own chance of the right answer, p on average; four wrong ones; 5 % unreadable. */
function invent(p: number): Line[] {
  if (!(p >= 0 && p <= 1)) throw new Error("--synthetic takes a number from 0 to 1.");
  let state = 1;
  // A linear congruential generator: every run prints the same table.
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  return Array.from({ length: 2000 }, (_, id) => {
    const chance = p + (2 * random() - 1) * Math.min(p, 1 - p);
    const draw = (): number => (random() < 0.05 ? -1 : random() < chance ? 0 : 1 + Math.floor(random() * 4));
    return { id: String(id), stage: "solo", labels: Array.from({ length: 8 }, draw) };
  });
}

function report(title: string, lines: Line[]): void {
  console.log(title);
  for (const [stage, drawn] of Map.groupBy(lines, (line) => line.stage)) {
    console.log(`\nstage ${stage}: ${drawn.length} problems`);
    console.table([0.5, 0.75].flatMap((t) => WavePolicy.options.map((policy) => row(drawn, t, policy))));
    console.log("by likelihood, looking after every draw");
    console.table([0.5, 0.75].flatMap((t) => curve(drawn, t)));
  }
}

/** `leader differs`: early escalations that carry on another sample's goal than all draws would have. */
function row(lines: Line[], threshold: number, policy: WavePolicy): Record<string, string | number> {
  const ends = lines.map(({ labels }) => {
    const all = runVote(labels, { threshold, policy: "all" });
    const run = runVote(labels, { threshold, policy });
    const sameLeader = run.leader === all.leader;
    // The promise itself: where it does not hold, no table is printed.
    if (run.decision !== all.decision || (run.decision === "accept" && !sameLeader))
      throw new Error(`${policy} at ${threshold} does not end as all draws do: [${labels}]`);
    return { ...run, n: all.drawn, sameLeader, early: run.decision === "escalate" && run.drawn < all.drawn };
  });
  const mean = (pick: (end: (typeof ends)[number]) => number): number =>
    ends.reduce((sum, end) => sum + pick(end), 0) / ends.length;
  const [draws, n] = [mean((end) => end.drawn), mean((end) => end.n)];
  return {
    threshold,
    policy,
    "mean draws": `${draws.toFixed(2)} of ${n.toFixed(2)}`,
    saved: `${(100 * (1 - draws / n)).toFixed(1)} %`,
    "mean waves": mean((end) => end.waves).toFixed(2),
    accepted: ends.filter((end) => end.decision === "accept").length,
    "escalated early": ends.filter((end) => end.early).length,
    "leader differs": ends.filter((end) => end.early && !end.sameLeader).length,
  };
}

/** Draws saved against decisions flipped. */
function curve(lines: Line[], threshold: number): Record<string, string | number>[] {
  const votes = lines.map(({ labels }) => labels);
  return earlyStopCurve(votes, threshold, [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]).map((point) => ({
    threshold,
    chance: `${100 * point.chance} %`,
    "mean draws": `${(point.drawn / point.votes).toFixed(2)} of ${(point.planned / point.votes).toFixed(2)}`,
    saved: `${(100 * point.saved).toFixed(1)} %`,
    flipped: `${point.flipped} of ${point.votes}`,
  }));
}
