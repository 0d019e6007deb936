import { HumanMessage, isHumanMessage, isToolMessage, type BaseMessage } from "@langchain/core/messages";
import { MemorySaver, Overwrite, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { CopeError } from "../errors.js";
import { unusedField } from "../families/unused.js";
import { saidOf } from "../options-error.js";
import { asksAnybody } from "../state/ask.js";
import { fromLangChain } from "../models/messages.js";
import type { RunOptions, Settings } from "../state/options.js";
import type { Json } from "../state/json.js";
import type { Message } from "../state/message.js";
import type { Stop } from "../state/stop.js";
import type { Wave } from "../state/wave.js";
import { assertCalibratedFamily, assertCalibratedModel } from "./calibrated.js";
import { whereabouts, type Kit } from "./kit.js";
import { checkAbilities } from "./needs.js";
import { withScorers } from "./choose-scorer.js";
import { resolveSettings, rolesOf, type Construction } from "./settings.js";
import { planWave } from "./wave.js";

/** What intake finds: this turn's input over whatever the last turn left. */
export interface Arriving {
  question?: string | null;
  messages?: unknown[];
  /** What checks the answer, beside the question: tests, choices, a schema. */
  given?: unknown;
  options?: RunOptions;
  turn?: number;
}

/**
 * The first node: checks everything that can be wrong before the first paid call, puts options into `settings`, and clears
 * what the thread's last turn left, or its answer would be this turn's.
 *
 * @throws CopeError TASK_INVALID, OPTIONS_INVALID, FAMILY_UNKNOWN, CALIBRATION_MISMATCH, PRICE_UNKNOWN, ABILITY_MISSING,
 * BUDGET_TOO_SMALL, and what opening a model throws
 */
export function createIntakeNode(kit: Kit, construction: Construction, journalIsDurable: boolean) {
  return async function intake(state: Arriving, config: LangGraphRunnableConfig) {
    warnOnceOfJournal(config, journalIsDurable);
    const turn = (state.turn ?? 0) + 1;
    const { messages, before, midway, ...arriving } = asked(state);
    const asResolved = resolveSettings(construction, [state.options, config.context], arriving);
    const family = kit.family(asResolved);
    const { keepsTools } = family;
    if (midway && !keepsTools) throw noQuestion();
    const whole = { ...arriving, ...(keepsTools ? withTools(before) : historyOf(before)) };
    const task = parseTask(kit, asResolved, whole);
    assertUsed(unusedField(family, whole, besideQuestion(state.given)), asResolved);
    assertAskable(asResolved, config);
    const thresholdsOpen = construction.thresholdsOwn && !thresholdsIn(state, config);
    const settings = await checkModels(kit, asResolved, { task, thresholdsOpen });

    const first = settings.stages[0]!;
    const wave = await planWave(kit, { turn, task, settings, calls: [] }, first.name, {}, config);
    if (wave.stop) throw tooSmall(wave.stop);
    await kit.begun(whereabouts(config), turn);
    return {
      turn,
      task,
      settings,
      wave: wave as Wave | null,
      // Left in place, a later turn that brings only messages would read this question again.
      question: null,
      given: undefined,
      options: undefined,
      answer: undefined,
      ledger: undefined,
      stages: undefined,
      messages,
      plans: new Overwrite([]),
      samples: new Overwrite([]),
      verdicts: new Overwrite([]),
      calls: new Overwrite([]),
      decisions: new Overwrite([]),
    };
  };
}

/** The turn's task before its family parses it, and the message to add where it came as a bare question. */
function asked({ question, messages = [], given }: Arriving): Asked {
  const beside = besideQuestion(given);
  const said = messages as BaseMessage[];
  if (typeof question === "string")
    return { ...beside, before: said, question, messages: [new HumanMessage(question)] };
  const last = said.at(-1);
  if (last && isHumanMessage(last)) return { ...beside, before: said.slice(0, -1), question: last.text, messages: [] };
  // An agent between two steps: what was asked, and the steps that were taken for it, are all behind it.
  const latest = last && isToolMessage(last) ? fromLangChain(said).findLast(({ role }) => role === "user") : undefined;
  if (latest) return { ...beside, before: said, midway: true, question: latest.content, messages: [] };
  throw noQuestion();
}

interface Asked extends Record<string, unknown> {
  question: string;
  /** What was said before the next answer. */
  before: BaseMessage[];
  /** The last message is a tool's result. */
  midway?: true;
  messages: BaseMessage[];
}

const noQuestion = () =>
  new CopeError(
    "TASK_INVALID",
    "there is no question: neither `question` nor a last human message is given.",
    'invoke({ question: "…" }).',
  );

function besideQuestion(given: unknown): Record<string, unknown> {
  if (given === undefined || given === null) return {};
  if (typeof given === "object" && !Array.isArray(given)) return { ...given };
  throw new CopeError("TASK_INVALID", "`given` is no object.", 'invoke({ question, given: { tests: ["…"] } }).');
}

/** What was said before, as plain text, with the conversation's own instructions: tool calls, images and the like are no part of it. */
function historyOf(messages: readonly BaseMessage[]): { history?: Message[] } {
  const roles: Record<string, "user" | "assistant" | "system"> = {
    human: "user",
    ai: "assistant",
    system: "system",
    developer: "system",
  };
  const history = messages.flatMap((message) => {
    const role = roles[message.getType()];
    return role && message.text.trim() !== "" ? [{ role, content: message.text }] : [];
  });
  return history.length > 0 ? { history } : {};
}

/** The same for families that take an agent's steps: with tool calls, their results and the agent's own instructions. */
function withTools(messages: readonly BaseMessage[]): { history?: Message[] } {
  const history = fromLangChain(messages);
  return history.length > 0 ? { history } : {};
}

const thresholdsIn = ({ options }: Arriving, { context }: LangGraphRunnableConfig): boolean =>
  [options, context].some((given) => (given as RunOptions | undefined)?.thresholds != null);

/** What means nothing to a family would be passed over in silence: the user took it for what checks the answer. */
function assertUsed(field: string | undefined, { family, familyWhy }: Settings): void {
  if (field === undefined) return;
  throw new CopeError(
    "TASK_INVALID",
    `\`given.${field}\` means nothing to the family "${family}", which this question goes to (${familyWhy}).`,
    "leave it out, correct its name, or name the family that it is for by the option `family`.",
  );
}

function parseTask(kit: Kit, settings: Settings, task: Record<string, unknown>): Json {
  const parsed = kit.family(settings).task.safeParse(task);
  if (parsed.success) return parsed.data as unknown as Json;
  throw new CopeError(
    "TASK_INVALID",
    `the task does not fit the family "${settings.family}": ${saidOf(parsed.error)}`,
    "correct the field it names.",
    { cause: parsed.error },
  );
}

/**
 * Opens every model that a stage uses, so that a wrong name, a missing key, a lack of what a scorer or the task needs, or another model
 * than the calibration was made with is told before any call is paid: what is known here first, then what a server has to be
 * asked for.
 *
 * @returns the settings with the scorers that these models allow
 */
export async function checkModels(
  kit: Kit,
  settings: Settings,
  { task, thresholdsOpen }: { task?: Json; thresholdsOpen: boolean },
): Promise<Settings> {
  if (kit.madeWith) assertCalibratedFamily(kit.madeWith, settings.family);
  for (const role of rolesOf(settings.stages)) {
    const { identity } = await kit.model(role, settings);
    if (kit.madeWith) assertCalibratedModel(kit.madeWith, role, identity);
    if (settings.budget.usd !== undefined && !kit.prices(settings).has(identity)) {
      const name = `${identity.provider}:${identity.model}`;
      throw new CopeError(
        "PRICE_UNKNOWN",
        `a budget in dollars is set, and the price of ${name} (role "${role}") is unknown.`,
        `limit the calls instead (--max-calls, or budget.calls), or give the price in dollars per million tokens to createCope: prices: { "${name}": { input: …, output: … } }.`,
      );
    }
  }
  const scored = await withScorers(kit, settings, thresholdsOpen);
  await checkAbilities(kit, scored, task);
  return scored;
}

const NOTHING = { calls: 0, tokens: 0, usd: 0 };

function tooSmall(stop: Stop): CopeError {
  return stop === "budget"
    ? new CopeError(
        "BUDGET_TOO_SMALL",
        "the budget does not allow for a single call in the worst case.",
        "raise it, or lower maxTokens of the stage.",
        { spent: NOTHING },
      )
    : new CopeError("TIMEOUT", "the time was up before the first call.", "allow more time.", { spent: NOTHING });
}

/** @throws CopeError `OPTIONS_INVALID` where a person is to be asked and nothing keeps the run until there is an answer */
function assertAskable({ ask }: Settings, config: LangGraphRunnableConfig): void {
  if (!asksAnybody(ask) || whereabouts(config).thread !== undefined) return;
  throw new CopeError(
    "OPTIONS_INVALID",
    "ask: a run that waits for a person has to be kept, and this one has no checkpointer or no thread.",
    'compile({ checkpointer }), and invoke(input, { configurable: { thread_id: "…" } }).',
  );
}

let warned = false;

function warnOnceOfJournal(config: LangGraphRunnableConfig, durable: boolean): void {
  const saver: unknown = config.configurable?.["__pregel_checkpointer"];
  const { thread } = whereabouts(config);
  if (warned || durable || thread === undefined || !saver || saver instanceof MemorySaver) return;
  warned = true;
  process.emitWarning(
    "a durable checkpointer is used with the in-memory journal: calls answered just before a crash would be paid again. Pass createCope({ journal: sqliteJournal(file) }).",
    { code: "COPE_JOURNAL_IN_MEMORY" },
  );
}
