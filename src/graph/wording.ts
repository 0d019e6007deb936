import { z } from "zod";
import { CopeError } from "../errors.js";
import type { Prompts } from "../families/types.js";
import { Message } from "../state/message.js";

const Method = z.custom<(...args: any[]) => any>((value) => typeof value === "function", "a function is needed");

const Limits = z
  .object({ maxTokens: z.number().int().min(1), stop: z.array(z.string()).optional() })
  .loose()
  .optional();

/** Wording of the caller's own, in part or whole. A misspelled part would be passed over in silence, so it is refused. */
export const OwnPrompts = z.strictObject({
  plan: Method.optional(),
  execute: Method.optional(),
  tools: Method.optional(),
  grammar: Method.optional(),
  tidyPlan: Method.optional(),
  limits: z.strictObject({ goal: Limits, guideline: Limits, execute: Limits }).optional(),
}) as unknown as z.ZodType<Partial<Prompts<any>>, Partial<Prompts<any>>>;

/** The same prompts, with a coded error where what they return is no list of messages. */
export function checkedPrompts(prompts: Prompts<any>): Prompts<any> {
  return {
    ...prompts,
    plan: (task, request) => messagesOf("plan", prompts.plan(task, request)),
    execute: (task, plans) => messagesOf("execute", prompts.execute(task, plans)),
    tidyPlan(text, kind, task) {
      const plan: unknown = prompts.tidyPlan(text, kind, task);
      if (typeof plan === "string") return plan;
      throw wrong("tidyPlan", plan, "a text");
    },
  };
}

const Messages = z.array(Message).min(1);

function messagesOf(part: "plan" | "execute", returned: unknown): Message[] {
  if (Messages.safeParse(returned).success) return returned as Message[];
  throw wrong(part, returned, 'a list of messages, such as [{ role: "user", content: "…" }]');
}

/** What is returned may hold the question, so only its kind is told. */
function wrong(part: string, returned: unknown, wanted: string): CopeError {
  const kind =
    returned === null
      ? "null"
      : Array.isArray(returned)
        ? "a list that is empty or holds something else"
        : returned instanceof Promise
          ? "a promise"
          : typeof returned;
  return new CopeError("OPTIONS_INVALID", `prompts.${part} returned ${kind}.`, `return ${wanted}.`);
}
