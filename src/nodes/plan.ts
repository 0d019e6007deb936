import { Command, Send, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { emptyPlan } from "../families/plans.js";
import { onlyThought, thinkingIn } from "../models/thinking/reply.js";
import { labelSamples } from "../scorers/classes.js";
import { keepUnknown } from "../scorers/keep-unknown.js";
import type { RunState, RunUpdate } from "../state/channels.js";
import type { LedgerEntry } from "../state/ledger.js";
import type { Plan } from "../state/plan.js";
import type { Stage } from "../state/stage.js";
import { samplesOf, unknownIn } from "./carry.js";
import { callFor, type Kit, type SampleOrder } from "./kit.js";
import { planRequest } from "./requests.js";
import { critiqueOf, type Critique } from "./critique.js";
import { giveRoom, withSeen } from "./thinking.js";
import { planWave } from "./wave.js";

/**
 * Asks the stage's planner for one plan. A failed call, and one that gave nothing usable, is a plan without text that says why.
 * `isUnusable`: its planner did say something.
 */
async function writePlan(
  kit: Kit,
  stage: Stage,
  id: string,
  critique: Critique,
  order: Pick<SampleOrder, "turn" | "task" | "settings" | "attempts">,
  config: LangGraphRunnableConfig,
): Promise<{ plan: Plan; calls: LedgerEntry[]; isUnusable: boolean }> {
  const { by, kind } = stage.plan!;
  const { task, settings } = order;
  const family = kit.family(settings);
  const asking = { family, task, stage, seed: settings.seed, id };
  const request = planRequest(asking, settings.guideline, critique);
  const { reply, failed: lost, entries } = await callFor(kit, request, order, config);
  const text = reply ? family.prompts.tidyPlan(reply.text, kind, task) : "";
  const empty = reply && text === "" ? emptyPlan(reply) : undefined;
  const failed = lost ?? empty;
  const calls = empty
    ? entries.map((row, i) => (i < entries.length - 1 ? row : { ...row, error: empty.code }))
    : entries;
  return {
    plan: { id, stage: stage.name, kind, by, text, ...(reply && thinkingIn(reply)), ...(failed ? { failed } : {}) },
    calls,
    isUnusable: empty !== undefined && !onlyThought(reply!),
  };
}

/**
 * The planner of a stage that writes one goal a sample. Runs once a `Send` and hands on by `Command`: a router after it
 * would see the graph's state, not this sample's order. A failed planner hands on too, or the check would never run.
 */
export function createGoalNode(kit: Kit, stage: Stage, executeNode: string) {
  return async function writeGoal(order: SampleOrder, config: LangGraphRunnableConfig) {
    const id = `${order.turn}/${stage.name}/${order.index}`;
    const { plan, calls, isUnusable } = await writePlan(kit, stage, id, {}, order, config);
    const handed: SampleOrder = {
      ...order,
      ...(plan.text ? { goal: plan.text } : {}),
      // Where its planner said something that is no goal, the sample is drawn without one: it votes all the same.
      ...(plan.failed && !isUnusable ? { planFailed: plan.failed } : {}),
      // A model that was just seen to think has room from its next call on.
      settings: plan.thinking === undefined ? order.settings : await giveRoom(kit, order.settings, [plan.by]),
    };
    return new Command({ update: { plans: [plan], calls }, goto: new Send(executeNode, handed) });
  };
}

/** The planner of a stage that writes one guideline for all its samples; the first wave is planned when it is there. */
export function createGuidelineNode(kit: Kit, stage: Stage) {
  return async function writeGuideline(state: RunState, config: LangGraphRunnableConfig): Promise<RunUpdate> {
    const id = `${state.turn}/${stage.name}`;
    const attempts = state.wave?.attempts ?? 1;
    const critique = state.settings.guideline === "critique" ? await critiqueBefore(kit, state) : {};
    const { plan, calls } = await writePlan(kit, stage, id, critique, { ...state, attempts }, config);
    const settings = await withSeen(kit, state.settings, { ...state, plans: [...state.plans, plan] });
    const paid = { ...state, settings, calls: [...state.calls, ...calls] };
    const wave = await planWave(kit, paid, stage.name, { planned: true, doomed: plan.failed !== undefined }, config);
    return { plans: [plan], calls, wave, ...(settings === state.settings ? {} : { settings }) };
  };
}

/** What the latest stage with samples got wrong. */
export async function critiqueBefore(kit: Kit, { samples, settings, verdicts }: RunState): Promise<Critique> {
  const stage = samples.at(-1)?.stage;
  if (stage === undefined) return {};
  const family = kit.family(settings);
  const drawn = samplesOf(stage, samples);
  const labels = await labelSamples(drawn, keepUnknown(family.same, unknownIn(verdicts)).same);
  const printed = drawn.map(({ value, checks }) => ({
    value: value === undefined ? null : family.print(value),
    checks,
  }));
  return critiqueOf(printed, labels);
}
