import type { StageBought } from "../../state/calibration.js";
import { seriesOf } from "../series.js";
import type { View } from "../view.js";
import type { Rows } from "./choose.js";
import { decideOn, type Measure } from "./decided.js";
import type { Setting } from "./settings.js";

/**
 * What each stage of a setting bought: where problems ended, whether right, and what of the large model that saved. The
 * savings of all stages add up to those of the whole.
 */
export function boughtBy(
  setting: Setting,
  views: readonly View[],
  large: Pick<Rows, "right" | "cost">,
  measure: Measure,
): StageBought[] {
  const stageOf = new Map(
    setting.stages.flatMap((stage) => {
      const plan = seriesOf(stage, { part: "plan", style: setting.list.style });
      return [
        [seriesOf(stage).id, stage.name],
        [plan.id, stage.name],
      ] as const;
    }),
  );
  const bought = new Map(
    setting.stages.map(({ name }) => [
      name,
      { name, reached: 0, settled: 0, right: 0, largeRight: 0, cost: 0, saved: 0 },
    ]),
  );
  for (const [i, view] of views.entries()) {
    const { outcome, right, draws } = decideOn(setting, view, measure)!;
    for (const { name } of outcome.stages) {
      const stage = bought.get(name)!;
      const calls = draws.filter(({ series }) => stageOf.get(series) === name).flatMap((draw) => draw.calls);
      const cost = measure.costOf(calls)!;
      stage.reached += 1;
      stage.cost += cost;
      stage.saved -= cost;
    }
    // Where it ended, also where an earlier stage's answer stands in for an unreadable one.
    const end = bought.get(outcome.stages.at(-1)!.name)!;
    end.settled += 1;
    end.right += right ? 1 : 0;
    end.largeRight += large.right[i]!;
    end.saved += large.cost[i]!;
  }
  return [...bought.values()];
}
