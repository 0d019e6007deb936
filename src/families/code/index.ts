import type { SandboxLimits } from "../../sandbox/index.js";
import type { Family } from "../types.js";
import { behaveSame, withEntryPoint } from "./agreement.js";
import { gradeCode } from "./grade.js";
import { codePrompts } from "./prompts.js";
import { readCode } from "./read.js";
import { inSandbox, type CodeRunner } from "./runner.js";
import { sameText } from "./same.js";
import { CodeTask } from "./task.js";

/** Options of the code family. */
export interface CodeOptions {
  /**
   * For tasks without tests: samples vote, and programs are the same where they behave the same on inputs made by their
   * parameters. Agreement is what this measures, and not whether the programs are right. @default false
   */
  agreement?: boolean;
  /** What one candidate may spend. @default those of the sandbox */
  limits?: SandboxLimits;
  /** What runs programs. @default the sandbox */
  runner?: CodeRunner;
}

/** Longest time of all calls of a program whose behaviour is compared: one that hangs on odd input is no reason to wait. */
const COMPARING: SandboxLimits = { wallMs: 3_000 };

/**
 * Functions to write, in Python or JavaScript. Every sample is run in the sandbox on the tests that the task shows, and the
 * first that passes all of them is accepted; with no tests nothing is (docs/code.md). Its value is the whole program. With
 * `agreement` the family is `code:agreement`, and samples vote.
 */
export function createCode({ agreement = false, limits, runner = inSandbox }: CodeOptions = {}): Family<
  CodeTask,
  string
> {
  const tested: Family<CodeTask, string> = {
    name: "code",
    task: CodeTask,
    prompts: codePrompts,
    read: (text, task, signal, reply) => readCode(text, task, { runner, limits, signal, finish: reply?.finish }),
    same: sameText,
    print: (value) => value,
    scorer: "tests",
    grade: (gold, value, task) => gradeCode(gold, value, task, { runner, limits }),
  };
  if (!agreement) return tested;
  return {
    ...tested,
    name: "code:agreement",
    read: async (text, task, signal, reply) => {
      const reading = await readCode(text, task, { runner, limits, signal, finish: reply?.finish });
      return reading && { ...reading, value: withEntryPoint(reading.value, task) };
    },
    same: behaveSame({ runner, limits: limits ?? COMPARING }),
    scorer: "vote",
  };
}
