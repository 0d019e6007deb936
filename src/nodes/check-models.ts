import { CopeError } from "../errors.js";
import { pricedModel } from "../models/types.js";
import { parseSpec } from "../models/spec.js";
import type { Json } from "../state/json.js";
import type { Settings } from "../state/options.js";
import { assertCalibratedFamily, assertCalibratedModel } from "./calibrated.js";
import { withScorers } from "./choose-scorer.js";
import type { Kit } from "./kit.js";
import { checkAbilities } from "./needs.js";
import { rolesOf } from "./settings.js";
import { withRooms } from "./thinking.js";

/**
 * Opens every model that a stage uses, so that a wrong name, a missing key, a lack of what a scorer or the task needs, or another model
 * than the calibration was made with is told before any call is paid: what is known here first, then what a server has to be
 * asked for.
 *
 * @param checked - `before`: the settings of the thread's last turn, whose models were perhaps seen to think
 * @returns the settings with the scorers that these models allow, and room for those that think
 */
export async function checkModels(
  kit: Kit,
  settings: Settings,
  { task, thresholdsOpen, before }: { task?: Json; thresholdsOpen: boolean; before?: Settings | undefined },
): Promise<Settings> {
  if (kit.madeWith) assertCalibratedFamily(kit.madeWith, settings.family);
  // Also one that no stage asks: it is compared with, and a question that is meant for its address must not wait for that.
  for (const name of Object.values(settings.models)) if (name !== "given") parseSpec(name);
  for (const role of rolesOf(settings.stages)) {
    const handle = await kit.model(role, settings);
    const { identity } = handle;
    if (kit.madeWith) assertCalibratedModel(kit.madeWith, role, identity);
    if (settings.budget.usd !== undefined && !kit.prices(settings).has(pricedModel(handle))) {
      const name = `${identity.provider}:${identity.model}`;
      throw new CopeError(
        "PRICE_UNKNOWN",
        `a budget in dollars is set, and the price of ${name} (role "${role}") is unknown.`,
        `limit the calls instead (--max-calls, or budget.calls), or give the price in dollars per million tokens to createCope: prices: { "${name}": { input: …, output: … } }.`,
      );
    }
  }
  const scored = await withRooms(kit, await withScorers(kit, settings, thresholdsOpen), before);
  await checkAbilities(kit, scored, task);
  return scored;
}
