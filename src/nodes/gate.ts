import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Worst } from "../cascade/wave.js";
import type { Ask, Pending, Preview } from "../state/approval.js";
import type { RunState, RunUpdate } from "../state/channels.js";
import { askPerson, rejected } from "./ask-person.js";
import { runKey } from "./calls.js";
import { bestSoFar, stageNow } from "./history.js";
import type { Kit } from "./kit.js";
import { previewStage, worstOfStage } from "./preview.js";

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
