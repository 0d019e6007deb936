import { z } from "zod";
import { type Message, ToolSpec } from "../../state/message.js";
import type { JsonObject } from "../choice/canonical.js";
import { History } from "../history.js";
import type { BaseTask } from "../types.js";
import { checkersOf } from "./calls.js";

/** What it takes for two final answers to be the same: see docs/agents/action.md. */
export type Answers = "any" | "numbers" | "text" | "math" | "choice";

/** What an agent sees before its next step. */
export interface ActionTask extends BaseTask {
  /** The latest message to the agent: a user's request, or what a text world shows now. */
  question: string;
  /** All that was said before the next step, oldest first; between two steps it holds the question, too, and ends with a tool's result. */
  history?: Message[] | undefined;
  /** The agent's instructions, where they are not among the messages. */
  system?: string | undefined;
  /** Tools it may call. */
  tools?: ToolSpec[] | undefined;
  /** Text commands that are possible now; any other is invalid. */
  actions?: string[] | undefined;
  /** What it takes for two final answers to be the same. @default "any": that both answer now */
  answers?: Answers | undefined;
  /** For `answers: "choice"`: what the family choice takes. */
  choices?: string[] | Record<string, string> | undefined;
  /** For `answers: "choice"`: what the family choice takes. */
  schema?: JsonObject | undefined;
  /** What the agent was advised at an earlier step, as far as it still applies. */
  advice?: string | undefined;
  /** Only an answer is left: no tool may be called. @default false */
  mustAnswer?: boolean | undefined;
  /** Tools whose call ends the agent's run: an answer in their form is such a call. */
  endings?: string[] | undefined;
  /** Actions that led nowhere may be taken again and again, as a tool that is polled must be. @default false */
  mayRepeat?: boolean | undefined;
}

const Compared = {
  answers: z.enum(["any", "numbers", "text", "math", "choice"]).optional(),
  choices: z.union([z.array(z.string()), z.record(z.string(), z.string())]).optional(),
  mayRepeat: z.boolean().optional(),
};

function withChoices({ answers, choices, schema }: Partial<ActionTask>, context: z.RefinementCtx): void {
  if (answers === "choice" && choices === undefined && schema === undefined)
    context.addIssue({ code: "custom", message: 'answers is "choice", and there are no choices', input: undefined });
}

/** What an agent sets for all its steps. */
export const AgentSettings = z.strictObject(Compared).superRefine(withChoices);

/** Parses a task, and reports what no model could act on before any is asked. */
export const actionTask: z.ZodType<ActionTask> = z
  .object({
    question: z.string().trim().min(1, "the question is empty"),
    history: History,
    system: z.string().optional(),
    tools: z.array(ToolSpec).optional() as z.ZodType<ToolSpec[] | undefined>,
    actions: z
      .array(z.string().refine((command) => command.trim() !== "", "a command is empty"))
      .max(1_000)
      .optional(),
    ...Compared,
    schema: (z.record(z.string(), z.any()) as unknown as z.ZodType<JsonObject>).optional(),
    advice: z.string().optional(),
    mustAnswer: z.boolean().optional(),
    endings: z.array(z.string()).optional(),
  })
  .superRefine(({ tools = [], ...compared }, context) => {
    withChoices(compared, context);
    tools.forEach((tool, i) => {
      const { name } = tool;
      const made = checkersOf(tool);
      const said =
        typeof made === "string"
          ? `the schema of ${name}: ${made}`
          : tools.findIndex((other) => other.name === name) < i
            ? `there are two tools ${name}`
            : undefined;
      if (said !== undefined) context.addIssue({ code: "custom", path: ["tools", i], message: said });
    });
  })
  .transform((task) => (task.history ? { ...task, history: paired(task.history) } : task));

type Result = Extract<Message, { role: "tool" }>;

/** What models are told of a call that never came to a result. */
const NOT_RUN = "not run";

/**
 * A conversation that every provider takes: right after each message with calls stand their results. A call without one (a person
 * said no, a limit ended the run, a process died) is told as not run. A result whose call is gone (a conversation that was cut) is
 * told in words.
 */
function paired(history: readonly Message[]): Message[] {
  const results = [...history.entries()].filter(([, { role }]) => role === "tool") as [number, Result][];
  const taken = new Set<number>();
  const resultOf = (id: string, from: number): Result | undefined => {
    const found = results.find(([at, { toolCallId }]) => at > from && toolCallId === id && !taken.has(at));
    if (found) taken.add(found[0]);
    return found?.[1];
  };
  const answered = new Map(
    history.map((message, at): [number, Message[]] => {
      const calls = (message.role === "assistant" && message.toolCalls) || [];
      const missing = ({ id, name }: (typeof calls)[number]): Result => ({
        role: "tool",
        content: NOT_RUN,
        toolCallId: id,
        name,
      });
      return [at, calls.map((call) => resultOf(call.id, at) ?? missing(call))];
    }),
  );
  return history.flatMap((message, at): Message[] => {
    if (message.role !== "tool") return [message, ...answered.get(at)!];
    const { name = "a tool", content } = message;
    return taken.has(at) ? [] : [{ role: "assistant", content: `(${name} returned: ${content})` }];
  });
}
