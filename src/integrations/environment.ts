import {
  END,
  Overwrite,
  START,
  StateGraph,
  type BaseCheckpointSaver,
  type LangGraphRunnableConfig,
} from "@langchain/langgraph";
import { registry } from "@langchain/langgraph/zod";
import { z } from "zod";
import type { Environment } from "../environments/types.js";
import { transcriptOf } from "../environments/transcript.js";
import { EMBEDDED } from "../models/roles.js";
import type { ModelLike } from "../models/given.js";
import { parseOptions } from "../options-error.js";
import type { Json } from "../state/json.js";
import type { Message } from "../state/message.js";
import { AgentCope, billed, budgetLeft, NO_BILL } from "./bill.js";
import { createStepper, type StepOptions } from "./step.js";
import type { StepTask } from "./step-family.js";
import { reportOf, type StepReport } from "./step-message.js";

/** One step of a run in an environment. */
const EnvironmentStep = z.object({
  /** The command that was given; empty where no model named one that fits, and nothing was done. */
  command: z.string(),
  observation: z.string(),
  /** The stage that decided. */
  by: z.string(),
  why: z.string(),
  reward: z.number().optional(),
  done: z.boolean(),
  /** How it was decided. */
  report: z.any() as z.ZodType<StepReport>,
});
export type EnvironmentStep = z.infer<typeof EnvironmentStep>;

const steps = z.array(EnvironmentStep);
const collected = steps.register(registry as any, {
  reducer: { fn: (before: unknown[], more: unknown[]) => [...before, ...more] },
  default: () => [],
}) as typeof steps & { lg_reducer_schema: typeof steps };

const Json = z.any() as z.ZodType<Json>;

/** What a run leaves. */
const Output = z.object({
  goal: z.string(),
  /** Whether the environment came to its end. */
  done: z.boolean(),
  /** The last that the environment told; null where it tells none. */
  reward: z.number().nullable(),
  steps: collected,
  /** The run for people: each command, who decided it and why, and what it led to. */
  transcript: z.string(),
  /** Bill and guideline. */
  cope: AgentCope,
});

const Channels = z.object({
  goal: z.string().optional(),
  /** The environment's own state. */
  saved: Json.optional(),
  /** What was seen before the first step, and what is seen now. */
  opening: z.string().optional(),
  observation: z.string().optional(),
  actions: z.array(z.string()).optional(),
  next: z
    .object({ command: z.string(), by: z.string(), why: z.string(), report: z.any() as z.ZodType<StepReport> })
    .nullish(),
  steps: collected,
  done: z.boolean().optional(),
  reward: z.number().nullish(),
  transcript: z.string().optional(),
  cope: AgentCope.optional(),
});
type State = z.infer<typeof Channels>;

interface EnvironmentAgentOptions extends StepOptions, Pick<StepTask, "mayRepeat"> {
  environment: Environment;
  small?: ModelLike;
  systemPrompt?: string;
  checkpointer?: BaseCheckpointSaver;
  maxSteps?: number;
  tools?: undefined;
}

/** What a model says where nothing it says can be done. */
const UNDONE = "(no possible command)";

/** An agent in an environment as a graph, compiled: observe, decide by the cascade among the commands that fit, act, and again. */
export function createEnvironmentAgent(given: EnvironmentAgentOptions) {
  const { environment, small = EMBEDDED["small"]!, systemPrompt, checkpointer, mayRepeat, tools: _, ...rest } = given;
  const { maxSteps: most, ...cascade } = rest;
  const { maxSteps } = parseOptions(
    z.object({ maxSteps: z.number().int().min(1).default(50) }),
    { maxSteps: most },
    "createCopeAgent",
  );
  const stepper = createStepper(cascade);
  const world = kept(environment);

  async function begin() {
    return {
      saved: world.fresh,
      goal: environment.goal,
      opening: undefined,
      next: null,
      done: false,
      reward: null,
      transcript: undefined,
      cope: { bill: NO_BILL },
      steps: new Overwrite([]) as never,
    };
  }

  async function observe({ saved, opening }: State) {
    return world.at(saved!, (now) => {
      const observation = now.observe();
      return { observation, opening: opening ?? observation, actions: now.actions(), done: now.done };
    });
  }

  async function decide(state: State, config: LangGraphRunnableConfig) {
    const { bill, guideline: advice } = state.cope!;
    const task: StepTask = {
      ...seen(state),
      system: [systemPrompt ?? INSTRUCTIONS, `Your goal: ${state.goal}`].join("\n\n"),
      actions: state.actions!,
      ...(advice ? { advice: advice.text } : {}),
      ...(mayRepeat ? { mayRepeat } : {}),
    };
    const step = await stepper.decide({ model: small, task, budget: budgetLeft(cascade.budget, bill) }, config);
    const report = reportOf(step);
    const command = step.action && "command" in step.action ? step.action.command : "";
    const written = step.guideline && { ...step.guideline, step: bill.steps + 1 };
    const guideline = written ?? advice;
    return {
      next: { command, by: report.stage, why: report.why, report },
      cope: { bill: billed(bill, report.stage, step.ledger), ...(guideline ? { guideline } : {}) },
    };
  }

  async function act({ saved, next, observation }: State) {
    const { command, ...decided } = next!;
    if (command === "") {
      const said = `${UNDONE_SAYS} ${observation}`;
      return { next: null, steps: [{ ...decided, command, observation: said, done: false }] };
    }
    return world.at(saved!, async (now) => {
      const outcome = await now.step(command);
      return {
        next: null,
        steps: [{ ...decided, command, ...outcome }],
        saved: now.save(),
        done: outcome.done,
        ...(outcome.reward === undefined ? {} : { reward: outcome.reward }),
      };
    });
  }

  async function finish({ goal, opening, steps: taken }: State) {
    const told = taken.map((step) => ({ ...step, command: step.command || UNDONE }));
    return { transcript: transcriptOf({ goal: goal!, opening: opening!, steps: told }) };
  }

  const isOver = ({ done, steps: taken, actions }: State): boolean =>
    done === true || taken.length >= maxSteps || actions?.length === 0;

  const graph = new StateGraph({ state: Channels, input: z.object({}), output: Output })
    .addNode("begin", begin as never)
    .addNode("observe", observe as never)
    .addNode("decide", decide as never)
    .addNode("act", act as never)
    .addNode("finish", finish as never)
    .addEdge(START, "begin")
    .addEdge("begin", "observe")
    .addConditionalEdges("observe", (state) => (isOver(state as State) ? "over" : "goes on"), {
      over: "finish",
      "goes on": "decide",
    })
    .addEdge("decide", "act")
    .addEdge("act", "observe")
    .addEdge("finish", END);
  const compiled = graph.compile({ name: "cope_agent", ...(checkpointer ? { checkpointer } : {}) });
  return compiled.withConfig({ recursionLimit: 3 * maxSteps + 5 }) as typeof compiled;
}

const INSTRUCTIONS = "You are an agent in a world that you change by text commands, one at a time.";
const UNDONE_SAYS = "That is no command that is possible now.";

/** The conversation so far, as the family `action` reads a text world: what was shown, and what was done about it. */
function seen({ opening, observation, steps: taken }: State): Pick<StepTask, "question" | "history"> {
  const history = taken.flatMap(({ command, observation: shown }): Message[] => [
    { role: "assistant", content: command === "" ? UNDONE : `Action: ${command}` },
    { role: "user", content: shown },
  ]);
  if (history.length === 0) return { question: observation! };
  const question = history.at(-1)!.content.trim() || observation!;
  return { question, history: [{ role: "user", content: opening! }, ...history.slice(0, -1)] };
}

/** One world for all runs of an agent: each finds it as its own last step left it. */
function kept(environment: Environment) {
  let last: Promise<unknown> = Promise.resolve();
  return {
    fresh: environment.save(),
    /** Does something in the world as it was saved; one after the other. */
    at<T>(saved: Json, work: (now: Environment) => T | Promise<T>): Promise<T> {
      const turn = last.then(async () => {
        if (JSON.stringify(environment.save()) !== JSON.stringify(saved)) await environment.restore(saved);
        return work(environment);
      });
      last = turn.catch(() => {});
      return turn;
    },
  };
}
