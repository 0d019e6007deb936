export { answersOf } from "./answers.js";
export { judgeAnswers } from "./judge.js";
export type { JudgeOptions } from "./judge.js";
export { judgeModel, judgeRoom } from "./ask.js";
export { worstOfJudging } from "./worst.js";
export { judgeSections, judgeTable } from "./sections.js";
export type { Judgements, MethodGrades, MethodJudgement, PairResult, PairVerdict, SingleGrade } from "./types.js";
