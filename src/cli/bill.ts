import { unansweredText } from "../nodes/unanswered.js";
import type { Answer } from "../state/answer.js";
import type { Ledger, LedgerEntry } from "../state/ledger.js";
import { dollars } from "./output.js";

/** What a bill is told from. */
export interface Billed {
  answer: Answer;
  ledger: Ledger;
  calls: readonly LedgerEntry[];
}

const ENDED: Record<NonNullable<Answer["stopped"]>, string> = {
  budget: "ended early by the budget",
  timeout: "ended early by the timeout",
  rejected: "ended by a person",
};

/** The answer's origin and the bill beside the large model alone, as lines for people. */
export function billLines({ answer, ledger, calls: rows }: Billed): string[] {
  const confidence = answer.confidence === null ? "" : `, confidence ${answer.confidence.toFixed(2)}`;
  const fallback = answer.fallbackFrom ? `; the stage "${answer.fallbackFrom}" gave nothing readable` : "";
  const stopped = answer.stopped ? `; ${ENDED[answer.stopped]}` : "";
  const { ifLargeAlone } = ledger;
  const roles = Object.entries(ledger.byRole).map(
    ([role, { model, calls, cached, lost, inputTokens, outputTokens, cachedInputTokens }]) => {
      const held = cachedInputTokens ? ` (${cachedInputTokens} of them in the provider's cache)` : "";
      const apart = [cached > 0 && `${cached} from the tape`, lost > 0 && `${lost} lost`].filter(Boolean).join(", ");
      const { cost } = costOf(rows.filter((row) => row.role === role));
      return `  ${role.padEnd(7)} ${count(calls, "call")}${apart && ` (${apart})`}, ${tokens(inputTokens)} tokens in${held}, ${tokens(outputTokens)} out, ${cost}  ${model}`;
    },
  );
  const { cost, unknown } = costOf(rows);
  const failed = (ledger.unanswered ?? []).map((one) => `Failed: ${unansweredText(one)}`);
  return [
    `From:   stage "${answer.stage}"${confidence}${fallback}${stopped}`,
    ...failed,
    `Bill:   ${cost} in ${count(ledger.calls, "call")}${unknown > 0 ? `; ${count(unknown, "call")} of unknown cost` : ""}`,
    ...roles,
    `  the large model alone: ${tokens(ifLargeAlone.inputTokens)} tokens in, ${tokens(ifLargeAlone.outputTokens)} out, ${dollars(ifLargeAlone.usd)}, ${ifLargeAlone.estimated ? "estimated" : "measured"}${shareOf(ledger)}`,
  ];
}

/** The sum of what is known, and how many calls it leaves out. */
function costOf(rows: readonly LedgerEntry[]): { cost: string; unknown: number } {
  const known = rows.filter((row) => row.usd !== null);
  const total = known.reduce((sum, row) => sum + row.usd!, 0);
  const unknown = rows.length - known.length;
  if (unknown === 0) return { cost: dollars(total), unknown };
  return { cost: total > 0 ? `at least ${dollars(total)}` : dollars(null), unknown };
}

/** What this run had the large model write, beside what it would have written alone. */
function shareOf({ byRole, ifLargeAlone }: Ledger): string {
  const { large } = byRole;
  if (!large) return "; this run did not ask it";
  if (large.outputTokens === null || !ifLargeAlone.outputTokens) return "";
  const share = large.outputTokens / ifLargeAlone.outputTokens;
  const words =
    share > 1 ? `${Number(share.toFixed(1))} times as many tokens` : `${Math.round(100 * share)} % of these`;
  return `; in this run it wrote ${words}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function tokens(n: number | null): string {
  return n === null ? "unknown" : String(n);
}
