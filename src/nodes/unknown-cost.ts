import { UNBILLED } from "../models/failure.js";
import { sum } from "../models/ledger.js";
import type { RunState } from "../state/channels.js";
import type { Json } from "../state/json.js";
import type { Ledger, LedgerEntry } from "../state/ledger.js";
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

/** What a turn may have cost at most; undefined without a budget, where nothing is held to it. */
export async function mostSpent(
  kit: Kit,
  { settings, task, calls }: Pick<RunState, "settings" | "task" | "calls">,
): Promise<Ledger["atMost"]> {
  const { usd, calls: attempts, tokens } = settings.budget;
  if (usd === undefined && attempts === undefined && tokens === undefined) return undefined;
  const rows = (await atWorst(kit, settings, task, calls)).filter(({ status }) => status !== "cached");
  // What was refused before anything was computed has no tokens.
  const counts = rows.flatMap(({ inputTokens, outputTokens }) => [inputTokens ?? 0, outputTokens ?? 0]);
  return { tokens: sum(counts), usd: sum(rows.map((row) => row.usd)) };
}
