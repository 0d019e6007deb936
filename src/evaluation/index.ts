// What evaluating takes in a program: a list of exports, nothing else.

// Data sets
export { loadProblems } from "./data/load.js";
export type { DataSet, LoadOptions, Refused } from "./data/load.js";
export type { Columns } from "./data/rows.js";
export { pool } from "./data/pool.js";
export { readIds } from "./data/ids.js";
export { split, subset } from "./data/subset.js";
export type { SubsetOptions } from "./data/subset.js";
export { fingerprintOf } from "./problem.js";
export type { CodeGold, Problem, ProblemTask } from "./problem.js";

// Methods
export { METHODS, resolveMethods } from "./methods/index.js";
export type { MethodOptions } from "./methods/index.js";
export { createCopeMethod } from "./methods/cope.js";
export type { CopeMethodOptions } from "./methods/cope.js";
export { seriesOf } from "./series.js";
export type { Given, Series } from "./series.js";
export type { Method, Outcome, StageOutcome, Step, Wanted } from "./methods/types.js";
export type { View } from "./view.js";
export { planStudy, studyPlans, studyTable } from "./study-plans.js";
export type { PlanCell, PlanRow, PlanStudy } from "./study-plans.js";

// Recording
export { evaluate } from "./evaluate.js";
export type { Begun, EvaluateOptions, Evaluation, EvaluationLimits, Progress } from "./evaluation.js";
export type { ModelOptions } from "./models.js";
export { readRecording } from "./recorded.js";
export type { ReadOptions, Recorded } from "./recorded.js";
export { outcomesOf } from "./outcomes.js";
export { recordingsOf } from "./recordings.js";
export type { RecordingSize } from "./recordings.js";
export { sealed, writeExport } from "./draws-file.js";
export type { DrawsFile } from "./draws-file.js";
export type { Draw, DrawCall } from "./draw.js";
export type { ProblemNote, Recording } from "./store.js";

// Figures
export { summarise, tableOf } from "./summary/index.js";
export type { MethodSummary, Summary, SummaryOptions } from "./summary/index.js";
export { writeReport } from "./report/index.js";
export type { GridPoint, ReportExtras } from "./report/index.js";

// A judge of open answers
export { answersOf, judgeAnswers, judgeTable } from "./judge/index.js";
export type {
  Judgements,
  JudgeOptions,
  MethodGrades,
  MethodJudgement,
  PairResult,
  PairVerdict,
  SingleGrade,
} from "./judge/index.js";

// Replay
export { earlyStopCurve, grid, levels, replay } from "./replay/index.js";
export type {
  EarlyStopPoint,
  Grid,
  GridOptions,
  GridRow,
  Lack,
  RefusedSetting,
  Replayed,
  ReplayOptions,
  Setting,
} from "./replay/index.js";

// Scorers on the same samples
export { compareScorers, scorerTable } from "./compare-scorers/index.js";
export type { CompareOptions, ScorerComparison, ScorerFigures, ScorerRow } from "./compare-scorers/index.js";

// Calibration
export { calibrate } from "./calibrate/calibrate.js";
export type { CalibrateOptions } from "./calibrate/options.js";
export { driftOf } from "./calibrate/drift.js";
export type { Drift, DriftCheck } from "./calibrate/drift.js";
