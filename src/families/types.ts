import type { ZodType } from "zod";
import type { Checks } from "../state/checks.js";
import type { Json } from "../state/json.js";
import type { AbilityName } from "../models/abilities.js";
import type { Reply } from "../models/types.js";
import type { Message } from "../state/message.js";
import type { PlanKind } from "../state/plan.js";
import type { ToolSpec } from "../state/tool.js";
import type { Same } from "../scorers/types.js";

/** What every task has; a family may ask for more (tests, choices). Plain JSON. */
export interface BaseTask {
  /** The question, not empty. */
  question: string;
  /** The conversation before it, oldest first; absent in a first turn. */
  history?: Message[] | undefined;
}

/** Guideline styles: `method` is the paper's; `critique` is shown how the votes split; `worked` may carry intermediate values. */
export type GuidelineStyle = "method" | "critique" | "worked";

/** What a planner is told beside the task. */
export interface PlanRequest {
  kind: PlanKind;
  style: GuidelineStyle;
  /** For `critique`: what the latest stage's samples answered, most frequent first; at most four, each of at most 60 characters. */
  votes?: readonly { answer: string; votes: number }[];
  /** The same where samples were run: which checks failed, most frequent first; see `SHOWN_FAILURES`. */
  failures?: readonly FailedCheck[];
}

/** A check that some samples failed, and how the first of them did. */
export interface FailedCheck {
  test: string;
  why: string;
  /** Samples that failed it. */
  samples: number;
}

/** Plans an executor is shown. Prompts put them last, so that the samples of a stage share a cached prefix. */
export interface ShownPlans {
  goal?: string;
  guideline?: string;
}

/** How one call's text is limited. */
export interface OutputLimits {
  /** Upper bound of generated tokens. */
  maxTokens: number;
  /** Strings that end the text. */
  stop?: string[];
}

/** The wording of a family. Every method is pure. */
export interface Prompts<Task extends BaseTask = BaseTask> {
  /** Messages for the planner. */
  plan(task: Task, request: PlanRequest): Message[];
  /** Messages for the executor; without plans, the plain prompt a large model alone would get. */
  execute(task: Task, plans: ShownPlans): Message[];
  /** Tools an executor may call. Planners call none. @default none */
  tools?(task: Task): ToolSpec[];
  /** The form of an executor's text as a grammar (GBNF), for models that can be held to one. @default any text */
  grammar?(task: Task): string | undefined;
  /**
   * Makes a planner's raw output a plan: one or two sentences, no lead-in. Empty when nothing usable is left, as where it states the
   * task's answer instead.
   */
  tidyPlan(text: string, kind: PlanKind, task?: Task): string;
  limits: { goal: OutputLimits; guideline: OutputLimits; execute: OutputLimits };
}

/** A value with the way it was found, and what running it said. */
export interface Reading<Value extends Json> {
  value: Value;
  by: string;
  checks?: Checks;
  /** The sandbox that ran a program of the text: `bubblewrap`, `pyodide`, `quickjs`. @default none was run, or nobody says */
  sandbox?: string;
}

/** Nothing could be read, and why: in a sentence's part, for a person. */
export interface Unread {
  value?: undefined;
  by?: undefined;
  checks?: Checks;
  /** As in a reading. */
  sandbox?: string;
  why: string;
  /** What was read all the same, and may win no vote: it answers where no sample of the run gave anything else. */
  doubtful?: Json;
}

/** What a reading may look at beside the text. */
export type ReadReply = Pick<Reply, "toolCalls" | "brokenCalls" | "finish">;

/** A scorer, with thresholds where those of the named stage lists mean nothing on its scale. */
export interface ScorerChoice {
  /** Name of a scorer. */
  name: string;
  /** Threshold by stage name, 0 … 1. Thresholds that a user gives win. */
  thresholds?: Readonly<Record<string, number>>;
}

/**
 * Marks a family's `read` as one that looks at the text and at why it ended, and at nothing else. Recordings of such a family are
 * read anew with today's reader; those of others keep the values that were read when they were made.
 */
export const textAlone = <Read extends (...given: never[]) => unknown>(read: Read): Read & { textAlone: true } =>
  Object.assign(read, { textAlone: true as const });

/** A kind of task: how to ask, how to read a value from the answer, and when two values are the same. */
export interface Family<Task extends BaseTask = BaseTask, Value extends Json = Json> {
  name: string;
  /** Parses the task; runs before any paid call. */
  task: ZodType<Task>;
  /** Whether a conversation that comes as messages keeps tool calls, their results and its own system messages. @default false */
  keepsTools?: boolean;
  /**
   * The whole text is the value, whatever it is: a last answer that nothing is held against may be shown while it is written.
   *
   * @default false
   */
  streams?: boolean;
  /** What a task needs of every model that executes it; checked before any paid call. @default nothing */
  needs?(task: Task): readonly AbilityName[];
  prompts: Prompts<Task>;
  /**
   * `undefined`, or why, when nothing can be read. Whatever the text is, it never runs long and throws for one reason alone: what reads
   * it is broken itself (no sandbox), which must not count against the model. `signal` ends what it has started. `reply`: the
   * tool calls beside the text, and why the text ended: what the token limit cut (`isCut`) may be half an answer.
   */
  read(
    text: string,
    task: Task,
    signal?: AbortSignal,
    reply?: ReadReply,
  ): Reading<Value> | Unread | undefined | Promise<Reading<Value> | Unread | undefined>;
  /**
   * A model gave nothing but something doubtful: the task as the same model is asked once more, for this sample, where that may
   * help. `isLast`: nobody comes after it. `doubtful`: what it gave; absent where it is only asked what a second question would be.
   *
   * @default never
   */
  insist?(task: Task, isLast: boolean, doubtful?: Json): Task | undefined;
  same: Same;
  /** The value as a person wants to see it: `answer.value`. */
  print(value: Value): string;
  /** Scorer this kind of task is best judged by, by name; of several the first whose needs the executing models meet. */
  scorer: string | readonly ScorerChoice[];
  /**
   * Whether a printed value is right, by what a data set knows; null where there is nothing to grade by, undefined where that
   * could not be found out.
   *
   * @default `same` as a gold that is a text
   */
  grade?(gold: Json, value: string, task: Task): Promise<boolean | null | undefined>;
  /** Ends what `same` keeps open (a worker pool, say). */
  close?(): Promise<void>;
}

/** A family of any task: what the graph handles, since which family a run has is decided at run time. */
export type AnyFamily = Family<any, any>;
