import { z } from "zod";
import { ToolCall } from "./tool.js";

/**
 * One chat message as plain JSON: what prompts are made of and what the tape's key is computed from. It holds nothing that only
 * one provider understands. A tool's result answers the call with its id, which an assistant's message before it made.
 */
export const Message = z.union([
  z.object({ role: z.enum(["system", "user"]), content: z.string() }),
  z.object({ role: z.literal("assistant"), content: z.string(), toolCalls: z.array(ToolCall).optional() }),
  z.object({ role: z.literal("tool"), content: z.string(), toolCallId: z.string(), name: z.string().optional() }),
]);
export type Message = z.infer<typeof Message>;
