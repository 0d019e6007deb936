import { bootstrap } from "../../src/evaluation/numbers/bootstrap.js";
import { compareToLarge } from "../../src/evaluation/numbers/noninferior.js";
import { wilson } from "../../src/evaluation/numbers/wilson.js";
import { numberOf, percentWithin, points, within, percent } from "../../src/evaluation/summary/format.js";
import type { Method, Run } from "./run.js";

/** Input + 4 × output tokens of the large model. */
const costOf = ({ large }: Run): number => large.input + 4 * large.output;

const HEAD = [
  "method",
  "tasks",
  "success %",
  "against large alone, points",
  "its cost, % of large alone",
  "large tokens a task (in + 4 out)",
  "small tokens a task",
  "steps a task",
  "calls refused",
  "ended by an error",
];

/** One row a method; methods are compared on the tasks that both have run. */
export function tableOf(runs: readonly Run[], methods: readonly Method[]): string {
  const alone = new Map(runs.filter(({ method }) => method === "large").map((run) => [run.task, run]));
  const rows = methods.map((method) => {
    const own = runs.filter((run) => run.method === method);
    const done = own.filter((run) => run.done).length;
    const pairs = own.flatMap((run) => (alone.has(run.task) ? [[run, alone.get(run.task)!] as const] : []));
    const mean = (of: (run: Run) => number) => numberOf(own.reduce((sum, run) => sum + of(run), 0) / own.length);
    return [
      method,
      own.length,
      percentWithin(done / own.length, wilson(done, own.length)),
      method === "large" ? "" : difference(pairs),
      method === "large" ? "" : ratio(pairs),
      mean(costOf),
      mean(({ small }) => small.input + small.output),
      mean(({ steps }) => steps),
      own.reduce((sum, { invalid }) => sum + invalid, 0),
      own.filter(({ code }) => code !== undefined).length,
    ];
  });
  return [HEAD, HEAD.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

type Pairs = readonly (readonly [own: Run, large: Run])[];

function difference(pairs: Pairs): string {
  const {
    difference: by,
    low,
    high,
    verdict,
    mcnemar,
  } = compareToLarge(
    pairs.map(([{ done }]) => done),
    pairs.map(([, { done }]) => done),
  );
  return `${points(by)}${within([low, high], points)}, ${verdict}, p = ${mcnemar.toFixed(2)}`;
}

function ratio(pairs: Pairs): string {
  const of = (indices: Iterable<number>) => {
    let [own, large] = [0, 0];
    for (const i of indices) {
      own += costOf(pairs[i]![0]);
      large += costOf(pairs[i]![1]);
    }
    return own / large;
  };
  return pairs.length === 0 ? "–" : `${percent(of(pairs.keys()))}${within(bootstrap(pairs.length, of), percent)}`;
}
