import { UNBILLED } from "../models/failure.js";
import type { Json } from "../state/json.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { Settings } from "../state/options.js";
import type { Kit } from "./kit.js";
import { worstStage, type Worst } from "./limits.js";

/**
 * The rows with unknown costs put at their worst: calls that were lost or cut short may have been billed, and some
 * servers count no tokens. A budget that took them for nothing would be no limit.
 */
export async function atWorst(
  kit: Kit,
  settings: Settings,
  task: Json,
  calls: readonly LedgerEntry[],
): Promise<LedgerEntry[]> {
  const worst = new Map<string, { each: Worst; once: Worst }>();
  for (const stage of settings.stages) worst.set(stage.name, await worstStage(kit, stage, settings, task));
  return calls.map((entry) => {
    const of = worst.get(entry.stage);
    const most = entry.purpose === "guideline" ? of?.once : of?.each;
    // A recorded answer costs nothing, and so does a call that was refused before anything was computed.
    const free = entry.status === "cached" || (entry.error !== undefined && UNBILLED.has(entry.error));
    if (!most || free) return entry;
    const counted = entry.inputTokens !== null && entry.outputTokens !== null;
    const tokens = counted ? {} : { inputTokens: most.tokens, outputTokens: 0 };
    return { ...entry, ...tokens, usd: entry.usd ?? most.usd };
  });
}
