import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { CopeError } from "../errors.js";
import { actionOf, type Action } from "../families/action/value.js";
import { createCope } from "../graph/cope.js";
import type { CopeOptions } from "../graph/options.js";
import { recommendedRecursionLimit, resolveStages } from "../graph/stages.js";
import { calibrated, readCalibration } from "../graph/calibration.js";
import { memoryJournal, type Journal } from "../models/journal.js";
import type { ModelLike } from "../models/given.js";
import { tracersOnly } from "../models/tracers-only.js";
import type { Answer, StageReport } from "../state/answer.js";
import type { Json } from "../state/json.js";
import type { Ledger } from "../state/ledger.js";
import type { Sample } from "../state/sample.js";
import { isCut } from "../families/cut.js";
import type { CascadeResult } from "./cascade.js";
import type { Message } from "../state/message.js";
import type { Budget } from "../state/options.js";
import type { ActionTask } from "../families/action/task.js";
import { stepFamily } from "./step-family.js";

/** What `createCope` takes, less what an agent's step decides itself. */
export type StepOptions = Omit<CopeOptions, "small" | "family" | "reasoning">;

/** Stages of an agent's step: its model draws without goals of its own, which cost a call a sample. */
export const STEP_STAGES = "cope:direct";

/** One step that is to be decided. */
export interface StepAsked {
  /** The agent's own model. */
  model: ModelLike;
  /** What it sees. */
  task: ActionTask;
  /** A plain answer is no action: the agent ends by a call. */
  mustCall?: boolean;
  /** What is left of the run's budget. */
  budget?: Budget | undefined;
}

/** A step that was decided: the action, and how the cascade came to it. */
export interface Step {
  /** Undefined where no model named one that can be taken. */
  action?: Action;
  answer: Answer;
  stages: StageReport[];
  ledger: Ledger;
  /** No model said anything at all, and none was cut: an agent that is done may end so. */
  isSilent?: true;
  /** The guideline that was written at this step. */
  guideline?: { text: string; by: string };
}

/** Decides an agent's steps by the cascade. */
export interface Stepper {
  journal: Journal;
  /**
   * Runs the step's graph inside the node that calls this: an interrupt or a kill buys nothing twice, since it shares the node's
   * checkpointer and namespace.
   *
   * @throws CopeError what the graph throws
   */
  decide(asked: StepAsked, config: LangGraphRunnableConfig): Promise<Step>;
}

type Compiled = ReturnType<ReturnType<typeof createCope>["compile"]>;

export function createStepper({ journal = memoryJournal(), ...options }: StepOptions): Stepper {
  assertOwn({ ...options });
  const settings = { ...options, journal, stages: options.stages ?? (options.calibration ? undefined : STEP_STAGES) };
  const listed =
    options.calibration && !options.stages ? calibrated(readCalibration(options.calibration), {}) : settings;
  const recursionLimit = recommendedRecursionLimit(resolveStages(listed.stages!), options.ask);
  const families = { plain: stepFamily(false), called: stepFamily(true) };
  const made = { plain: new WeakMap<object, Compiled>(), called: new WeakMap<object, Compiled>() };
  const named = { plain: new Map<string, Compiled>(), called: new Map<string, Compiled>() };

  function graphFor(model: ModelLike, kind: "plain" | "called"): Compiled {
    const known = typeof model === "string" ? named[kind].get(model) : made[kind].get(model);
    if (known) return known;
    const graph = createCope({ ...settings, family: families[kind], small: model }).compile({ name: "cope" });
    if (typeof model === "string") named[kind].set(model, graph);
    else made[kind].set(model, graph);
    return graph;
  }
  // What is wrong with the options is told before the first step.
  createCope({ ...settings, family: families.plain });

  return {
    journal,
    async decide({ model, task, mustCall, budget }, config) {
      const graph = graphFor(model, mustCall ? "called" : "plain");
      const { question, ...given } = task;
      const input = { question, given: { ...given }, ...(budget ? { options: { budget } } : {}) };
      // A draft is nobody's message: only the decided step is streamed. The agent's context is no option of ours.
      const quiet = { ...config, ...tracersOnly(config.callbacks) };
      const run = () => graph.invoke(input, { recursionLimit, context: {}, outputKeys: KEYS } as object);
      const { answer, stages, ledger, samples } = (await AsyncLocalStorageProviderSingleton.runWithConfig(
        quiet,
        run,
      )) as unknown as CascadeResult;
      const action = answer.value === null ? undefined : actionOf(answer.value as Json);
      const written = stages.flatMap(({ plans }) => plans).findLast(({ kind }) => kind === "guideline");
      return {
        answer,
        stages,
        ledger,
        ...(action ? { action } : {}),
        ...(!action && !mustCall && samples.every(saysNothing) ? { isSilent: true as const } : {}),
        ...(written ? { guideline: { text: written.text, by: written.by } } : {}),
      };
    },
  };
}

const KEYS = ["answer", "ledger", "stages", "samples"];

const saysNothing = ({ failed, text, unread, finish }: Sample): boolean =>
  failed !== undefined || (text.trim() === "" && unread === undefined && !isCut({ finish }));

/** What `createCope` takes and an agent sets itself would be passed over in silence. */
function assertOwn(options: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(REMEDIES).find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new CopeError("OPTIONS_INVALID", `an agent's step takes no \`${given}\``, REMEDIES[given]!);
}

const REMEDIES: Readonly<Record<string, string>> = {
  small: "the agent's own model is the small one: createAgent({ model: … }).",
  family: "a step is always of the family action; `answers` says how final answers compare.",
  reasoning: "a step is always of the family action; leave it out.",
};

/**
 * What an agent with these messages sees: what was asked last, and everything before its next step.
 *
 * @param thread - the agent's whole thread, where other middleware shows less of it: what was asked may be left out there
 */
export function taskOf(
  messages: readonly Message[],
  thread: readonly Message[] = messages,
): Pick<ActionTask, "question" | "history"> {
  const last = messages.at(-1);
  if (last?.role === "user") return { question: last.content, history: messages.slice(0, -1) as Message[] };
  const asked = [...thread, ...messages].findLast(({ role }) => role === "user");
  if (last && asked) return { question: asked.content, history: [...messages] };
  throw new CopeError(
    "TASK_INVALID",
    "the agent's messages hold none of a user.",
    'invoke({ messages: [{ role: "user", content: "…" }] }).',
  );
}
