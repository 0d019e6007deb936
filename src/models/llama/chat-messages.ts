import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import type { Replied } from "./reply.js";

/** A reply as LangChain's message. */
export function toMessage({ text, tool_calls, usage_metadata, response_metadata, ...rest }: Replied): AIMessage {
  return new AIMessage({ content: text, tool_calls, usage_metadata, response_metadata, ...thoughtOf(rest) });
}

/** Thinking stands where LangChain's other classes put it. */
const thoughtOf = ({ thinking }: Pick<Replied, "thinking">) =>
  thinking === undefined ? {} : { additional_kwargs: { reasoning_content: thinking } };

/** What only the end of a stream can tell: calls, usage, why it ended. */
export function lastChunk({ tool_calls, usage_metadata, response_metadata, ...rest }: Replied): AIMessageChunk {
  const tool_call_chunks = tool_calls.map(({ id, name, args }, index) => ({
    id,
    name,
    index,
    args: JSON.stringify(args),
    type: "tool_call_chunk" as const,
  }));
  return new AIMessageChunk({
    content: "",
    tool_call_chunks,
    usage_metadata,
    response_metadata,
    ...thoughtOf(rest),
  });
}
