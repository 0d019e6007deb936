import type { Message } from "../../state/message.js";
import { withHistory } from "../history.js";
import { PLAN_LIMITS, withPlans } from "../plans.js";
import { tidyPlan } from "../tidy-plan.js";
import type { PlanRequest, Prompts } from "../types.js";
import { entryPointOf } from "./definitions.js";
import { headOf } from "./head.js";
import { shownTests } from "./shown-tests.js";
import type { CodeTask, Language } from "./task.js";

const EXPERT: Record<Language, string> = {
  python: "You are an expert Python programmer.",
  javascript: "You are an expert JavaScript programmer.",
};

const PLANNER = {
  goal: "State in one sentence what the function takes and what it has to give back. Do not say how to write it, and do not write code.",
  // What programs get wrong is mostly what was asked, and less how to do it: so the guideline says that exactly, too.
  guideline:
    "Read the task and its tests, and tell a beginner in one or two sentences how to compute the result: which values to use, in which order, and what to return, so exactly that it cannot be misread. Begin with a verb. Do not write code.",
  worked:
    "Read the task and its tests, and tell a beginner in one or two sentences how to compute the result, with what each step gives on a small input. Begin with a verb. Do not write code.",
} as const;

const EXECUTOR =
  "Answer with one fenced code block that holds the whole function and the imports it needs. Write no explanation, no tests and no prints.";

/** Without an example small models write the function instead of planning it. */
const EXAMPLE = {
  question:
    "Write a function that returns the words of a sentence that occur more than once, in the order in which they first occur.",
  goal: "Take a sentence and give back a list of its words that occur at least twice, each of them once, ordered by where it first stands.",
  guideline:
    "Split the sentence into words, count how often each occurs, and collect those counted at least twice. Return them as a list without repeats, ordered by where each first stands.",
  worked:
    'Count how often each word occurs: in "a b a" that is 2 for "a" and 1 for "b". Then go through the words in order and keep those counted more than once the first time they are met, here only "a".',
} as const;

/** The wording of the code family, after the description in arXiv 2506.11578, appendix A.6, in words of our own. */
export const codePrompts: Prompts<CodeTask> = {
  plan: (task, request) => {
    const part = request.kind === "guideline" && request.style === "worked" ? "worked" : request.kind;
    const messages: Message[] = [
      { role: "system", content: `${EXPERT[task.language]} ${PLANNER[part]}` },
      { role: "user", content: EXAMPLE.question },
      { role: "assistant", content: EXAMPLE[part] },
      { role: "user", content: [taskOf(task), critique(request), ASK[part]].filter(Boolean).join("\n\n") },
    ];
    return withHistory(messages, task.history);
  },
  execute: (task, plans) =>
    withHistory(
      [
        { role: "system", content: `${EXPERT[task.language]} ${EXECUTOR}` },
        { role: "user", content: withPlans(asked(task), plans) },
      ],
      task.history,
    ),
  tidyPlan: (text, kind) => {
    const plan = tidyPlan(text, kind);
    // Code in a plan's place is no plan.
    return /^\s*(?:```|~~~|(?:async )?def \w+\(|(?:import|from) [\w.]+(?: import .*)?$|(?:async )?function \w+\()/.test(
      text.trimStart().split("\n")[0]!,
    )
      ? ""
      : plan;
  },
  limits: {
    ...PLAN_LIMITS,
    // A closing fence with an empty line behind it: an explanation would follow, and is paid, too.
    execute: { maxTokens: 512, stop: ["\n```\n\n"] },
  },
};

/** What a planner is asked last: after "Complete this function" it would. */
const ASK = {
  goal: "What must the function give back? One sentence.",
  guideline: "How is the result computed, exactly? One or two sentences, no code.",
  worked: "How is the result computed, step by step? One or two sentences, no code.",
} as const;

/** The task as planners are shown it. */
function taskOf(task: CodeTask): string {
  return headOf(task) ? `Task:\n${fenced(task.question, task.language)}` : asked(task);
}

/** The task as planners and executors are shown it: the question, the function's name, and the tests that fix its arguments. */
function asked(task: CodeTask): string {
  const { question, language } = task;
  const tests = shownTests(task);
  const passing = tests && `It must pass:\n${fenced(tests, language)}`;
  if (headOf(task))
    return [`Complete this function:\n${fenced(question, language)}`, passing].filter(Boolean).join("\n\n");
  const name = entryPointOf(task);
  return [question, [name && `Name the function \`${name}\`.`, passing].filter(Boolean).join(" ")]
    .filter(Boolean)
    .join("\n\n");
}

const fenced = (code: string, language: Language): string => `\`\`\`${language}\n${code}\n\`\`\``;

function critique({ failures }: PlanRequest): string {
  if (!failures?.length) return "";
  const told = failures.map(({ test, why, samples }) => {
    const programs = samples === 1 ? "1 program" : `${samples} programs`;
    return `- ${programs} failed at ${test.replace(/\s+/g, " ")}: ${why}`;
  });
  return `Programs written so far fail:\n${told.join("\n")}\nName the mistake that they are likely to share, and how to avoid it. Do not write code.`;
}
