import { families } from "../families/index.js";
import { mathExamples, mathPrompts } from "../families/math/prompts.js";
import type { AnyFamily } from "../families/types.js";
import type { Reply } from "../models/types.js";
import type { Checks } from "../state/checks.js";
import type { Message } from "../state/message.js";
import type { Json } from "../state/json.js";
import { CopeError } from "../errors.js";
import { YES } from "./methods/automix.js";
import { selfGrade } from "./self-grade.js";
import type { Given, Series } from "./series.js";

/** What is read from an answer, or what running it said where it has no value; null where nothing can be read. */
type Read = (({ value: string; by: string } | { value?: undefined }) & { checks?: Checks; sandbox?: string }) | null;

/** How a method that brings its own prompts asks, and what it reads from the answer. */
export interface Wording {
  messages(task: Json, given: Given): Message[];
  /** How many of the likeliest tokens it reads, by their log-probabilities. @default none */
  top?: number;
  /** The value as it is recorded; null where nothing can be read. */
  read(
    text: string,
    task: Json,
    reply?: Pick<Reply, "topLogprobs" | "toolCalls" | "brokenCalls" | "finish">,
  ): Read | Promise<Read>;
}

/** Two sets of worked examples, different in subject and in manner, so that prompts differ in more than their order. */
const FEW_SHOT = {
  "few-shot-a": [
    {
      problem:
        "A farmer has 5 crates with 24 apples each. He sells 78 apples and puts the rest into 6 equal baskets. How many apples are in each basket?",
      answer:
        "First find all apples: 5 * 24 = 120. After the sale 120 - 78 = 42 apples are left. Shared among 6 baskets, each gets 42 / 6 = 7. The final answer is $\\boxed{7}$.",
    },
    {
      problem: "What is the remainder when 2^10 is divided by 7?",
      answer:
        "Powers of 2 modulo 7 repeat with 2, 4, 1. Since 10 = 3 * 3 + 1, the remainder is that of 2^1, which is 2. The final answer is $\\boxed{2}$.",
    },
  ],
  "few-shot-b": [
    {
      problem:
        "Nina reads 18 pages a day from Monday to Friday and 30 pages on each day of the weekend. Her book has 300 pages. How many pages are left after one week?",
      answer:
        "## Step 1: Pages on weekdays\n5 days of 18 pages are 90 pages.\n\n## Step 2: Pages at the weekend\n2 days of 30 pages are 60 pages.\n\n## Step 3: What is left\nShe has read 90 + 60 = 150 pages, so 300 - 150 = 150 are left.\n\nThe final answer is $\\boxed{150}$.",
    },
    {
      problem: "Solve 3(x - 2) = 2x + 5 for x.",
      answer:
        "## Step 1: Expand\n3x - 6 = 2x + 5.\n\n## Step 2: Collect x\nSubtracting 2x and adding 6 on both sides gives x = 11.\n\nThe final answer is $\\boxed{11}$.",
    },
  ],
} as const;

const JUDGE =
  'You check solutions of mathematics problems. Go through the proposed solution step by step and look for a wrong reading, a wrong step or a wrong calculation. End with the sentence "Verdict: yes" if its final answer is right, or "Verdict: no" if it is wrong.';

const VERDICT = /verdict\W*(yes|no)\b/gi;

const fewShot = (name: keyof typeof FEW_SHOT): Wording => {
  const prompts = mathPrompts({ ...mathExamples, execute: FEW_SHOT[name] });
  return {
    messages: (task) => prompts.execute(task as never, {}),
    // The family is made, and its worker started, when it is first needed.
    read: (...said) => reader(families["math"]!())(...said),
  };
};

const MATH: Readonly<Record<string, Wording>> = {
  "few-shot-a": fewShot("few-shot-a"),
  "few-shot-b": fewShot("few-shot-b"),
  verify: {
    messages: (task, { answer }) => [
      { role: "system", content: JUDGE },
      {
        role: "user",
        content: `Problem: ${(task as { question: string }).question}\n\nProposed solution: ${answer?.text ?? ""}`,
      },
    ],
    read(text) {
      const said = [...text.matchAll(VERDICT)].at(-1)?.[1]?.toLowerCase();
      return said === undefined ? null : { value: said === YES ? YES : "no", by: "verdict" };
    },
  },
};

/** Of methods whose prompts fit every family. */
const ANY: Readonly<Record<string, Wording>> = { "self-grade": selfGrade };

/** How many of the likeliest tokens a series reads, whatever its family. */
export const topOf = ({ wording = "" }: Pick<Series, "wording">): number | undefined =>
  Object.hasOwn(ANY, wording) ? ANY[wording]!.top : undefined;

const BY_FAMILY: Readonly<Record<string, Readonly<Record<string, Wording>>>> = { math: MATH };

/** Reads as the family does, and prints as it does. */
export function reader(family: AnyFamily): Wording["read"] {
  return async (text, task, reply) => {
    const reading = await family.read(text, task as never, undefined, reply);
    if (!reading) return null;
    const { checks, sandbox } = reading;
    const run = { ...(checks ? { checks } : {}), ...(sandbox ? { sandbox } : {}) };
    if (reading.by === undefined) return checks || sandbox ? run : null;
    return { value: family.print(reading.value), by: reading.by, ...run };
  };
}

/**
 * The wording of a series: the family's own, or one that a method brings.
 *
 * @throws CopeError `OPTIONS_INVALID` where a method has no prompts for the family
 */
export function wordingOf(family: AnyFamily, name: string | undefined): Wording {
  if (name === undefined) {
    return {
      messages: (task, { goal, guideline }) =>
        family.prompts.execute(task as never, {
          ...(goal ? { goal: goal.text } : {}),
          ...(guideline ? { guideline } : {}),
        }),
      read: reader(family),
    };
  }
  const found = BY_FAMILY[family.name]?.[name] ?? ANY[name];
  if (found) return found;
  const remedy = "leave that method out.";
  throw new CopeError("OPTIONS_INVALID", `there are no prompts "${name}" for the family "${family.name}".`, remedy);
}
