import { ratioOfSums } from "../../src/evaluation/numbers/ratio.js";
import { wilson } from "../../src/evaluation/numbers/wilson.js";
import { numberOf, percentWithin } from "../../src/evaluation/summary/format.js";
import { textOf } from "../../src/evaluation/summary/table.js";

/**
 * `unguided`: the cascade whose large model takes over at once, without a guideline before; `-free`: without the form that holds
 * a text to the possible commands; `random`: chance among the possible commands.
 */
export type Method = "small" | "large" | "cope" | "unguided" | "small-free" | "large-free" | "random";

/** A run of one game, without the world's texts. */
export interface WorldRun {
  game: string;
  kind: string;
  method: Method;
  seed: number;
  maxSteps: number;
  won: boolean;
  steps: { by: string; valid: boolean; confidence: number | null }[];
  subGoals: { reached: number; of: number };
  /** Tokens of the large model. */
  large: { input: number; output: number };
  seconds: number;
}

const costOf = ({ large }: WorldRun): number => large.input + 4 * large.output;

/** One row a method that was run. */
export function worldTable(runs: readonly WorldRun[], methods: readonly Method[]): string {
  const alone = new Map(runs.filter(({ method }) => method === "large").map((run) => [run.game, run]));
  const ratio = (pairs: Parameters<typeof ratioOfSums>[0]) => {
    const { ratio: share, interval } = ratioOfSums(pairs);
    return percentWithin(share, interval);
  };
  const parts = (own: readonly WorldRun[]) => {
    const reached = own.reduce((sum, { subGoals }) => sum + subGoals.reached, 0);
    const of = own.reduce((sum, { subGoals }) => sum + subGoals.of, 0);
    // Where none is reached, games drawn anew have none either.
    const within = reached === 0 ? "" : ` = ${ratio(own.map(({ subGoals }) => [subGoals.reached, subGoals.of]))} %`;
    return `${reached}/${of}${within}`;
  };
  const rows = methods.flatMap((method) => {
    const own = runs.filter((run) => run.method === method);
    const steps = own.flatMap((run) => run.steps);
    if (steps.length === 0) return [];
    const share = (count: number) => percentWithin(count / steps.length, wilson(count, steps.length));
    const by = (stage: RegExp) => share(steps.filter((step) => stage.test(step.by)).length);
    return [
      [
        method,
        `${own.filter(({ won }) => won).length}/${own.length}`,
        parts(own),
        share(steps.filter(({ valid }) => valid).length),
        numberOf(steps.length),
        by(/^(?:large|large-free|takeover)$/),
        by(/^guided$/),
        ratio(
          own.flatMap((run) => (alone.has(run.game) ? [[costOf(run), costOf(alone.get(run.game)!)] as const] : [])),
        ),
      ],
    ];
  });
  const head = [
    "method",
    " won",
    " parts",
    " valid %",
    " steps",
    " large decides %",
    " guided %",
    " of large's cost %",
  ];
  const notes = [
    "parts: of what the tasks ask for, as take, clean, put; bootstrap over games. valid: steps at which a possible command was named.",
    "cost: input + 4 × output tokens of the large model, on games that both have played. Steps count as if they did not hang together.",
  ];
  return textOf({ title: "ALFWorld", head, rows, notes });
}
