import { AIMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { createHash, randomUUID } from "node:crypto";
import { CopeError } from "../errors.js";
import { unansweredText } from "../nodes/unanswered.js";
import { spentIn } from "../models/ledger.js";
import type { StageReport } from "../state/answer.js";
import type { Ledger } from "../state/ledger.js";
import { usageOf } from "./chat-message.js";
import type { Step } from "./step.js";
import { asText, type Structured } from "./structured.js";
import type { ActionCall } from "../families/action/value.js";

/** How an agent's step was decided: `response_metadata.cope` of its message. Plain JSON. */
export interface StepReport {
  /** The stage that decided. */
  stage: string;
  /** 0 … 1; null where the last stage decided, which is not measured. */
  confidence: number | null;
  /** One sentence: evidence and decision of the deciding stage. */
  why: string;
  stages: StageReport[];
  /** The step's bill. */
  ledger: Ledger;
  /** The last stage, where it gave no step that can be taken and an earlier one's is taken instead. */
  fallbackFrom?: string;
  /** A limit or a person ended the step early. */
  stopped?: string;
}

/**
 * The decided step as the agent's message: calls under fresh ids. Id and ids are the same when the step is decided again after
 * a kill, so that what was journaled under them is found.
 *
 * @param ends - how the run ends, where it ends in a form
 * @throws CopeError `MODEL_FAILED` where no model named a step that can be taken
 */
export function stepMessage(step: Step, name: string, ends?: Structured): AIMessage {
  const { action = step.isSilent ? { answer: "" } : undefined, answer, ledger } = step;
  if (!action || "command" in action) throw nothingToDo(step);
  const usage = usageOf(ledger);
  const about = {
    response_metadata: { cope: reportOf(step) as unknown as Record<string, unknown> },
    ...(usage ? { usage_metadata: usage } : {}),
  };
  const id = `cope-${hashOf(name).slice(0, 24)}`;
  if ("answer" in action) return new AIMessage({ id, content: answer.text, ...about });
  const isEnding = (call: ActionCall) => ends?.endings.some((ending) => ending.name === call.name) ?? false;
  const message = new AIMessage({
    id,
    // Calls that were written as text are told by `tool_calls`.
    content: action.inText ? "" : answer.text,
    tool_calls: action.calls.map((call, i) => ({
      name: call.name,
      // A result has its defaults; to a tool everything goes as it was written.
      args: isEnding(call) ? (call.meant ?? call.args) : call.args,
      id: callIdOf(`${name} ${i}`),
      type: "tool_call" as const,
    })),
    ...about,
  });
  return ends?.isText && action.calls.length === 1 && isEnding(action.calls[0]!) ? asText(message) : message;
}

/** A step's report, for people and programs. */
export function reportOf({ answer, stages, ledger }: Step): StepReport {
  const { stage, confidence, fallbackFrom, stopped } = answer;
  const why = stages.findLast(({ name }) => name === stage)?.why ?? "";
  return {
    stage,
    confidence,
    why,
    stages,
    ledger,
    ...(fallbackFrom ? { fallbackFrom } : {}),
    ...(stopped ? { stopped } : {}),
  };
}

/** Why a step was taken, for people: with what failed on the way to it. */
export function whyOf({ why, fallbackFrom, ledger: { unanswered = [] } }: StepReport): string {
  const fallback = fallbackFrom === undefined ? [] : [`a fallback, since stage "${fallbackFrom}" gave no step to take`];
  return [why, ...fallback, ...unanswered.map(unansweredText)].join("; ");
}

/** Names the step that a node is about to take: the same where the node runs again, another one at every other time. */
export function stepName({ configurable = {} }: LangGraphRunnableConfig): string {
  const { thread_id: thread, checkpoint_ns: namespace, __pregel_scratchpad: pad } = configurable;
  // A node that asks twice (another middleware retries) takes two steps.
  const nth = Number((pad as { subgraphCounter?: number } | undefined)?.subgraphCounter ?? 0);
  return namespace ? JSON.stringify([thread, namespace, nth]) : randomUUID();
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Nine letters and digits: the one form of an id that every provider takes. */
const callIdOf = (name: string): string =>
  BigInt(`0x${hashOf(name)}`)
    .toString(36)
    .slice(-9);

/** The error of a step that no model named. */
export function nothingToDo({ stages, answer, ledger }: Pick<Step, "stages" | "answer" | "ledger">): CopeError {
  const tried = stages.map(({ name, why }) => `${name}: ${why}`).join("; ");
  return new CopeError(
    "MODEL_FAILED",
    `no model named a next step that can be taken (${tried}); the last one said ${JSON.stringify(answer.text.slice(0, 200))}.`,
    "look at the tools' schemas and descriptions, or give a stronger large model.",
    { spent: spentIn(ledger) },
  );
}
