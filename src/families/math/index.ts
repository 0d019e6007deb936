import { z } from "zod";
import { History } from "../history.js";
import type { BaseTask, Family } from "../types.js";
import { mathExamples, mathPrompts, type MathExamples } from "./prompts.js";
import { readMath } from "./read.js";
import { createMathSame } from "./same.js";

/** Options of the math family. */
export interface MathOptions {
  /** Worked examples of one's own instead of the built-in ones, by prompt. */
  examples?: Partial<MathExamples>;
  /** Longest time one comparison may take, milliseconds; longer ones count as not equal. @default see `createMathSame` */
  timeLimitMs?: number;
}

/**
 * Mathematics with a closed answer: a number, an expression, a set, a text. Answers are read tolerantly and compared by
 * mathematics (docs/math-equality.md); the vote is its scorer.
 */
export function createMath({ examples, timeLimitMs }: MathOptions = {}): Family<BaseTask, string> {
  const { same, close } = createMathSame(timeLimitMs === undefined ? {} : { timeLimitMs });
  return {
    name: "math",
    task: z.object({ question: z.string().trim().min(1, "the question is empty"), history: History }),
    prompts: mathPrompts(examples ? { ...mathExamples, ...examples } : mathExamples),
    read: readMath,
    same,
    print: (value) => value,
    scorer: "vote",
    close,
  };
}
