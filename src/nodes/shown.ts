import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { createHash } from "node:crypto";
import { canonicalJson } from "../models/request-key.js";
import type { Pending } from "../state/pending.js";

/** What a person decides about: all that the name of a pending question is made of. */
export type Asking = Pick<Pending, "asks" | "stage" | "requests"> & { guideline?: string };

/** The name of a pending question: another one as soon as anything of what it shows to be sent is another. */
export function pendingId({ asks, stage, requests, guideline }: Asking): string {
  return createHash("sha256").update(canonicalJson({ asks, stage, requests, guideline })).digest("hex").slice(0, 32);
}

/** Names the place in a thread that waits, within other graphs: there two runs that would send the same are two questions. */
export function placeOf({ configurable = {} }: LangGraphRunnableConfig): { place?: string } {
  const namespace = String(configurable["checkpoint_ns"] ?? "");
  if (!namespace.includes("|")) return {};
  return { place: createHash("sha256").update(namespace).digest("hex").slice(0, 8) };
}

/** What a thread shows to people, and where that is kept. */
export interface Shown {
  /** The values of the interrupts that wait. */
  values: unknown[];
  /** Forgets an answer that named no interrupt: it has been taken, or kept from who was not meant. LangGraph would give it to others. */
  spendBare(): Promise<void>;
}

/** Stands where an answer was that has been spent. */
const SPENT = "cope: this answer has been spent";
export const isSpent = (answer: unknown): boolean => answer === SPENT;

/** Channels of a task's writes that say nothing of its having ended. */
const WAITING: ReadonlySet<string> = new Set(["__interrupt__", "__resume__", "__error__"]);
/** LangGraph's name for who writes an answer that names no interrupt. */
const NOBODY = "00000000-0000-0000-0000-000000000000";

/**
 * What the thread shows to people right now: the interrupts of its outermost graph. A node that runs several cascades shows the
 * first that waits, and LangGraph gives an answer to all of them.
 */
export async function shownTo({ configurable = {} }: LangGraphRunnableConfig): Promise<Shown> {
  const { thread_id, checkpoint_ns, __pregel_checkpointer } = configurable;
  const saver = __pregel_checkpointer as BaseCheckpointSaver;
  const parts = String(checkpoint_ns ?? "").split("|");
  for (let outer = 0; outer < parts.length; outer++) {
    const namespace = parts.slice(0, outer).join("|");
    const kept = await saver.getTuple({ configurable: { thread_id, checkpoint_ns: namespace } });
    if (!kept) continue;
    const writes = kept.pendingWrites ?? [];
    const ended = new Set(writes.filter(([, channel]) => !WAITING.has(channel)).map(([task]) => task));
    const values = writes
      .filter(([task, channel]) => channel === "__interrupt__" && !ended.has(task))
      .flatMap(([, , interrupts]) => [interrupts].flat().map((one) => (one as { value?: unknown }).value));
    const where = { configurable: { thread_id, checkpoint_ns: namespace, checkpoint_id: kept.checkpoint.id } };
    return { values, spendBare: () => saver.putWrites(where, [["__resume__", SPENT]], NOBODY) };
  }
  return { values: [], spendBare: async () => {} };
}
