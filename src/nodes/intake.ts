import { MemorySaver, Overwrite, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { CopeError } from "../errors.js";
import { unusedField } from "../families/unused.js";
import { saidOf } from "../options-error.js";
import { asksAnybody } from "../state/ask.js";
import type { Budget, Settings } from "../state/options.js";
import type { Json } from "../state/json.js";
import type { Wave } from "../state/wave.js";
import { asked, besideQuestion, conversation, noQuestion, type Arriving } from "./asked.js";
import { checkModels } from "./check-models.js";
import { chosenBy } from "./chosen.js";
import { whereabouts, type Kit } from "./kit.js";
import { resolveSettings, type Construction } from "./settings.js";
import { worstStage, type Worst } from "./limits.js";
import { planWave } from "./wave.js";

/**
 * The first node: checks everything that can be wrong before the first paid call, puts options into `settings`, keeps those that
 * were chosen for the thread's next turns, and clears what the last turn left, or its answer would be this turn's.
 *
 * @throws CopeError TASK_INVALID, OPTIONS_INVALID, FAMILY_UNKNOWN, CALIBRATION_MISMATCH, PRICE_UNKNOWN, ABILITY_MISSING,
 * BUDGET_TOO_SMALL, and what opening a model throws
 */
export function createIntakeNode(kit: Kit, construction: Construction, journalIsDurable: boolean) {
  return async function intake(state: Arriving, config: LangGraphRunnableConfig) {
    warnOnceOfJournal(config, journalIsDurable);
    const turn = (state.turn ?? 0) + 1;
    const { messages, before, midway, ...arriving } = asked(state);
    const chosen = chosenBy(state.chosen ?? {}, [state.options, config.context]);
    const asResolved = resolveSettings(construction, [chosen], arriving);
    const family = kit.family(asResolved);
    const { keepsTools } = family;
    if (midway && !keepsTools) throw noQuestion();
    const whole = { ...arriving, ...conversation(before, keepsTools) };
    const task = parseTask(kit, asResolved, whole);
    assertUsed(unusedField(family, whole, besideQuestion(state.given)), asResolved);
    assertAskable(asResolved, config);
    const thresholdsOpen = construction.thresholdsOwn && chosen.thresholds === undefined;
    const settings = await checkModels(kit, asResolved, { task, thresholdsOpen, before: state.settings });

    const first = settings.stages[0]!;
    const wave = await planWave(kit, { turn, task, settings, calls: [] }, first.name, {}, config);
    if (wave.stop === "timeout") throw noTime();
    if (wave.stop) throw tooSmall(settings.budget, first.name, await worstStage(kit, first, settings, task));
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
      chosen: Object.keys(chosen).length > 0 ? chosen : undefined,
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

const NOTHING = { calls: 0, tokens: 0, usd: 0 };

const noTime = () =>
  new CopeError("TIMEOUT", "the time was up before the first call.", "allow more time.", { spent: NOTHING });

/** Names the limit that is too small, and what it must be at the least. */
function tooSmall(budget: Budget, stage: string, { each, once }: { each: Worst; once: Worst }): CopeError {
  const limits = [
    { field: "calls", flag: "--max-calls", needs: each.calls + once.calls },
    { field: "tokens", needs: each.tokens + once.tokens },
    { field: "usd", flag: "--budget-usd", needs: (each.usd ?? 0) + (once.usd ?? 0) },
  ] as const;
  const short = limits.filter(({ field, needs }) => needs > (budget[field] ?? Infinity));
  const said = short.map(({ field, needs }) => `up to ${needs} ${field} where ${budget[field]} is allowed`);
  const remedies = short.map(({ field, needs, ...more }) => {
    const flag = "flag" in more ? ` (${more.flag})` : "";
    return `raise budget.${field}${flag} to ${needs} or more`;
  });
  return new CopeError(
    "BUDGET_TOO_SMALL",
    `the first sample of stage "${stage}" needs ${said.join(", and ")}.`,
    `${remedies.join(", and ")}; or begin with a stage that needs less.`,
    { spent: NOTHING },
  );
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
