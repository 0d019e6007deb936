import type { Pending, Preview } from "../state/pending.js";
import { dollars, visible } from "./output.js";

/** What a run that waits for a person shows, for people: the decision, what would be sent whole, and what it may cost. */
export function pendingLines(pending: Pending): string[] {
  const { stage, requests, worst, best, problem } = pending;
  const asked =
    pending.asks === "guideline"
      ? [`Stage "${stage}" waits: is this guideline by ${pending.by} to be used?`, indented(pending.guideline)]
      : [`Stage "${stage}" waits: may it ${pending.reasons.map((reason) => REASONS[reason]).join(" and ")}?`];
  const price = worst.usd === null ? "an unknown price" : dollars(worst.usd);
  return [
    ...(problem ? [visible(problem)] : []),
    ...asked,
    ...requests.flatMap(requestLines),
    `At most: ${price}, ${worst.calls} calls, ${worst.tokens} tokens, retries included`,
    best
      ? visible(`Best so far: ${best.value} (${best.stage}, confidence ${Number(best.confidence.toFixed(2))})`)
      : "Best so far: nothing; a rejection ends the run without an answer",
  ];
}

const REASONS = { spending: "spend that much", leaving: "send this to another machine" } as const;

function requestLines({ times, purpose, role, model, local, exact, messages, tools = [], onlyIf }: Preview): string[] {
  const where = local ? "on this machine" : "elsewhere";
  const told = `${times === 1 ? "one" : times} × ${purpose} by ${role} (${model}, ${where})${exact ? "" : ", not yet whole"}${onlyIf === undefined ? "" : `, only where ${onlyIf}`}:`;
  const said = messages.map(({ role: speaker, content }) => indented(`${speaker}: ${content}`));
  return [told, ...said, ...(tools.length > 0 ? [`  tools: ${tools.map(({ name }) => name).join(", ")}`] : [])];
}

const indented = (text: string): string => visible(text).trim().replace(/^/gm, "  │ ");
