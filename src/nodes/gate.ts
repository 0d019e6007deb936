import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Ask } from "../state/ask.js";
import type { RunState, RunUpdate } from "../state/channels.js";
import type { Pending, Preview } from "../state/pending.js";
import { askPerson, rejected } from "./ask-person.js";
import { bestSoFar } from "./choose.js";
import { runKey, type Kit } from "./kit.js";
import type { Worst } from "./limits.js";
import { previewStage, worstOfStage } from "./preview.js";
import { stageNow } from "./wave.js";

/**
 * The node before a stage at which a person may say what it must not spend, or send. It asks once, for all the stage may
 * send, and lets the run pass where nothing of it was to be asked.
 */
export function createGateNode(kit: Kit, name: string) {
  return async function gate(state: RunState, config: LangGraphRunnableConfig): Promise<RunUpdate> {
    const { settings, turn } = state;
    const stage = stageNow(name, settings);
    const requests = await previewStage(kit, stage, state, { planned: false });
    const worst = await worstOfStage(kit, stage, state, { planned: false });
    const reasons = reasonsOf(settings.ask ?? {}, requests, worst);
    if (reasons.length === 0) return {};
    const best = bestSoFar(kit, state);
    const pending = { asks: "sending", stage: name, reasons, requests, worst, ...(best ? { best } : {}) } as const;
    // The time a person takes is not the run's: its clock starts again.
    kit.clock.forget(runKey(turn, settings, config));
    const response = await askPerson(pending, config);
    if (response.decision === "reject") return rejected(state, pending, response.reason);
    return { decisions: [{ stage: name, asks: "sending", decision: "approve" }] };
  };
}

/** An unknown price may be above any. */
function reasonsOf({ spendingAbove, leaving }: Ask, requests: readonly Preview[], { usd }: Worst) {
  const reasons: Extract<Pending, { asks: "sending" }>["reasons"] = [];
  if (spendingAbove !== undefined && (usd === null || usd > spendingAbove)) reasons.push("spending");
  if (leaving && requests.some(({ local }) => !local)) reasons.push("leaving");
  return reasons;
}
