import { z } from "zod";
import { runProgram } from "../../sandbox/index.js";
import { CUT_SHORT, isCut } from "../cut.js";
import { History } from "../history.js";
import { textAlone, type BaseTask, type Family, type ReadReply } from "../types.js";
import { programPrompts } from "./program-prompts.js";
import { readProgram, type RunProgram } from "./program.js";
import { mathExamples, mathPrompts, type MathExamples } from "./prompts.js";
import { readMath } from "./read.js";
import { createMathSame } from "./same.js";

/** Options of the math family. */
export interface MathOptions {
  /** Worked examples of one's own instead of the built-in ones, by prompt. */
  examples?: Partial<MathExamples>;
  /** CPU time that one comparison may take, milliseconds; what takes longer is unknown. @default 2000 */
  timeLimitMs?: number;
  /** `program`: executors write Python programs, which are run, and what they print is the answer. @default "text" */
  reasoning?: "text" | "program";
  /** What runs programs. @default the sandbox */
  run?: RunProgram;
}

/**
 * Mathematics with a closed answer: a number, an expression, a set, a text. Answers are read tolerantly and compared by
 * mathematics (docs/math-equality.md); the vote is its scorer. With `reasoning: "program"` the family is `math:program`
 * (docs/math-program.md).
 */
export function createMath({ examples, timeLimitMs, reasoning = "text", run = runProgram }: MathOptions = {}): Family<
  BaseTask,
  string
> {
  const { same, warm, close } = createMathSame(timeLimitMs === undefined ? {} : { timeLimitMs });
  warm();
  const byText: Family<BaseTask, string> = {
    name: "math",
    task: z.object({ question: z.string().trim().min(1, "the question is empty"), history: History }),
    prompts: mathPrompts(examples ? { ...mathExamples, ...examples } : mathExamples),
    read: textAlone(
      (text: string, _task: BaseTask, _signal?: AbortSignal, reply: ReadReply = {}) =>
        readMath(text, reply) ?? (isCut(reply) ? CUT_SHORT : undefined),
    ),
    same,
    print: (value) => value,
    scorer: "vote",
    close,
  };
  if (reasoning === "text") return byText;
  return {
    ...byText,
    name: "math:program",
    prompts: programPrompts(examples),
    read: (text, _task, signal, reply) => readProgram(text, { run, signal, finish: reply?.finish }),
  };
}
