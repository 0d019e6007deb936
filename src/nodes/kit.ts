import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { AnyFamily } from "../families/types.js";
import type { CallContext, Caller, CallOutcome, CallRequest } from "../models/call.js";
import { embedder } from "../models/embedder.js";
import type { PriceBook } from "../models/prices.js";
import { onlyThought, withRoom } from "../models/thinking/reply.js";
import type { ChatHandle, OnToken } from "../models/types.js";
import type { Scorer } from "../scorers/types.js";
import type { Failed } from "../state/failed.js";
import type { Json } from "../state/json.js";
import type { Settings } from "../state/options.js";
import type { Stage } from "../state/stage.js";
import type { MadeWith } from "./calibrated.js";
import type { Clock } from "./clock.js";
import { roomFor } from "./thinking.js";

/** What nodes work with and state cannot hold: functions and open handles, found by the names that state carries. */
export interface Kit {
  family(settings: Settings): AnyFamily;
  scorer(stage: Stage, settings: Settings): Scorer;
  /** The scorer that was given for all stages that name none: it is not exchanged. */
  scorerGiven?: string | Scorer;
  model(role: string, settings: Settings): Promise<ChatHandle>;
  /** What makes vectors of texts, where it is not the model itself. */
  embeddings?: EmbeddingsInterface;
  prices(settings: Settings): PriceBook;
  call: Caller;
  clock: Clock;
  /** What the calibration in use was made with; absent without one. */
  madeWith?: MadeWith;
  /** A turn begins: nothing asks again for what was journaled of the turns before it. */
  begun(where: Whereabouts, turn: number): Promise<void>;
  /** The turn is over: what was kept in memory to resume it may go. A durable journal keeps it until the next begins. */
  settled(where: Whereabouts, turn: number): Promise<void>;
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
