// The public door: a list of exports, nothing else.

// The cascade
export { createCope } from "./graph/cope.js";
export type { CopeGraph } from "./graph/cope.js";
export type { CopeOptions } from "./graph/options.js";
export { hideInTraces } from "./graph/hide-in-traces.js";
export { withRecursionLimit } from "./graph/recursion-limit.js";
export { recommendedRecursionLimit, resolveStages, strategies } from "./graph/stages.js";

// The words: state as data
export type { Answer, StageReport } from "./state/answer.js";
export type { Ask } from "./state/ask.js";
export type { Calibration, CalibrationGoal, StageBought } from "./state/calibration.js";
export { CopeEvent } from "./state/event.js";
export type { Json } from "./state/json.js";
export type { Bill, Ledger, LedgerEntry, Spent } from "./state/ledger.js";
export type { Message } from "./state/message.js";
export type { ToolCall, ToolSpec } from "./state/tool.js";
export type { Budget, RunChoices, RunOptions, Settings } from "./state/options.js";
export { GuidelineResponse, Pending, SendingResponse } from "./state/pending.js";
export type { Decision, Preview } from "./state/pending.js";
export type { Plan, PlanKind } from "./state/plan.js";
export type { Sample, SampleId } from "./state/sample.js";
export { Stage } from "./state/stage.js";
export type { Role, StageInput } from "./state/stage.js";
export type { Verdict } from "./state/verdict.js";
export type { WavePolicy } from "./state/wave.js";

// Families
export { chooseFamily } from "./families/auto.js";
export type { AutoTask, ChosenFamily } from "./families/auto.js";
export { createAction } from "./families/action/index.js";
export type { ActionTask, Answers } from "./families/action/task.js";
export type { Action, ActionCall } from "./families/action/value.js";
export { createChat } from "./families/chat/index.js";
export type { ChatTask } from "./families/chat/index.js";
export { createChoice } from "./families/choice/index.js";
export type { ChoiceOptions } from "./families/choice/index.js";
export type { ChoiceTask, Consensus } from "./families/choice/task.js";
export { createCode } from "./families/code/index.js";
export type { CodeOptions } from "./families/code/index.js";
export type { CodeRunner } from "./families/code/runner.js";
export type { CodeTask } from "./families/code/task.js";
export { History, withHistory } from "./families/history.js";
export { createMath } from "./families/math/index.js";
export type { MathOptions } from "./families/math/index.js";
export type { ProgramOutput, RunProgram } from "./families/math/program.js";
export type { MathExample, MathExamples } from "./families/math/prompts.js";
export type {
  BaseTask,
  Family,
  GuidelineStyle,
  OutputLimits,
  PlanRequest,
  Prompts,
  Reading,
  ReadReply,
  ShownPlans,
  Unread,
} from "./families/types.js";

// Scorers
export { agreement } from "./scorers/agreement.js";
export { decide } from "./scorers/decide.js";
export { fields } from "./scorers/fields.js";
export { perplexity } from "./scorers/perplexity.js";
export { tests } from "./scorers/tests.js";
export { vote } from "./scorers/vote.js";
export type { Chances, Confidence, Draw, Missing, Same, Scorer, StopRule } from "./scorers/types.js";

// Models
export { ChatLlama } from "./models/llama/chat.js";
export type { ChatLlamaCallOptions, ChatLlamaFields } from "./models/llama/chat.js";
export { LlamaEmbeddings } from "./models/llama/embeddings.js";
export type { LlamaEmbeddingsFields } from "./models/llama/embeddings.js";
export type { ScoredText, TokenLogprob } from "./models/llama/shapes.js";
export { memoryJournal } from "./models/journal.js";
export type { Journal, JournalAttempt, JournalEntry, JournalKey } from "./models/journal.js";
export { postgresJournal } from "./models/postgres-journal.js";
export type { PostgresPool } from "./models/postgres-journal.js";
export { sqliteJournal } from "./models/sqlite-journal.js";
export { openTape } from "./models/tape.js";
export type { Tape, TapeOptions } from "./models/tape.js";
export { repairTape } from "./models/tape-repair.js";
export type { Repaired } from "./models/tape-repair.js";
export { exportTape, importTape } from "./models/tape-transfer.js";
export type { Imported } from "./models/tape-transfer.js";
export { ABILITY_NAMES } from "./models/abilities.js";
export type { Abilities, Ability, AbilityName } from "./models/abilities.js";
export type { ModelLike } from "./models/given.js";
export type { BrokenCall, ModelIdentity, ModelRequest, Reply, Sampling, Usage } from "./models/types.js";

// Running programs that nobody trusts
export { callFunction, checkSyntax, findSandbox, runProgram, runTests } from "./sandbox/index.js";
export type {
  CallEnd,
  FunctionCalls,
  Language,
  ProgramEnd,
  ProgramRun,
  RanIn,
  RunOptions as SandboxOptions,
  Sandbox,
  SandboxLimits,
  SandboxName,
  SyntaxCheck,
  TestResult,
  TestRun,
  TestsEnd,
} from "./sandbox/index.js";

// Saving threads
export { openSaver } from "./checkpoint/sqlite-saver.js";
export type { OpenSaver, SavedThread } from "./checkpoint/sqlite-saver.js";

// Errors
export { CopeError } from "./errors.js";
export type { CopeErrorCode } from "./errors.js";
