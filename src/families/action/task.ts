import { z } from "zod";
import type { Message } from "../../state/message.js";
import { ToolSpec } from "../../state/tool.js";
import type { JsonObject } from "../choice/canonical.js";
import { History } from "../history.js";
import type { BaseTask } from "../types.js";
import { checkersOf } from "./calls.js";
import { paired } from "./paired.js";

/** What it takes for two final answers to be the same: see docs/action.md. */
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
