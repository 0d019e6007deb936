import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Critique } from "../cascade/shown.js";
import type { AnyFamily, GuidelineStyle, ShownPlans } from "../families/types.js";
import type { AbilityName } from "../models/abilities.js";
import type { CallContext, CallOutcome, CallRequest } from "../calls/call.js";
import { embedder, NO_SAMPLING } from "../models/embedder.js";
import { deriveSeed } from "../calls/request-key.js";
import { onlyThought, withRoom } from "../models/thinking/reply.js";
import type { OnToken } from "../calls/types.js";
import type { Failed } from "../state/sample.js";
import type { Json } from "../state/message.js";
import type { Settings } from "../state/options.js";
import type { Stage } from "../state/stage.js";
import type { Kit } from "./kit.js";
import { roomFor } from "./thinking.js";

/** What a stage's call depends on beside the stage: the same for a run of the graph and for draws that are recorded. */
export interface Asking {
  family: Pick<AnyFamily, "prompts">;
  task: Json;
  stage: Stage;
  /** Seed of the run; the call's own derives from it and from its id. */
  seed: number;
  /** `turn/stage/index` for what is drawn once a sample, `turn/stage` for what is drawn once a stage. */
  id: string;
}

/** The call that writes a plan of `stage.plan`'s kind. */
export function planRequest(
  { family: { prompts }, task, stage, seed, id }: Asking,
  style: GuidelineStyle,
  critique: Critique = {},
): CallRequest {
  const { by, kind, temperature, maxTokens } = stage.plan!;
  const limits = prompts.limits[kind];
  const call = `${id}/${kind}`;
  return {
    call,
    role: by,
    stage: stage.name,
    purpose: kind,
    messages: prompts.plan(task as never, { kind, style, ...critique }),
    sampling: {
      temperature,
      maxTokens: maxTokens ?? limits.maxTokens,
      ...(limits.stop ? { stop: limits.stop } : {}),
      seed: deriveSeed(seed, call),
    },
  };
}

/** The call that draws one sample. `needs`: what the stage's scorer needs of the model. */
export function executeRequest(
  { family: { prompts }, task, stage, seed, id }: Asking,
  shown: ShownPlans,
  needs: readonly AbilityName[] = [],
): CallRequest {
  const limits = prompts.limits.execute;
  const call = `${id}/execute`;
  const tools = prompts.tools?.(task as never) ?? [];
  const grammar = prompts.grammar?.(task as never);
  return {
    call,
    role: stage.execute.by,
    stage: stage.name,
    purpose: "execute",
    messages: prompts.execute(task as never, shown),
    sampling: {
      temperature: stage.execute.temperature,
      maxTokens: stage.execute.maxTokens ?? limits.maxTokens,
      ...(limits.stop ? { stop: limits.stop } : {}),
      seed: deriveSeed(seed, call),
      ...(needs.includes("logprobs") ? { logprobs: true } : {}),
      ...(grammar === undefined ? {} : { grammar }),
    },
    ...(tools.length > 0 ? { tools } : {}),
  };
}

/** The call that makes a vector of a text. Nothing depends on its seed. */
export function embedRequest({
  text,
  ...request
}: Pick<CallRequest, "role" | "stage" | "call"> & { text: string }): CallRequest {
  return { ...request, purpose: "embed", messages: [{ role: "user", content: text }], sampling: NO_SAMPLING };
}

/** What one planned sample needs; the argument of every `Send`. */
export interface SampleOrder {
  turn: number;
  task: Json;
  settings: Settings;
  index: number;
  attempts: number;
  goal?: string;
  guideline?: string;
  /** The planner's call failed: the sample fails without a call. */
  planFailed?: Failed;
  /** Nothing is to be drawn: the run only walks on to the stage's check. */
  skip?: true;
}

/** Where a run is kept. */
export interface Whereabouts {
  /** Absent without a checkpointer: nothing counts the turns there, and every run would be the first of its thread. */
  thread?: string;
  namespace: string;
}

/** Where a run is kept, as LangGraph tells its nodes. */
export function whereabouts(config: LangGraphRunnableConfig): Whereabouts {
  const { thread_id: thread, checkpoint_ns, __pregel_checkpointer: saver } = config.configurable ?? {};
  const namespace = String(checkpoint_ns ?? "");
  // The last part is the node's own task; what is before it is the graph's.
  return {
    ...(typeof thread === "string" && saver ? { thread } : {}),
    namespace: namespace.split("|").slice(0, -1).join("|"),
  };
}

/** The clock's name for a run. */
export function runKey(turn: number, settings: Settings, config: LangGraphRunnableConfig): string {
  const { thread, namespace } = whereabouts(config);
  return [thread, namespace, turn, settings.startedAt].join(" ");
}

/**
 * Calls a model for a stage, with the limits of the run around it, and with room where the model thinks. One that was not known to, and thought
 * all of its tokens away, is asked once more with room: what was granted for retries pays for it, and no budget was told of it.
 */
export async function callFor(
  kit: Kit,
  request: CallRequest,
  order: Pick<SampleOrder, "turn" | "settings" | "attempts">,
  config: LangGraphRunnableConfig,
  onToken?: OnToken,
): Promise<CallOutcome> {
  const { settings } = order;
  const room = request.purpose === "embed" ? undefined : settings.thinking?.rooms[request.role];
  const first = await callOnce(kit, withRoom(request, room), order, config, onToken);
  const { usd, tokens } = settings.budget;
  const attempts = order.attempts - first.entries.length;
  const isAway = room === undefined && first.reply !== undefined && onlyThought(first.reply);
  if (!isAway || request.purpose === "embed" || attempts < 1 || usd !== undefined || tokens !== undefined) return first;
  const roomy = withRoom(request, roomFor(settings.thinking?.tokens, await kit.model(request.role, settings)));
  const again = { ...roomy, call: `${request.call}/room` };
  const second = await callOnce(kit, again, { ...order, attempts }, config, onToken);
  const entries = [...first.entries, ...second.entries];
  return second.reply ? { ...second, entries } : { ...first, entries };
}

async function callOnce(
  kit: Kit,
  request: CallRequest,
  { turn, settings, attempts }: Pick<SampleOrder, "turn" | "settings" | "attempts">,
  config: LangGraphRunnableConfig,
  onToken?: OnToken,
): Promise<CallOutcome> {
  const { usd, calls, tokens } = settings.budget;
  const model = await kit.model(request.role, settings);
  const context: CallContext = {
    ...whereabouts(config),
    model: request.purpose === "embed" ? embedder(model, kit.embeddings, `stage "${request.stage}"`) : model,
    prices: kit.prices(settings),
    turn,
    attempts,
    callTimeoutMs: settings.callTimeoutMs,
    budgeted: usd !== undefined || calls !== undefined || tokens !== undefined,
    concurrency: settings.concurrency,
    run: runKey(turn, settings, config),
    signal: config.signal,
    deadline: kit.clock.deadline(runKey(turn, settings, config), settings.budget.ms),
    ...(onToken ? { onToken } : {}),
  };
  return kit.call(request, context);
}
