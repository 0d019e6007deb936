import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { readReply } from "../families/cut.js";
import type { AnyFamily, Reading, Unread } from "../families/types.js";
import type { AbilityName } from "../models/abilities.js";
import type { CallOutcome } from "../models/call.js";
import type { Reply } from "../models/types.js";
import type { Json } from "../state/json.js";
import type { Settings } from "../state/options.js";
import type { Stage } from "../state/stage.js";
import { callFor, type Kit, type SampleOrder } from "./kit.js";
import { executeRequest, type Asking } from "./requests.js";

/** What a model said for one sample, what was read from it, and what was spent. */
export interface Said extends Pick<CallOutcome, "entries"> {
  reply: Reply;
  reading: Reading<Json> | Unread | undefined;
}

/**
 * Asks the sample's model once more where what it said can only be read with doubt and its family knows a better question.
 * What was granted for retries pays for it: where that is used up, or the second answer is no better, the first one stays.
 */
export async function insist(
  kit: Kit,
  { family, needs, ...asking }: Omit<Asking, "family"> & { family: AnyFamily; needs: readonly AbilityName[] },
  order: SampleOrder,
  first: Said,
  config: LangGraphRunnableConfig,
): Promise<Said> {
  const { reading, entries } = first;
  const attempts = order.attempts - entries.length;
  if (reading?.by !== undefined || reading?.doubtful === undefined || attempts < 1) return first;
  const isLast = isLastStage(asking.stage, order.settings);
  const task = family.insist?.(asking.task as never, isLast, reading.doubtful);
  if (task === undefined) return first;
  const again = { ...asking, family, task: task as Json, id: `${asking.id}/again` };
  const second = await callFor(kit, executeRequest(again, {}, needs), { ...order, attempts }, config);
  const paid = [...entries, ...second.entries];
  const { reply } = second;
  const read = reply && (await readReply(family, reply, task as Json, config.signal));
  return read?.by === undefined ? { ...first, entries: paid } : { reply: reply!, reading: read, entries: paid };
}

/** Whether nobody comes after a stage. */
export const isLastStage = ({ name }: Stage, { stages }: Pick<Settings, "stages">): boolean =>
  stages.at(-1)!.name === name;
