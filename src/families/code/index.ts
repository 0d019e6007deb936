import type { SandboxLimits } from "../../sandbox/index.js";
import type { Family } from "../types.js";
import { gradeCode } from "./grade.js";
import { codePrompts } from "./prompts.js";
import { readCode } from "./read.js";
import { inSandbox, type CodeRunner } from "./runner.js";
import { sameText } from "./same.js";
import { CodeTask } from "./task.js";

/** Options of the code family. */
export interface CodeOptions {
  /** What one candidate may spend. @default those of the sandbox */
  limits?: SandboxLimits;
  /** What runs programs. @default the sandbox */
  runner?: CodeRunner;
}

/**
 * Functions to write, in Python or JavaScript. Every sample is run in the sandbox on the tests that the task shows, and the
 * first that passes all of them is accepted; with no tests nothing is (docs/code.md). Its value is the whole program.
 */
export function createCode({ limits, runner = inSandbox }: CodeOptions = {}): Family<CodeTask, string> {
  return {
    name: "code",
    task: CodeTask,
    prompts: codePrompts,
    read: (text, task, signal) => readCode(text, task, { runner, limits, signal }),
    same: sameText,
    print: (value) => value,
    scorer: "tests",
    grade: (gold, value, task) => gradeCode(gold, value, task, { runner, limits }),
  };
}
