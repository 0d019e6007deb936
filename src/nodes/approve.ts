import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { RunState, RunUpdate } from "../state/channels.js";
import type { Plan } from "../state/plan.js";
import { askPerson, rejected } from "./ask-person.js";
import { bestSoFar } from "./choose.js";
import { runKey, type Kit } from "./kit.js";
import { longestPlan } from "./limits.js";
import { previewStage, worstOfStage } from "./preview.js";
import { stageNow } from "./wave.js";

/** Who wrote a guideline that a person has edited. */
const PERSON = "person";

/** The node after a guideline's planner: a person takes the guideline, writes another in its place, or ends the run. */
export function createApproveNode(kit: Kit, name: string) {
  return async function approve(state: RunState, config: LangGraphRunnableConfig): Promise<RunUpdate> {
    const { settings, turn, plans, wave } = state;
    const plan = plans.findLast(({ stage, kind }) => stage === name && kind === "guideline");
    // Nothing to show where its planner failed, nothing to decide where a limit ends the run here.
    if (!settings.ask?.guideline || !plan?.text || wave?.stop) return {};
    const stage = stageNow(name, settings);
    const best = bestSoFar(kit, state);
    const pending = {
      asks: "guideline",
      stage: name,
      by: plan.by,
      guideline: plan.text,
      requests: await previewStage(kit, stage, state, { planned: true }),
      worst: await worstOfStage(kit, stage, state, { planned: true }),
      ...(best ? { best } : {}),
    } as const;
    const most = longestPlan(kit.family(settings).prompts, settings.stages, "guideline");
    // The time a person takes is not the run's: its clock starts again.
    kit.clock.forget(runKey(turn, settings, config));
    const response = await askPerson(pending, config, (given) =>
      given.decision === "edit" && Buffer.byteLength(given.guideline) > most
        ? `the guideline has ${Buffer.byteLength(given.guideline)} bytes, and worst cases were told for ${most} at the most.`
        : undefined,
    );
    if (response.decision === "reject") return rejected(state, pending, response.reason);
    const { decision } = response;
    const edited: Plan = { ...plan, by: PERSON, text: decision === "edit" ? response.guideline : plan.text };
    return {
      decisions: [{ stage: name, asks: "guideline", decision }],
      ...(decision === "edit" ? { plans: [edited] } : {}),
    };
  };
}
