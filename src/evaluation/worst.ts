import type { AnyFamily } from "../families/types.js";
import { worstOf, type Worst } from "../nodes/limits.js";
import type { OpenModels } from "./models.js";
import { pricedModel } from "../models/types.js";
import type { Method } from "./methods/types.js";
import type { Problem } from "./problem.js";
import type { Series } from "./series.js";
import { wordingOf } from "./wordings.js";

/** What an evaluation costs at the most: every stage needed, every sample drawn, each call made once. */
export type WorstBill = Worst;

/**
 * Upper bound of an evaluation's bill, if its tape answered nothing. What methods certainly share counts once; what depends
 * on other draws (a carried goal, a guideline) counts for every method anew.
 */
export function worstOfMethods(
  {
    problems,
    methods,
    allDraws = false,
  }: { problems: readonly Problem[]; methods: readonly Method[]; allDraws?: boolean },
  {
    family,
    handles,
    prices,
    rooms,
  }: Pick<OpenModels, "handles" | "prices"> & { family: AnyFamily; rooms: Readonly<Record<string, number>> },
): WorstBill {
  const total: Worst = { usd: 0, calls: 0, tokens: 0 };
  const stages = methods.flatMap((method) => method.series.map(({ stage }) => stage));
  // The longest answer that a judge may be shown, generously.
  const answer = { index: 0, text: "x".repeat(8 * family.prompts.limits.execute.maxTokens) };
  for (const [series, times] of timesOf(methods, allDraws)) {
    const { stage, style, wording, part } = series;
    for (const { task } of problems) {
      const execute = () => wordingOf(family, wording).messages(task, { answer });
      const prompts = wording === undefined ? family.prompts : { ...family.prompts, execute };
      const identity = (role: string) => pricedModel(handles[role]!);
      const room = (role: string) => rooms[role];
      const { each, once } = worstOf({ prompts, prices, identity, room }, stage, { stages, style }, task);
      add(total, part === "plan" ? once : each, part === "plan" ? times : times * stage.execute.samples);
    }
  }
  return total;
}

/** Each series with how often its draws may be made. */
function timesOf(methods: readonly Method[], allDraws: boolean): [Series, number][] {
  const shared = new Map<string, Series>();
  const own: [Series, number][] = [];
  for (const { series } of methods) {
    const goals = Math.max(1, ...series.map(({ stage }) => (stage.plan?.kind === "goal" ? stage.execute.samples : 1)));
    for (const one of series) {
      const depends = one.part === "plan" ? one.style === "critique" : one.stage.sees.length > 0;
      if (!depends || (one.part === "sample" && one.stage.plan?.kind === "goal")) {
        const known = shared.get(one.id);
        if (!known || known.stage.execute.samples < one.stage.execute.samples) shared.set(one.id, one);
      } else own.push([one, allDraws ? goals : 1]);
    }
  }
  return [...[...shared.values()].map((one): [Series, number] => [one, 1]), ...own];
}

function add(total: Worst, { usd, calls, tokens }: Worst, times: number): void {
  total.usd = total.usd === null || usd === null ? null : total.usd + usd * times;
  total.calls += calls * times;
  total.tokens += tokens * times;
}
