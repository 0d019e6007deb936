import { AIMessageChunk, type UsageMetadata } from "@langchain/core/messages";
import { randomBytes } from "node:crypto";
import { actionOf } from "../families/action/value.js";
import { sum } from "../models/ledger.js";
import type { Answer, StageReport } from "../state/answer.js";
import type { JsonObject } from "../state/tool.js";
import type { Ledger } from "../state/ledger.js";
import type { Verdict } from "../state/verdict.js";
import type { CascadeResult } from "./cascade.js";

/** `response_metadata.cope` of an answer: how the cascade came to it, and its bill. */
export interface CopeMetadata extends Pick<Answer, "stage" | "confidence" | "value" | "fallbackFrom" | "stopped"> {
  stages: StageReport[];
  verdicts: Verdict[];
  ledger: Ledger;
}

/** A call as LangChain's messages have it. */
export interface MadeCall {
  type: "tool_call";
  id: string;
  name: string;
  args: JsonObject;
}

/** The parts of a message that leaves: nothing in it is of the provider whose model wrote it. */
export interface Said {
  content: string;
  tool_calls: MadeCall[];
  /** The whole run's; absent where a server counted nothing. */
  usage_metadata: UsageMetadata | undefined;
  response_metadata: { model_provider: string; model_name: string; finish_reason?: string; cope: CopeMetadata };
}

/**
 * A run's outcome as a message.
 *
 * @param kind - `action`: the value is a step of an agent; `data`: the value is JSON that is to be parsed; else the text is what counts
 * @param stop - strings at which the text ends
 */
export function messageOf(
  { answer, ledger, stages, verdicts, samples }: CascadeResult,
  {
    name,
    kind,
    stop = [],
  }: { name: string; kind?: "action" | "data" | undefined; stop?: readonly string[] | undefined },
): Said {
  const { text, value, stage, confidence, fallbackFrom, stopped } = answer;
  const action = kind === "action" && value !== null ? actionOf(value) : undefined;
  const calls = action && "calls" in action ? action.calls : [];
  const whole = kind === "data" && value !== null ? value : text;
  const content = cut(action && "answer" in action && action.as === undefined ? action.answer : whole, stop);
  const finish = samples.find((sample) => sample.stage === stage && sample.text === text)?.finish;
  const finish_reason =
    calls.length > 0 ? "tool_calls" : content.length < whole.length && stop.length > 0 ? "stop" : finish;
  const cope: CopeMetadata = {
    stage,
    confidence,
    value,
    ...(fallbackFrom === undefined ? {} : { fallbackFrom }),
    ...(stopped === undefined ? {} : { stopped }),
    stages,
    verdicts,
    ledger,
  };
  return {
    content: action && "calls" in action && action.inText ? "" : content,
    tool_calls: calls.map(({ name: tool, args }) => ({ type: "tool_call", id: freshId(), name: tool, args })),
    usage_metadata: usageOf(ledger),
    response_metadata: {
      model_provider: "cope",
      model_name: name,
      ...(finish_reason === undefined ? {} : { finish_reason }),
      cope,
    },
  };
}

/** The whole run's tokens, drafts and plans included. */
export function usageOf({ byRole }: Ledger): UsageMetadata | undefined {
  const roles = Object.values(byRole);
  const [input, output] = [sum(roles.map((role) => role.inputTokens)), sum(roles.map((role) => role.outputTokens))];
  if (input === null || output === null) return undefined;
  return { input_tokens: input, output_tokens: output, total_tokens: input + output };
}

function cut(text: string, stop: readonly string[]): string {
  const ends = stop.map((mark) => text.indexOf(mark)).filter((at) => at >= 0);
  return ends.length > 0 ? text.slice(0, Math.min(...ends)) : text;
}

/** Nine letters and digits: the one form of an id that every provider takes. Not counted: conversations are trimmed. */
const freshId = (): string => randomBytes(8).toString("hex").slice(0, 9);

/** What is left to be told: the text where none of it was, and once what is known of the whole. */
export function lastChunks(
  { content, tool_calls, usage_metadata, response_metadata }: Said,
  streamed: boolean,
): AIMessageChunk[] {
  const tool_call_chunks = tool_calls.map(({ id, name, args }, index) => {
    return { type: "tool_call_chunk" as const, id, name, args: JSON.stringify(args), index };
  });
  const whole =
    streamed || (content === "" && tool_calls.length === 0) ? [] : [new AIMessageChunk({ content, tool_call_chunks })];
  return [...whole, new AIMessageChunk({ content: "", usage_metadata, response_metadata })];
}
