import type { Message } from "../../../src/state/message.js";
import type { JsonObject, ToolSpec } from "../../../src/state/tool.js";

const text = { type: "string" };

export const FIND: ToolSpec = {
  name: "find",
  description: "Trains between two stations.",
  schema: {
    type: "object",
    properties: {
      from: text,
      to: text,
      date: text,
      direct: { type: "boolean", default: false },
      limit: { type: "integer", minimum: 1, maximum: 50, default: 10 },
      via: { type: "array", items: text },
      fares: {
        type: "object",
        properties: { adults: { type: "integer" }, children: { type: "integer", default: 0 } },
        default: {},
      },
    },
    required: ["from", "to", "date"],
    additionalProperties: false,
  },
};

export const BOOK: ToolSpec = {
  name: "book",
  schema: {
    type: "object",
    properties: { id: { type: "integer" }, seats: { type: "integer", default: 1 } },
    required: ["id"],
    additionalProperties: false,
  },
};

export const say = (content: string): Message => ({ role: "user", content });

/** A call and its result. */
export const ACT = (name: string, args: JsonObject, result: string, nth = 1): Message[] => {
  const id = `call${String(nth).padStart(5, "0")}`;
  return [
    { role: "assistant", content: "", toolCalls: [{ id, name, args }] },
    { role: "tool", content: result, toolCallId: id, name },
  ];
};
