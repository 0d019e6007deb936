import { Send } from "@langchain/langgraph";
import { shownPlans, verdictOf } from "../nodes/carry.js";
import type { SampleOrder } from "../nodes/kit.js";
import { asksBeforeSending } from "../state/ask.js";
import type { RunState } from "../state/channels.js";
import type { Stage } from "../state/stage.js";

/** Names of a stage's nodes. */
export const nodesOf = (name: string) => ({
  gate: `${name}_gate`,
  plan: `${name}_plan`,
  approve: `${name}_approve`,
  execute: `${name}_execute`,
  check: `${name}_check`,
});

/** The node that samples of a stage are sent to: its planner where every sample has a goal of its own. */
export function sampleNode(stage: Stage): string {
  const { plan, execute } = nodesOf(stage.name);
  return stage.plan?.kind === "goal" ? plan : execute;
}

/** The node through which a run enters a stage. */
export function entryNode(stage: Stage): string {
  const { plan, execute } = nodesOf(stage.name);
  return stage.plan ? plan : execute;
}

/** Sends the wave that state holds: one order a sample. An empty wave is one order to draw nothing, or the run would end here. */
export function sendWave(stage: Stage, state: RunState): Send[] {
  const { turn, task, settings, wave } = state;
  const order: SampleOrder = {
    turn,
    task,
    settings,
    attempts: wave?.attempts ?? 1,
    index: 0,
    ...shownPlans(stage, state),
  };
  const indices = wave?.indices ?? [];
  const orders: SampleOrder[] =
    indices.length > 0 ? indices.map((index) => ({ ...order, index })) : [{ ...order, skip: true }];
  return orders.map((one) => new Send(sampleNode(stage), one));
}

/** How a run enters a stage: to its one guideline first, or with its first wave. Returns the label `enter` for the former. */
export function enter<Label extends string>(stage: Stage, label: Label): (state: RunState) => Label | Send[] {
  return (state) => (stage.plan?.kind === "guideline" ? label : sendWave(stage, state));
}

/** After intake: into the first stage, or to the gate before it where anything may have to be asked there. */
export function afterIntake(first: Stage): (state: RunState) => "ask" | "enter" | Send[] {
  return (state) => (asksBeforeSending(state.settings.ask) ? "ask" : enter(first, "enter")(state));
}

/** After a gate: into its stage, or to the end. */
export function afterGate(stage: Stage): (state: RunState) => "approve" | "reject" | Send[] {
  return (state) => (state.wave?.stop === "rejected" ? "reject" : enter(stage, "approve")(state));
}

/** After a guideline was written: its wave, or to the node that shows it first. */
export function afterGuideline(stage: Stage): (state: RunState) => "ask" | Send[] {
  return (state) => (state.settings.ask?.guideline ? "ask" : sendWave(stage, state));
}

/** After a guideline was shown: its wave, or the end. */
export function afterApproval(stage: Stage): (state: RunState) => "reject" | Send[] {
  return (state) => (state.wave?.stop === "rejected" ? "reject" : sendWave(stage, state));
}

/** After a check: reads the verdict that the check has written, and decides nothing. */
export function afterCheck(stage: Stage, next: Stage | undefined) {
  return (state: RunState): "accept" | "escalate" | "ask" | Send[] => {
    const decision = verdictOf(stage.name, state.verdicts)?.decision;
    if (decision === "sample") return sendWave(stage, state);
    if (decision !== "escalate" || !next) return "accept";
    return asksBeforeSending(state.settings.ask) ? "ask" : enter(next, "escalate")(state);
  };
}
