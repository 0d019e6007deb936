// The public door: a list of exports, nothing else.

// The cascade
export { createCope } from "./graph/cope.js";
export type { CopeGraph } from "./graph/cope.js";
export type { CopeOptions } from "./graph/options.js";
export { hideInTraces } from "./graph/hide-in-traces.js";
export { recommendedRecursionLimit, withRecursionLimit } from "./graph/recursion-limit.js";
export { resolveStages, strategies } from "./cascade/stages.js";

// The words: state as data
export { type Answer, CopeEvent, type StageReport } from "./state/answer.js";
export {
  type Ask,
  type Decision,
  GuidelineResponse,
  Pending,
  type Preview,
  SendingResponse,
} from "./state/approval.js";
export type { Calibration, CalibrationGoal, StageBought } from "./state/calibration.js";
export type { Json, Message, ToolCall, ToolSpec } from "./state/message.js";
export type { Bill, Ledger, LedgerEntry, Spent } from "./state/ledger.js";
export type { Budget, RunChoices, RunOptions, Settings } from "./state/options.js";
export type { Plan, PlanKind, Sample, SampleId } from "./state/sample.js";
export { type Role, Stage, type StageInput, type Verdict, type WavePolicy } from "./state/stage.js";

// Families
export { chooseFamily } from "./families/auto.js";
export type { AutoTask, ChosenFamily } from "./families/auto.js";
export { createAction } from "./families/action/index.js";
export type { ActionTask, Answers } from "./families/action/task.js";
export type { Action, ActionCall } from "./families/action/calls.js";
export { type ChatTask, createChat } from "./families/chat.js";
export { createChoice } from "./families/choice/index.js";
export type { ChoiceOptions } from "./families/choice/index.js";
export type { ChoiceTask, Consensus } from "./families/choice/task.js";
export { createCode } from "./families/code/index.js";
export type { CodeOptions } from "./families/code/index.js";
export type { CodeRunner } from "./families/code/read.js";
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
export { ChatLlama, type ChatLlamaCallOptions, type ChatLlamaFields } from "./llama/chat.js";
export { LlamaEmbeddings, type LlamaEmbeddingsFields } from "./llama/embeddings.js";
export type { ScoredText, TokenLogprob } from "./llama/engine/shapes.js";
export {
  type Journal,
  type JournalAttempt,
  type JournalEntry,
  type JournalKey,
  memoryJournal,
} from "./storage/journal.js";
export { postgresJournal, type PostgresPool } from "./storage/postgres-journal.js";
export { sqliteJournal } from "./storage/sqlite-journal.js";
export { openTape, type Tape, type TapeOptions } from "./storage/tape.js";
export { type Repaired, repairTape } from "./storage/tape-repair.js";
export { exportTape, type Imported, importTape } from "./storage/tape-transfer.js";
export { ABILITY_NAMES } from "./models/abilities.js";
export type { Abilities, Ability, AbilityName } from "./models/abilities.js";
export type { ModelLike } from "./models/given.js";
export type { BrokenCall, ModelIdentity, ModelRequest, Reply, Sampling, Usage } from "./calls/types.js";

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
export { openSaver, type OpenSaver, type SavedThread } from "./storage/saver.js";

// Errors
export { CopeError } from "./errors.js";
export type { CopeErrorCode } from "./errors.js";
