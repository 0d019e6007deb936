import { z } from "zod";

/** One chat message as plain JSON: what prompts are made of and what the tape's key is computed from. */
export const Message = z.object({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string(),
});
export type Message = z.infer<typeof Message>;
