import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { RunUpdate } from "../state/channels.js";
import type { Sample } from "../state/sample.js";
import type { Stage } from "../state/stage.js";
import { needsOf } from "./needs.js";
import { callFor, type Kit, type SampleOrder } from "./kit.js";
import { executeRequest } from "./requests.js";

/** Draws one sample. Whatever goes wrong with the model is a failed sample: a throw would abort its paid siblings. */
export function createExecuteNode(kit: Kit, stage: Stage) {
  return async function execute(order: SampleOrder, config: LangGraphRunnableConfig): Promise<RunUpdate> {
    if (order.skip) return {};
    const id = `${order.turn}/${stage.name}/${order.index}`;
    const shown = {
      ...(order.goal ? { goal: order.goal } : {}),
      ...(order.guideline ? { guideline: order.guideline } : {}),
    };
    const base = { id, stage: stage.name, index: order.index, text: "", ...(order.goal ? { goal: order.goal } : {}) };
    if (order.planFailed) {
      const { code, message, runOver } = order.planFailed;
      const failed = { code, message: `its planner's call failed: ${message}`, ...(runOver ? { runOver } : {}) };
      return { samples: [{ ...base, failed }] };
    }
    const family = kit.family(order.settings);
    const { task, settings } = order;
    const asking = { family, task, stage, seed: settings.seed, id };
    const request = executeRequest(asking, shown, needsOf(kit, stage, settings));
    const { reply, failed, entries } = await callFor(kit, request, order, config);
    if (!reply) return { samples: [{ ...base, failed: failed! }], calls: entries };
    const reading = family.read(reply.text, task);
    const sample: Sample = {
      ...base,
      text: reply.text,
      ...(reading ? { value: reading.value, readBy: reading.by } : {}),
      ...(reply.logprobs ? { logprobs: reply.logprobs } : {}),
      ...(reply.finish ? { finish: reply.finish } : {}),
    };
    return { samples: [sample], calls: entries };
  };
}
