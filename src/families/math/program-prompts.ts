import type { Prompts } from "../types.js";
import { mathExamples, mathInstructions, mathPrompts, type MathExamples } from "./prompts.js";

/** Examples for plans that programs follow, and one program: without it small models explain in place of computing. */
const programExamples: MathExamples = {
  goal: mathExamples.goal,
  guideline: mathExamples.guideline.map(({ problem }) => ({
    problem,
    answer:
      "Count the good rolls and use integer division by the size of a bag to get the full bags. Then subtract the bags that were not sold, and print that difference.",
  })),
  execute: mathExamples.guideline.map(({ problem }) => ({
    problem,
    answer:
      "```python\n# She bakes 95 rolls and burns 5 of them, so the good ones are what is left.\ngood_rolls = 95 - 5\n# Every bag holds 6 rolls; only full bags can be sold.\nfull_bags = good_rolls // 6\n# At night 4 of these bags are still there, so the others were sold.\nsold_bags = full_bags - 4\nprint(sold_bags)\n```",
  })),
};

const INSTRUCTIONS = {
  guideline:
    "You advise someone who solves a mathematics problem by a short Python program. In one or two sentences, say how to compute the answer: which quantities or cases the program goes through, and the key idea. Do not write code, do not carry it out, and do not give the answer.",
  worked:
    "You advise someone who solves a mathematics problem by a short Python program. In one or two sentences, say how to compute the answer, with the intermediate values that are easy to get wrong. Do not write code, and do not give the final answer.",
  execute:
    "You solve mathematics problems by programs. Write a Python program that computes the answer and prints it, and nothing else, on the last line. Use exact arithmetic where it matters: whole numbers and the fractions module. Only Python's standard library is there, no sympy and no numpy, and the program gets no input. Give one fenced block of Python, with short comments.",
} as const;

/** Room for a program that computes one answer. */
const PROGRAM_TOKENS = 384;

/** A closing fence with an empty line behind it: an explanation would follow, and is paid, too. */
const AFTER_FENCE = "\n```\n\n";

/**
 * The wording of mathematics by programs: goals as for worked solutions, guidelines that say how to compute, and executors
 * that write a program. In words of our own.
 */
export function programPrompts(own: Partial<MathExamples> = {}): Prompts {
  const prompts = mathPrompts({ ...programExamples, ...own }, { ...mathInstructions, ...INSTRUCTIONS });
  return { ...prompts, limits: { ...prompts.limits, execute: { maxTokens: PROGRAM_TOKENS, stop: [AFTER_FENCE] } } };
}
