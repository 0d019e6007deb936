import {
  END,
  Overwrite,
  START,
  StateGraph,
  type BaseCheckpointSaver,
  type LangGraphRunnableConfig,
} from "@langchain/langgraph";
import { z } from "zod";
import type { Environment } from "../environments/types.js";
import { transcriptOf } from "../environments/transcript.js";
import { CopeError } from "../errors.js";
import { hider } from "../models/hide.js";
import { hideInTraces } from "../graph/hide-in-traces.js";
import { EMBEDDED } from "../models/roles.js";
import type { ModelLike } from "../models/given.js";
import { parseOptions } from "../options-error.js";
import type { Message } from "../state/message.js";
import { asOfRun, billed, budgetLeft, NO_BILL } from "./bill.js";
import { Channels, Output, type State } from "./environment-state.js";
import { kept } from "./environment-kept.js";
import { createStepper, type StepOptions } from "./step.js";
import { AgentSettings, type ActionTask } from "../families/action/task.js";
import { reportOf, whyOf } from "./step-message.js";

interface EnvironmentAgentOptions extends StepOptions, Pick<ActionTask, "mayRepeat"> {
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
  parseOptions(AgentSettings, { mayRepeat }, "createCopeAgent");
  const stepper = createStepper(cascade);
  assertWorld(environment);
  const world = kept(environment, hider(cascade.private ?? []));

  /** What the world throws tells what the run has spent until then. */
  const inWorld = <T>({ saved, cope }: State, work: (now: Environment) => T | Promise<T>): Promise<T> =>
    world.at(saved!, work).catch((error: unknown) => {
      throw asOfRun(error, cope!.bill);
    });

  async function begin() {
    return {
      saved: world.fresh,
      goal: world.goal(),
      opening: undefined,
      next: null,
      done: false,
      reward: null,
      transcript: undefined,
      cope: { bill: NO_BILL },
      steps: new Overwrite([]) as never,
    };
  }

  async function observe(state: State) {
    return inWorld(state, (now) => {
      const observation = visible(z.string("observe() gives no text").parse(now.observe()));
      return {
        observation,
        opening: state.opening ?? observation,
        actions: Commands.parse(now.actions()),
        done: now.done,
      };
    });
  }

  async function decide(state: State, config: LangGraphRunnableConfig) {
    const { bill, guideline: advice } = state.cope!;
    const task: ActionTask = {
      ...seen(state),
      system: [systemPrompt ?? INSTRUCTIONS, `Your goal: ${state.goal}`].join("\n\n"),
      actions: state.actions!,
      ...(advice ? { advice: advice.text } : {}),
      ...(mayRepeat ? { mayRepeat } : {}),
    };
    const asked = { model: small, task, budget: budgetLeft(cascade.budget, bill) };
    const step = await stepper.decide(asked, config).catch((error: unknown) => {
      throw asOfRun(error, bill);
    });
    const report = reportOf(step);
    const command = step.action && "command" in step.action ? step.action.command : "";
    const written = step.guideline && { ...step.guideline, step: bill.steps + 1 };
    const guideline = written ?? advice;
    return {
      next: { command, by: report.stage, why: whyOf(report), report },
      cope: { bill: billed(bill, report.stage, step.ledger), ...(guideline ? { guideline } : {}) },
    };
  }

  async function act(state: State) {
    const { command, ...decided } = state.next!;
    if (command === "") {
      const said = `${UNDONE_SAYS} ${state.observation}`;
      return { next: null, steps: [{ ...decided, command, observation: said, done: false }] };
    }
    return inWorld(state, async (now) => {
      const { observation: told, done, reward } = Outcome.parse(await now.step(command));
      const rewarded = reward === undefined || reward === null ? {} : { reward };
      return {
        next: null,
        steps: [{ ...decided, command, observation: visible(told), done, ...rewarded }],
        saved: now.save(),
        done,
        ...rewarded,
      };
    });
  }

  async function finish({ goal, opening, done, steps: taken }: State) {
    const told = taken.map((step) => ({ ...step, command: step.command || UNDONE }));
    return { transcript: transcriptOf({ goal: goal!, opening: opening!, steps: told, done: done === true }) };
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
  const limited = compiled.withConfig({ recursionLimit: 3 * maxSteps + 5 }) as typeof compiled;
  return cascade.private ? hideInTraces(limited, cascade.private) : limited;
}

/** What a step of a world gives back. */
const Outcome = z.object({ observation: z.string(), done: z.boolean(), reward: z.number().nullish() });

const Commands = z
  .array(
    z.string().refine((command) => command.trim() !== "", "a command of actions() is empty"),
    "actions() gives no list of commands",
  )
  .max(1_000, "actions() gives more than 1,000 commands");

/** A shell that prints nothing has done what it was told, all the same; models are sent no empty message. */
const visible = (observation: string): string => (observation.trim() === "" ? SILENCE : observation);
const SILENCE = "(nothing is shown)";

function assertWorld(environment: Environment): void {
  const missing = (["observe", "actions", "step", "save", "restore"] as const).find(
    (name) => typeof environment?.[name] !== "function",
  );
  if (missing === undefined) return;
  const remedy = "see Environment in langgraph-cope/environments for what a world has.";
  throw new CopeError("OPTIONS_INVALID", `createCopeAgent: the environment has no function ${missing}`, remedy);
}

const INSTRUCTIONS = "You are an agent in a world that you change by text commands, one at a time.";
const UNDONE_SAYS = "That is no command that is possible now.";

/** The conversation so far, as the family `action` reads a text world: what was shown, and what was done about it. */
function seen({ opening, observation, steps: taken }: State): Pick<ActionTask, "question" | "history"> {
  const history = taken.flatMap(({ command, observation: shown }): Message[] => [
    { role: "assistant", content: command === "" ? UNDONE : `Action: ${command}` },
    { role: "user", content: shown },
  ]);
  if (history.length === 0) return { question: observation! };
  return { question: history.at(-1)!.content, history: [{ role: "user", content: opening! }, ...history.slice(0, -1)] };
}
