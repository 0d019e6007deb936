import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { readReply } from "../families/cut.js";
import type { Reading, Unread } from "../families/types.js";
import type { CallRequest } from "../models/call.js";
import { thinkingIn } from "../models/thinking/reply.js";
import type { RunUpdate } from "../state/channels.js";
import type { Json } from "../state/json.js";
import type { Sample } from "../state/sample.js";
import type { Stage } from "../state/stage.js";
import { drawAnswer } from "./answer-stream.js";
import { needsOf } from "./needs.js";
import { insist } from "./insist.js";
import { callFor, type Kit, type SampleOrder } from "./kit.js";
import { embedRequest, executeRequest } from "./requests.js";
import { stageNow } from "./wave.js";

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
      const failed = {
        code,
        message: `its planner ${code === "PLAN_EMPTY" ? "wrote no plan" : "failed"}: ${message}`,
        ...(runOver ? { runOver } : {}),
      };
      return { samples: [{ ...base, failed }] };
    }
    const family = kit.family(order.settings);
    const { task, settings } = order;
    // This run's own, whose lengths may differ from those of the list that the graph was built of.
    const current = stageNow(stage.name, settings);
    const asking = { family, task, stage: current, seed: settings.seed, id };
    const needs = needsOf(kit, stage, settings);
    const request = executeRequest(asking, shown, needs);
    // Nothing is held against it and nothing can come after it: what it says is the answer while it is being said.
    const isAnswer = family.streams && settings.stages.at(-1)?.name === stage.name && current.execute.samples === 1;
    const drawn: Awaited<ReturnType<typeof drawAnswer>> = isAnswer
      ? await drawAnswer(request.messages, (onToken) => callFor(kit, request, order, config, onToken), config)
      : await callFor(kit, request, order, config);
    const { failed, messageId } = drawn;
    if (!drawn.reply) return { samples: [{ ...base, failed: failed! }], calls: drawn.entries };
    const first = {
      ...drawn,
      reply: drawn.reply,
      reading: await readReply(family, drawn.reply, task, config.signal),
    };
    const { reply, reading, entries } = await insist(kit, { ...asking, needs }, order, first, config);
    const embedded = needs.includes("embeddings") ? await vectorOf(kit, request, reply.text, order, config) : undefined;
    const sample: Sample = {
      ...base,
      text: reply.text,
      ...thinkingIn(reply),
      ...(messageId ? { messageId } : {}),
      ...(reading && readingOf(reading)),
      ...(embedded?.vector ? { vector: embedded.vector } : {}),
      ...(reply.logprobs ? { logprobs: reply.logprobs.map(finite) } : {}),
      ...(reply.finish ? { finish: reply.finish } : {}),
    };
    return { samples: [sample], calls: [...entries, ...(embedded?.entries ?? [])] };
  };
}

/** A token that could not come, as some servers round: state is JSON, which knows no infinity. */
const finite = (logprob: number): number => Math.max(-Number.MAX_VALUE, logprob);

/** What was read, or why nothing was. */
function readingOf(
  reading: Reading<Json> | Unread,
): Pick<Sample, "value" | "readBy" | "checks" | "sandbox" | "unread" | "doubtful"> {
  const { checks, sandbox } = reading;
  const run = { ...(checks ? { checks } : {}), ...(sandbox ? { sandbox } : {}) };
  if (reading.by === undefined) {
    const { why, doubtful } = reading;
    return { unread: why, ...(doubtful === undefined ? {} : { doubtful }), ...run };
  }
  return { value: reading.value, readBy: reading.by, ...run };
}

/** The text as a vector, for a scorer that compares meanings; none where the call for it failed. */
async function vectorOf(
  kit: Kit,
  { role, stage, call }: CallRequest,
  text: string,
  order: SampleOrder,
  config: LangGraphRunnableConfig,
) {
  const { reply, entries } = await callFor(
    kit,
    embedRequest({ role, stage, call: `${call}/embed`, text }),
    order,
    config,
  );
  return { entries, ...(reply ? { vector: JSON.parse(reply.text) as number[] } : {}) };
}
