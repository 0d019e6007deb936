import { MessagesZodMeta, type AnnotationRoot, type LastValue } from "@langchain/langgraph";
import { registry } from "@langchain/langgraph/zod";
import { z } from "zod";
import { Answer, StageReport } from "./answer.js";
import { Bill, Ledger, LedgerEntry } from "./ledger.js";
import { Ask, askable } from "./ask.js";
import type { Json } from "./json.js";
import { RunOptions, Settings, type RunChoices } from "./options.js";
import { Decision } from "./pending.js";
import { Plan } from "./plan.js";
import { Sample } from "./sample.js";
import { Verdict } from "./verdict.js";
import { Wave } from "./wave.js";

const appended = (before: readonly unknown[], more: readonly unknown[]) => [...before, ...more];

/** A plan with the id and writer of one that is there takes its place: so it is edited by `updateState`. What an approval edits stays. */
function byId(before: readonly unknown[], more: readonly unknown[]): unknown[] {
  const plans = [...before, ...more] as Plan[];
  return [...new Map(plans.map((plan) => [JSON.stringify([plan.id, plan.by]), plan])).values()];
}

/** A channel that collects what parallel nodes write; reset at each turn by `Overwrite`. */
function collected<T extends z.ZodType>(item: T, join: typeof appended = appended) {
  const list = z.array(item);
  // The registry's own inference loses the element type, hence the cast in this one place.
  return list.register(registry as any, {
    reducer: { fn: join },
    default: () => [],
  }) as typeof list & { lg_reducer_schema: typeof list };
}

/**
 * A field that people see in Studio's forms by its schema, while our own code parses it: a wrong value gives a coded
 * error with a remedy instead of the graph's own validation error.
 */
function described<T extends z.ZodType, In = z.input<T>>(schema: T): z.ZodOptional<z.ZodType<In, In>> {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io: "input" });
  return z.any().meta(shape).optional() as never;
}

// `z.custom` would leave Studio without a schema; registered on the outside, or the messages type is lost.
const messages = () =>
  z
    .array(z.any())
    .optional()
    .register(registry as any, MessagesZodMeta as any) as z.ZodOptional<z.ZodArray<z.ZodAny>>;

/** What checks the answer, by the name that the family's task schema has for it: `tests`, `choices`, `schema`. */
const given = () => described(z.record(z.string(), z.unknown()));

/** Options in the form; where `null` goes with each is no business of the form, which leaves fields empty. */
const choices = (options: typeof RunOptions) => described<typeof RunOptions, RunChoices>(options);

const inputOf = (options: typeof RunOptions) =>
  z.object({ question: z.string().nullish(), messages: messages(), given: given(), options: choices(options) });

/** The cast keeps keys optional in the type of `invoke`: a Zod schema's would all have to be given. */
const contextOf = (options: typeof RunOptions) =>
  z.object(
    Object.fromEntries(Object.entries(options.shape).map(([key, field]) => [key, described(field)])),
  ) as unknown as AnnotationRoot<{ [K in keyof RunOptions]: LastValue<RunChoices[K]> }>;

/**
 * What a run is started with. Input: a question, or messages whose last one is the question; what checks its answer; and what
 * should differ in this run. Context: the same keys as `options`, for Studio's form; not checkpointed, intake copies it into
 * `settings`.
 *
 * @param ask - what the graph was built with: its forms offer no approval that it has no node for
 */
export function formsOf(ask: Ask | undefined): {
  input: ReturnType<typeof inputOf>;
  context: ReturnType<typeof contextOf>;
} {
  const offered = Ask.pick(Object.fromEntries(askable(ask).map((key) => [key, true])) as { [K in keyof Ask]?: true });
  const options = (
    askable(ask).length > 0 ? RunOptions.extend({ ask: offered.optional() }) : RunOptions.omit({ ask: true })
  ) as typeof RunOptions;
  return { input: inputOf(options), context: contextOf(options) };
}

/** Output. */
export const Output = z.object({
  answer: Answer,
  ledger: Ledger,
  stages: z.array(StageReport),
  messages: messages(),
});

/** The run as data. Plain JSON except `messages`. */
export const Channels = z.object({
  question: z.string().nullish(),
  messages: messages(),
  given: given(),
  options: choices(RunOptions),
  /** Options that the thread's runs have chosen: they last until a run changes them. */
  chosen: described(RunOptions),
  /** From 1; counts the questions of a thread. */
  turn: z.number().int().optional(),
  task: (z.any() as z.ZodType<Json>).optional(),
  settings: Settings.optional(),
  wave: Wave.nullish(),
  plans: collected(Plan, byId),
  samples: collected(Sample),
  verdicts: collected(Verdict),
  calls: collected(LedgerEntry),
  /** What people decided who were asked. */
  decisions: collected(Decision),
  answer: Answer.optional(),
  ledger: Ledger.optional(),
  stages: z.array(StageReport).optional(),
  bill: Bill.optional(),
});

/** What a node reads after intake. */
export interface RunState {
  turn: number;
  task: Json;
  settings: Settings;
  chosen?: RunOptions;
  wave?: Wave | null;
  plans: Plan[];
  samples: Sample[];
  verdicts: Verdict[];
  calls: LedgerEntry[];
  decisions: Decision[];
  messages?: unknown[];
  answer?: Answer;
  bill?: Bill;
}

/** What a node may write; lists are appended. */
export interface RunUpdate {
  settings?: Settings;
  wave?: Wave | null;
  plans?: Plan[];
  samples?: Sample[];
  verdicts?: Verdict[];
  calls?: LedgerEntry[];
  decisions?: Decision[];
  answer?: Answer;
  ledger?: Ledger;
  stages?: StageReport[];
  bill?: Bill;
  messages?: unknown[];
}
