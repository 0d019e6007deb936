// One task by one method: what came of it, and what it cost.
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { readFileSync } from "node:fs";
import { createAgent, modelCallLimitMiddleware, modelFallbackMiddleware } from "langchain";
import { ChatLlama, type StageInput } from "langgraph-cope";
import { agentTranscript, copeErrorOf, copeMiddleware, type StepReport } from "langgraph-cope/integrations";
import { openWorld, toolsOf } from "./world.js";
import type { Task } from "./tasks.js";

export type Method = "small" | "large" | "fallback" | "cope";
export const METHODS: readonly Method[] = ["small", "large", "fallback", "cope"];

/** Most steps of a run, for all methods alike. */
const STEPS = 5;

/** As set on the tuning tasks. */
export const STAGES = JSON.parse(
  readFileSync(new URL("../agent.stages.json", import.meta.url), "utf8"),
) as StageInput[];

/** An answer is a short sentence, in characters: among many words anything is said. */
const LONGEST = 300;

const SYSTEM =
  "You work at a desk with tools. Use them for every number, fact, file or event: never guess. When the task is done, say the result in one short sentence.";

/** Tokens, as the models counted them. */
export interface Tokens {
  input: number;
  output: number;
}

export interface Run {
  task: string;
  method: Method;
  done: boolean;
  answer: string;
  /** Steps that were decided. */
  steps: number;
  /** Calls that were made and refused: of no tool there is, or with arguments that do not fit. */
  invalid: number;
  small: Tokens;
  large: Tokens;
  /** Steps by deciding stage. */
  byStage?: Record<string, number>;
  /** An error's code. */
  code?: string;
  transcript: string;
  seconds: number;
}

const model = (name: string, seed: number) => new ChatLlama({ model: name, seed, maxTokens: 96 });

function agentFor(method: Method, seed: number, tools: ReturnType<typeof toolsOf>) {
  const [small, large] = [model("qwen2.5-coder-0.5b-instruct", seed), model("qwen2.5-coder-1.5b-instruct", seed)];
  const limit = modelCallLimitMiddleware({ runLimit: STEPS, exitBehavior: "end" });
  const common = { tools, systemPrompt: SYSTEM };
  if (method === "cope")
    return createAgent({
      ...common,
      model: small,
      middleware: [limit, copeMiddleware({ large, seed, stages: STAGES, answers: "numbers" })],
    });
  if (method === "fallback")
    return createAgent({ ...common, model: small, middleware: [limit, modelFallbackMiddleware(large)] });
  return createAgent({ ...common, model: method === "small" ? small : large, middleware: [limit] });
}

export async function run(task: Task, method: Method, seed: number): Promise<Run> {
  const begun = performance.now();
  const world = openWorld();
  const messages: BaseMessage[] = [new HumanMessage(task.ask)];
  let code: string | undefined;
  const agent = agentFor(method, seed, toolsOf(world));
  try {
    for await (const state of await agent.stream({ messages }, { streamMode: "values", recursionLimit: 100 }))
      messages.splice(0, messages.length, ...(state as { messages: BaseMessage[] }).messages);
  } catch (error) {
    code = copeErrorOf(error)?.code;
    if (code === undefined) throw error;
  }
  const decided = messages.filter(
    (one) => AIMessage.isInstance(one) && one.usage_metadata !== undefined,
  ) as AIMessage[];
  const reports = decided.flatMap(({ response_metadata: { cope } }) => (cope ? [cope as StepReport] : []));
  const last = messages.at(-1)!;
  const answer = AIMessage.isInstance(last) && !last.tool_calls?.length && decided.includes(last) ? last.text : "";
  const plain = decided.map(({ usage_metadata: usage }) => ({
    input: usage!.input_tokens,
    output: usage!.output_tokens,
  }));
  const of = (role: string): Tokens =>
    added(
      reports
        .flatMap(({ ledger }) => ledger.byRole[role] ?? [])
        .map((bill) => ({ input: bill.inputTokens!, output: bill.outputTokens! })),
    );
  return {
    task: task.id,
    method,
    done: answer !== "" && answer.length <= LONGEST && task.done(answer, world),
    answer,
    steps: decided.length,
    invalid: messages.filter((one) => ToolMessage.isInstance(one) && one.status === "error").length,
    small: method === "cope" ? of("small") : added(method === "large" ? [] : plain),
    large: method === "cope" ? of("large") : added(method === "large" ? plain : []),
    ...(method === "cope"
      ? {
          byStage: Object.fromEntries(
            [...Map.groupBy(reports, ({ stage }) => stage)].map(([stage, { length }]) => [stage, length]),
          ),
        }
      : {}),
    ...(code === undefined ? {} : { code }),
    transcript: agentTranscript(messages),
    seconds: Math.round((performance.now() - begun) / 100) / 10,
  };
}

const added = (all: readonly Tokens[]): Tokens => ({
  input: all.reduce((sum, { input }) => sum + input, 0),
  output: all.reduce((sum, { output }) => sum + output, 0),
});
