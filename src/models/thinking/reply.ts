import type { BaseMessage } from "@langchain/core/messages";
import { isCut, type Reply, type Sampling } from "../types.js";
import { partThinking } from "./part.js";

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** The text of whatever a provider puts a thought into: a text, parts of it, or a summary. */
function textIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textIn).join("");
  if (!isFields(value)) return "";
  return textIn(value["text"] ?? value["summary"] ?? value["content"] ?? value["reasoning"] ?? value["thinking"]);
}

const BLOCK = /reasoning|thinking|^thought/;
const FIELDS = ["reasoning_content", "reasoning", "thinking"] as const;

/** What a provider's message says apart from its text that the model thought; empty where it says nothing. */
export function thinkingOf({ content, additional_kwargs }: Pick<BaseMessage, "content" | "additional_kwargs">): string {
  const blocks = Array.isArray(content) ? (content as Fields[]) : [];
  const inBlocks = blocks
    .filter(({ type }) => typeof type === "string" && BLOCK.test(type))
    .map((block) => textIn(block["thinking"] ?? block["reasoning"] ?? block["reasoning_content"] ?? block));
  if (inBlocks.some((text) => text.trim() !== "")) return inBlocks.join("");
  // Servers that call it `reasoning` are known by what they sent: their client drops it.
  const raw = (additional_kwargs["__raw_response"] as any)?.choices?.[0];
  const places = [additional_kwargs as Fields, raw?.message, raw?.delta].filter(isFields);
  return (
    places
      .map((place) => textIn(FIELDS.map((name) => place[name]).find((value) => textIn(value) !== "")))
      .find(Boolean) ?? ""
  );
}

/**
 * A reply with what its text holds of thinking taken off. One that was separated already, and one without thinking, come back as they are: so
 * replies that an earlier version recorded can be read by it, too.
 */
export function separated(reply: Reply, begun = false): Reply {
  if (reply.thinking !== undefined) return reply;
  const { text, thinking } = partThinking(reply.text, { begun, cut: isCut(reply) });
  return text === reply.text ? reply : { ...reply, text, ...(thinking === undefined ? {} : { thinking }) };
}

/** Whether a reply shows that its model thinks: it says so, or all of its tokens went where nobody sees them. */
export function thought({ thinking, text, toolCalls, usage, finish }: Reply): boolean {
  if (thinking !== undefined || (usage.reasoningTokens ?? 0) > 0) return true;
  return text.trim() === "" && !toolCalls && isCut({ finish }) && usage.outputTokens !== 0;
}

/** Whether there is nothing but thinking in it. */
export const onlyThought = (reply: Reply): boolean =>
  thought(reply) && reply.text.trim() === "" && !reply.toolCalls && !reply.brokenCalls;

/** What is kept of a reply's thinking: empty where its server does not tell it. */
export const thinkingIn = (reply: Reply): { thinking?: string } =>
  thought(reply) ? { thinking: reply.thinking ?? "" } : {};

/**
 * Which of the tokens that a server reports are those of the visible text.
 *
 * @returns their places, from and up to; undefined where they cannot be told apart
 */
export function visibleTokens(tokens: readonly string[], text: string): [from: number, to: number] | undefined {
  const said = text.trim();
  const whole = tokens.join("");
  const start = said === "" ? -1 : whole.lastIndexOf(said);
  if (start < 0) return undefined;
  let at = 0;
  const ends = tokens.map((token) => (at += token.length));
  const from = ends.findIndex((end) => end > start);
  const to = ends.findIndex((end) => end >= start + said.length);
  return [from, to + 1];
}

/** What is asked of a model that thinks: room beside the visible limit, and no stop string, which might end its thinking. */
export function withRoom<Request extends { sampling: Sampling }>(
  request: Request,
  room: number | undefined,
): Request & { cutAt?: readonly string[] } {
  if (room === undefined) return request;
  const { stop, ...sampling } = request.sampling;
  const roomy = { ...sampling, maxTokens: sampling.maxTokens + room };
  return { ...request, sampling: roomy, ...(stop ? { cutAt: stop } : {}) };
}

/** The visible text up to the first stop string: what a server would have done, had it seen the visible text alone. */
export function cutAtStop(reply: Reply, stop: readonly string[] = []): Reply {
  const text = reply.text.trimStart();
  const ends = stop.map((mark) => text.indexOf(mark)).filter((at) => at >= 0);
  return ends.length === 0 ? reply : { ...reply, text: text.slice(0, Math.min(...ends)), finish: "stop" };
}
