import type { Message } from "../../state/message.js";
import type { BaseTask, PlanRequest, Prompts } from "../types.js";
import { withHistory } from "../history.js";
import { PLAN_LIMITS, withPlans } from "../plans.js";
import { tidyPlan } from "../tidy-plan.js";

/** One worked example: a problem of one's own and what the model should have written. */
export interface MathExample {
  problem: string;
  answer: string;
}

/** Examples shown before the task. A plan prompt without one makes small models solve the problem instead of planning it. */
export interface MathExamples {
  goal: readonly MathExample[];
  guideline: readonly MathExample[];
  /** None by default: examples make solutions terse, and terse reasoning costs small models accuracy. */
  execute: readonly MathExample[];
}

const PROBLEM =
  "A baker sells rolls in bags of 6. She bakes 95 rolls, burns 5 of them and has 4 bags left over at night. How many bags did she sell?";

/** The examples that are used unless others are given. */
export const mathExamples: MathExamples = {
  goal: [
    {
      problem: PROBLEM,
      answer:
        "Find how many bags were sold, which is the number of bags filled with good rolls less the bags left over.",
    },
  ],
  guideline: [
    {
      problem: PROBLEM,
      answer:
        "First find how many rolls are good and how many full bags they make. Then subtract the bags that were not sold.",
    },
  ],
  execute: [],
};

const WORKED =
  "First find the good rolls, 95 - 5 = 90, which fill 90 / 6 = 15 bags. Then subtract the bags that were not sold.";

/** What each prompt says first. */
export const mathInstructions = {
  goal: "You are a mathematics teacher. State in one sentence what the problem asks for: the quantity to find and what it depends on. Do not solve it and do not calculate.",
  guideline:
    "You are a mathematics coach. In one or two sentences, tell a student how to go about the problem: the strategy and the key idea. Do not carry it out, and do not give the answer.",
  worked:
    "You are a mathematics coach. In one or two sentences, tell a student how to go about the problem: the strategy, with the intermediate values that are easy to get wrong. Do not give the final answer.",
  execute:
    'You solve mathematics problems. Reason step by step and calculate with care. For an easy problem, a few sentences are enough; for a harder one, put each step under a heading of the form "## Step 1:". Always end with the sentence: The final answer is $\\boxed{answer}$.',
};

/** The same in other words. */
export type MathInstructions = Readonly<typeof mathInstructions>;

/** Whether a plan is the answer itself: boxed, announced, or a value without a word. */
function isValue(plan: string): boolean {
  const stated =
    /\\boxed|^#{4}|\banswer(?: (?:to|of|for)\b[^.:=]{0,60})?\s*(?:is|=|:|would be|will be)\s*[*$]{0,2}\\?[-+(]?(?:\d|\\?[dt]?frac|\\?sqrt|\\?pi\b)/i;
  const plain = plan.replace(/\\[a-z]+/gi, " ");
  return stated.test(plan) || !/\p{L}{3}|\p{Script=Han}/u.test(plain);
}

/** The wording of the math family, after the description in arXiv 2506.11578, appendix A.6, in words of our own. */
export function mathPrompts(
  examples: MathExamples = mathExamples,
  instructions: MathInstructions = mathInstructions,
): Prompts {
  return {
    plan: (task, request) =>
      withHistory(
        [
          {
            role: "system",
            content:
              request.kind === "guideline" && request.style === "worked"
                ? instructions.worked
                : instructions[request.kind],
          },
          ...shots(planExamples(examples, request)),
          { role: "user", content: planQuestion(task, request) },
        ],
        task.history,
      ),
    execute: (task, plans) =>
      withHistory(
        [
          { role: "system", content: instructions.execute },
          ...shots(examples.execute),
          { role: "user", content: withPlans(task.question, plans) },
        ],
        task.history,
      ),
    tidyPlan(text, kind) {
      const plan = tidyPlan(text, kind);
      return isValue(plan) ? "" : plan;
    },
    limits: {
      ...PLAN_LIMITS,
      execute: { maxTokens: 1024 },
    },
  };
}

function shots(examples: readonly MathExample[]): Message[] {
  return examples.flatMap(({ problem, answer }) => [
    { role: "user", content: problem },
    { role: "assistant", content: answer },
  ]);
}

function planExamples(examples: MathExamples, { kind, style }: PlanRequest): readonly MathExample[] {
  // Only the built-in example can be given in the style that carries values; one's own stay as they are.
  return kind === "guideline" && style === "worked" && examples === mathExamples
    ? [{ problem: PROBLEM, answer: WORKED }]
    : examples[kind];
}

function planQuestion({ question }: BaseTask, { votes }: PlanRequest): string {
  if (!votes?.length) return question;
  const split = votes.map(({ answer, votes: count }) => `${answer} (${count})`);
  return `${question}\n\nStudents disagree; their answers and how many gave each: ${split.join("; ")}. Some or all are wrong: point at the step they are likely to get wrong.`;
}
