import { bootstrap } from "../../src/evaluation/numbers/bootstrap.js";
import { wilson } from "../../src/evaluation/numbers/wilson.js";
import { numberOf, percent, percentWithin, within } from "../../src/evaluation/summary/format.js";

export type Method = "small" | "large" | "cope";

/** A run of one game, without the world's texts. */
export interface WorldRun {
  game: string;
  kind: string;
  method: Method;
  won: boolean;
  steps: { by: string; valid: boolean; confidence: number | null }[];
  subGoals: { reached: number; of: number };
  /** Tokens of the large model. */
  large: { input: number; output: number };
  seconds: number;
}

const HEAD = [
  "method",
  "games",
  "won",
  "parts of tasks reached %",
  "valid actions %",
  "steps",
  "decided by the large model %",
  "guided %",
  "large cost, % of large alone",
];

/** One row a method. Intervals of parts and costs are over games, of actions over steps as if they did not hang together. */
export function worldTable(runs: readonly WorldRun[], methods: readonly Method[]): string {
  const alone = new Map(runs.filter(({ method }) => method === "large").map((run) => [run.game, run]));
  const rows = methods.map((method) => {
    const own = runs.filter((run) => run.method === method);
    const steps = own.flatMap((run) => run.steps);
    const share = (count: number) => percentWithin(count / steps.length, wilson(count, steps.length));
    const by = (stage: RegExp) => share(steps.filter((step) => stage.test(step.by)).length);
    const pairs = own.flatMap((run) => (alone.has(run.game) ? [[run, alone.get(run.game)!] as const] : []));
    return [
      method,
      own.length,
      `${own.filter(({ won }) => won).length}`,
      ratio(own.map(({ subGoals }) => [subGoals.reached, subGoals.of])),
      share(steps.filter(({ valid }) => valid).length),
      numberOf(steps.length),
      by(/^(?:large|takeover)$/),
      by(/^guided$/),
      method === "large" ? "" : ratio(pairs.map(([run, large]) => [costOf(run), costOf(large)])),
    ];
  });
  return [HEAD, HEAD.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const costOf = ({ large }: WorldRun): number => large.input + 4 * large.output;

/** One sum as a share of the other, with its bootstrapped interval. */
function ratio(pairs: readonly (readonly [number, number])[]): string {
  const of = (indices: Iterable<number>) => {
    let [part, whole] = [0, 0];
    for (const i of indices) {
      part += pairs[i]![0];
      whole += pairs[i]![1];
    }
    return part / whole;
  };
  return pairs.length === 0 ? "–" : `${percent(of(pairs.keys()))}${within(bootstrap(pairs.length, of), percent)}`;
}
