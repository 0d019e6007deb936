// The door to what runs programs that nobody trusts.

export { callFunction, checkSyntax, runProgram, runTests, type SyntaxCheck } from "./run.js";
export type {
  CallEnd,
  FunctionCalls,
  Language,
  ProgramEnd,
  ProgramRun,
  RanIn,
  RunOptions,
  SandboxLimits,
  SandboxName,
} from "./types.js";
export { findSandbox } from "./find.js";
export type { Sandbox } from "./find.js";
export type { TestResult, TestRun, TestsEnd } from "./tests.js";
