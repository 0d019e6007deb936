// The door to what runs programs that nobody trusts.

export { callFunction } from "./call-function.js";
export type { CallEnd, FunctionCalls } from "./calls.js";
export { checkSyntax } from "./check-syntax.js";
export type { SyntaxCheck } from "./check-syntax.js";
export { findSandbox } from "./find.js";
export type { Sandbox } from "./find.js";
export { runProgram } from "./run-program.js";
export type { ProgramEnd, ProgramRun } from "./programs.js";
export { runTests } from "./run-tests.js";
export type { TestResult, TestRun, TestsEnd } from "./tests.js";
export type { Language, RanIn, RunOptions, SandboxLimits, SandboxName } from "./types.js";
