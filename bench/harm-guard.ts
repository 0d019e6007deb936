/**
 * What the harm guard does to recorded problems, at every pair of thresholds: answers right, their cost, and what it flips.
 * Also how often a guided vote turns a right unguided answer into a wrong one, which is what it is for.
 *
 *   tsx bench/harm-guard.ts [FILE …]      recordings: tapes, or exports of their draws
 */
import { createCascade } from "../src/evaluation/methods/cascade.js";
import { everyThreshold } from "../src/evaluation/methods/cope.js";
import type { Outcome } from "../src/evaluation/methods/types.js";
import { flips } from "../src/evaluation/numbers/flips.js";
import { pairedRates } from "../src/evaluation/numbers/paired-rates.js";
import { readRecording, type Recorded } from "../src/evaluation/recorded.js";
import { largeCost } from "../src/evaluation/summary/costs.js";
import { resolveStages } from "../src/graph/stages.js";
import type { Stage } from "../src/state/stage.js";

const files = process.argv.slice(2);
const FILES =
  files.length > 0 ? files : ["bench/recorded/held-out.draws.jsonl.gz", "bench/recorded/tuning.draws.jsonl.gz"];

/** The recorded stages: the vote without goals, the guided vote, the takeover; and the same without the takeover. */
const three = resolveStages("cope:direct");
const LISTS: Readonly<Record<string, Stage[]>> = {
  "three stages": three,
  // A last stage has no threshold that counts: it answers with whatever leads.
  "two stages": three.slice(0, 2),
};
/** Thresholds of the paper, which were not chosen on these problems. */
const PAPER = [0.75, 0.5];

interface Ends {
  thresholds: number[];
  without: Outcome[];
  with: Outcome[];
}

/** Both ways of the problems that are recorded for both. */
function endsOf(stages: Stage[], { views }: Recorded): Ends {
  const walk = (harmGuard: boolean) => {
    const method = createCascade({ name: "", about: "", stages, harmGuard });
    return views.map((view) => method.decide(view));
  };
  const [off, on] = [walk(false), walk(true)];
  const pairs = off.flatMap((step, i) => {
    const other = on[i]!;
    return "outcome" in step && "outcome" in other ? [[step.outcome, other.outcome] as const] : [];
  });
  const thresholds = stages.slice(0, -1).map(({ accept }) => accept!.threshold);
  return { thresholds, without: pairs.map(([a]) => a), with: pairs.map(([, b]) => b) };
}

const isRight = ({ right }: Outcome): boolean => right === true;
const percent = (share: number): string => (100 * share).toFixed(1);

/** What all guided samples make of the unguided answer: nothing is accepted before, so every problem shows both. */
function guidedVotes(recorded: Recorded): void {
  const all = (stage: Stage): Stage => ({
    ...stage,
    execute: { ...stage.execute, wave: "all" },
    ...(stage.accept ? { accept: { ...stage.accept, threshold: 1 } } : {}),
  });
  const { without } = endsOf(three.map(all), recorded);
  const both = without.flatMap(({ stages: [solo, guided] }) =>
    solo && guided && solo.value !== null && guided.value !== null ? [{ solo, guided }] : [],
  );
  const { rightToWrong, wrongToRight } = flips(
    both.map(({ solo }) => solo.right === true),
    both.map(({ guided }) => guided.right === true),
  );
  const less = both.filter(({ solo, guided }) => guided.confidence! < solo.confidence!);
  const told = ({ count, of, interval }: typeof rightToWrong) =>
    `${count} of ${of} [${interval.map((x) => percent(x)).join(", ")} %]`;
  console.log(
    `the leading answer of all 8 guided votes beside that of all 8 unguided ones, where solo is not unanimous:`,
  );
  console.log(`  right to wrong ${told(rightToWrong)}; wrong to right ${told(wrongToRight)}`);
  console.log(`  the guided vote is less sure in ${less.length} of ${both.length}`);
}

/** Accuracy and cost of the paper's thresholds, and of every pair at which the guard makes a difference. */
function table(name: string, stages: Stage[], recorded: Recorded): void {
  const ends = everyThreshold(stages).map((list) => endsOf(list, recorded));
  const rows = ends.map((end) => ({ end, row: rowOf(end) }));
  const differing = rows.filter(({ row }) => row.guarded > 0);
  const paper = rows.find(({ end }) => end.thresholds.every((threshold, i) => threshold === PAPER[i]));
  const shown = [paper, ...differing.filter((each) => each !== paper)].flatMap((each) => (each ? [each.row] : []));
  console.log(
    `\n${name}: first the paper's thresholds, then the ${differing.length} of ${ends.length} pairs where it acts`,
  );
  console.table(shown);
  const better = differing.filter(({ row }) => row["wrong to right"] > row["right to wrong"]).length;
  const worse = differing.filter(({ row }) => row["wrong to right"] < row["right to wrong"]).length;
  console.log(
    `more right with the guard in ${better}, fewer in ${worse}, as many in ${differing.length - better - worse}`,
  );
}

function rowOf({ thresholds, without, with: guarded }: Ends) {
  const n = without.length;
  const won = guarded.filter((end, i) => isRight(end) && !isRight(without[i]!)).length;
  const lost = guarded.filter((end, i) => !isRight(end) && isRight(without[i]!)).length;
  const cost = (ends: Outcome[]) => ends.reduce((sum, end) => sum + (largeCost(end) ?? Number.NaN), 0) / n;
  const drawn = (ends: Outcome[]) => ends.flatMap(({ stages }) => stages).reduce((sum, stage) => sum + stage.drawn, 0);
  const [low, high] = pairedRates(won, lost, n, 0.95);
  const accepted = without.flatMap(({ stages }) => stages.filter((stage) => stage.flip));
  return {
    thresholds: thresholds.join(" / "),
    n,
    "right without": without.filter(isRight).length,
    "right with": guarded.filter(isRight).length,
    "difference, points": `${percent((won - lost) / n)} [${percent(low)}, ${percent(high)}]`,
    "cost without": Math.round(cost(without)),
    "cost with": Math.round(cost(guarded)),
    "more samples": drawn(guarded) - drawn(without),
    "other answers taken": accepted.length,
    guarded: guarded.flatMap(({ stages }) => stages.filter(({ flip }) => flip?.guarded)).length,
    "wrong to right": won,
    "right to wrong": lost,
  };
}

for (const file of FILES) {
  const recorded = await readRecording(file);
  console.log(`\n${file}: ${recorded.problems.length} problems of ${recorded.recording.data}`);
  guidedVotes(recorded);
  for (const [name, stages] of Object.entries(LISTS)) table(name, stages, recorded);
}
