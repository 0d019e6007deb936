import type { Answer } from "../state/answer.js";
import type { Ledger } from "../state/ledger.js";
import { dollars } from "./output.js";

/** The answer's origin and the bill beside the large model alone, as lines for people. */
export function billLines({ answer, ledger }: { answer: Answer; ledger: Ledger }): string[] {
  const confidence = answer.confidence === null ? "" : `, confidence ${answer.confidence.toFixed(2)}`;
  const fallback = answer.fallbackFrom ? `; the stage "${answer.fallbackFrom}" gave nothing readable` : "";
  const stopped = answer.stopped ? `; ended early by the ${answer.stopped}` : "";
  const { large } = ledger.byRole;
  const { ifLargeAlone } = ledger;
  const roles = Object.entries(ledger.byRole).map(
    ([role, { model, calls, cached, lost, inputTokens, outputTokens, usd }]) => {
      const apart = [cached > 0 && `${cached} from the tape`, lost > 0 && `${lost} lost`].filter(Boolean).join(", ");
      return `  ${role.padEnd(7)} ${count(calls, "call")}${apart && ` (${apart})`}, ${tokens(inputTokens)} tokens in, ${tokens(outputTokens)} out, ${dollars(usd)}  ${model}`;
    },
  );
  const share =
    large?.outputTokens != null && ifLargeAlone.outputTokens
      ? ` (here: ${Math.round((100 * large.outputTokens) / ifLargeAlone.outputTokens)} % of its output tokens)`
      : large
        ? ""
        : " (here: not asked at all)";
  return [
    `From:   stage "${answer.stage}"${confidence}${fallback}${stopped}`,
    `Bill:   ${dollars(ledger.usd)} in ${count(ledger.calls, "call")}`,
    ...roles,
    `  the large model alone: ${tokens(ifLargeAlone.inputTokens)} tokens in, ${tokens(ifLargeAlone.outputTokens)} out, ${dollars(ifLargeAlone.usd)}, ${ifLargeAlone.estimated ? "estimated" : "measured"}${share}`,
  ];
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function tokens(n: number | null): string {
  return n === null ? "unknown" : String(n);
}
