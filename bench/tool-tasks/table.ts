import { compareToLarge } from "../../src/evaluation/numbers/noninferior.js";
import { ratioOfSums } from "../../src/evaluation/numbers/ratio.js";
import { wilson } from "../../src/evaluation/numbers/wilson.js";
import { numberOf, percent, percentWithin, points, pOf, within } from "../../src/evaluation/summary/format.js";
import { textOf } from "../../src/evaluation/summary/table.js";
import type { Method, Run } from "./run.js";

/** The calls of a run, a step an item, as its transcript tells them. */
const stepsOf = ({ transcript }: Run): string[] =>
  transcript
    .split(/^\d+\. /m)
    .map((step) => (step.match(/^> .*/gm) ?? []).join("\n"))
    .filter(Boolean);

/** Whether two steps in a row made the very same calls. */
const circles = (run: Run): boolean => stepsOf(run).some((step, i, steps) => step === steps[i - 1]);

/** Input + 4 × output tokens of the large model. */
const costOf = ({ large }: Run): number => large.input + 4 * large.output;

/** One row a method that was run; methods are compared on the tasks that both have run. */
export function tableOf(runs: readonly Run[], methods: readonly Method[]): string {
  const alone = new Map(runs.filter(({ method }) => method === "large").map((run) => [run.task, run]));
  const rows = methods.flatMap((method) => {
    const own = runs.filter((run) => run.method === method);
    if (own.length === 0) return [];
    const done = own.filter((run) => run.done).length;
    const pairs = own.flatMap((run) => (alone.has(run.task) ? [[run, alone.get(run.task)!] as const] : []));
    const { ratio, interval } = ratioOfSums(pairs.map(([run, large]) => [costOf(run), costOf(large)]));
    const mean = (of: (run: Run) => number) => numberOf(own.reduce((sum, run) => sum + of(run), 0) / own.length);
    return [
      [
        method,
        `${done}/${own.length}`,
        percentWithin(done / own.length, wilson(done, own.length)),
        ...(method === "large" ? ["–", "–", "–"] : difference(pairs)),
        mean(costOf),
        percentWithin(ratio, interval),
        mean(({ small }) => small.input + small.output),
        mean(({ steps }) => steps),
        bySmall(own),
        numberOf(own.filter(circles).length),
        numberOf(own.reduce((sum, { invalid }) => sum + invalid, 0)),
        numberOf(own.filter(({ code }) => code !== undefined).length),
      ],
    ];
  });
  const head = ["method", " done", " %", " to large", "verdict", " p", " cost", " of large's %", " small tokens"];
  const notes = [
    "to large: points gained on the large model alone, on tasks that both have run, each bound one-sided, 95 %; verdict at a margin of 5.",
    "cost: input + 4 × output tokens of the large model, a task. refused: calls of no tool there is, or with arguments that do not fit, in all.",
    "by small %: steps of the cascade that its small model decided. circling: runs with the very same calls at two steps in a row.",
    "errors: runs that ended by one.",
  ];
  return textOf({
    title: "Tool tasks",
    head: [...head, " steps", " by small %", " circling", " refused", " errors"],
    rows,
    notes,
  });
}

function bySmall(runs: readonly Run[]): string {
  const decided = runs.flatMap(({ byStage = {} }) => Object.entries(byStage));
  const count = (of: typeof decided) => of.reduce((sum, [, steps]) => sum + steps, 0);
  const [all, small] = [count(decided), count(decided.filter(([stage]) => stage !== "takeover"))];
  return all === 0 ? "–" : `${percent(small / all)}`;
}

function difference(pairs: readonly (readonly [own: Run, large: Run])[]): string[] {
  const compared = compareToLarge(
    pairs.map(([own]) => own.done),
    pairs.map(([, large]) => large.done),
  );
  const { low, high, verdict, mcnemar } = compared;
  return [`${points(compared.difference)}${within([low, high], points)}`, verdict, pOf(mcnemar)];
}
