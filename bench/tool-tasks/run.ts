// One task by one method: what came of it, and what it cost.
import { AIMessage, HumanMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { readFileSync } from "node:fs";
import type { ChatGeneration, LLMResult } from "@langchain/core/outputs";
import { createAgent, type AgentMiddleware, modelCallLimitMiddleware, modelFallbackMiddleware } from "langchain";
import { ChatLlama, type StageInput } from "langgraph-cope";
import { agentTranscript, copeErrorOf, copeMiddleware, type StepReport } from "langgraph-cope/integrations";
import { openWorld, toolsOf } from "./world.js";
import type { Task } from "./tasks.js";

/**
 * `unguided`: the cascade whose large model takes over at once, without a guideline before. `large-again`: its last stage alone, to
 * tell apart what the cascade gains and what it gains that a model which only repeats its call is asked for its answer.
 * `unguided@0.75`: three of four samples suffice.
 */
export const METHODS = ["small", "large", "large-again", "fallback", "cope", "unguided", "unguided@0.75"] as const;
export type Method = (typeof METHODS)[number];

/** Most steps of a run, for all methods alike. */
const STEPS = 5;

/** As set on the tuning tasks. */
const STAGES = JSON.parse(readFileSync(new URL("../agent.stages.json", import.meta.url), "utf8")) as StageInput[];
const UNGUIDED = STAGES.filter(({ name }) => name !== "guided");
const BY_METHOD: Readonly<Partial<Record<Method, StageInput[]>>> = {
  cope: STAGES,
  "large-again": STAGES.filter(({ name }) => name === "takeover"),
  unguided: UNGUIDED,
  "unguided@0.75": UNGUIDED.map((stage) => (stage.accept ? { ...stage, accept: { threshold: 0.75 } } : stage)),
};

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
  /** Steps by deciding stage of the cascade. */
  byStage: Record<string, number>;
  /** An error's code. */
  code?: string;
  transcript: string;
  seconds: number;
  /** Of the whole run. */
  seed?: number;
}

/** A model that counts what it takes: also what is on no bill, such as the steps of a run that ended by an error. */
function counted(name: string, seed: number): { model: ChatLlama; tokens: Tokens } {
  const tokens: Tokens = { input: 0, output: 0 };
  const handleLLMEnd = ({ generations }: LLMResult) => {
    const { usage_metadata: usage } = (generations[0]![0] as ChatGeneration).message as AIMessage;
    tokens.input += usage!.input_tokens;
    tokens.output += usage!.output_tokens;
  };
  return { model: new ChatLlama({ model: name, seed, maxTokens: 96, callbacks: [{ handleLLMEnd }] }), tokens };
}

function middlewareOf(method: Method, large: ChatLlama, seed: number): AgentMiddleware[] {
  const limit = modelCallLimitMiddleware({ runLimit: STEPS, exitBehavior: "end" });
  const stages = BY_METHOD[method];
  if (stages) return [limit, copeMiddleware({ large, seed, stages, answers: "numbers" })];
  return method === "fallback" ? [limit, modelFallbackMiddleware(large)] : [limit];
}

export async function run(task: Task, method: Method, seed: number): Promise<Run> {
  const begun = performance.now();
  const world = openWorld();
  const [small, large] = ["qwen2.5-coder-0.5b-instruct", "qwen2.5-coder-1.5b-instruct"].map((name) =>
    counted(name, seed),
  );
  const agent = createAgent({
    model: (method === "large" ? large! : small!).model,
    tools: toolsOf(world),
    systemPrompt: SYSTEM,
    middleware: middlewareOf(method, large!.model, seed),
  });
  const messages: BaseMessage[] = [new HumanMessage(task.ask)];
  let code: string | undefined;
  try {
    for await (const state of await agent.stream({ messages }, { streamMode: "values", recursionLimit: 100 }))
      messages.splice(0, messages.length, ...(state as { messages: BaseMessage[] }).messages);
  } catch (error) {
    code = copeErrorOf(error)?.code;
    if (code === undefined) throw error;
  }
  // The limit's own message is no step.
  const decided = messages.filter((one) => AIMessage.isInstance(one)).filter((one) => one.usage_metadata !== undefined);
  const last = decided.at(-1);
  const answer = last === messages.at(-1) && !last?.tool_calls?.length ? (last?.text ?? "") : "";
  const stages = decided.flatMap(({ response_metadata: { cope } }) => (cope ? [(cope as StepReport).stage] : []));
  return {
    task: task.id,
    method,
    done: answer !== "" && answer.length <= LONGEST && task.done(answer, world),
    answer,
    steps: decided.length,
    invalid: messages.filter((one) => ToolMessage.isInstance(one) && one.status === "error").length,
    small: small!.tokens,
    large: large!.tokens,
    byStage: Object.fromEntries(
      [...Map.groupBy(stages, (stage) => stage)].map(([stage, { length }]) => [stage, length]),
    ),
    ...(code === undefined ? {} : { code }),
    transcript: agentTranscript(messages),
    seconds: Math.round((performance.now() - begun) / 100) / 10,
    seed,
  };
}
