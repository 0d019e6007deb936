import { z } from "zod";
import type { Family } from "../../src/families/types.js";

/** A family of one's own, as a user would write it: the answer is the text itself, "?" is unreadable. */
export const plain: Family<{ question: string }, string> = {
  name: "plain",
  task: z.object({ question: z.string().trim().min(1) }),
  prompts: {
    plan: ({ question }, { kind, votes }) => [
      { role: "system", content: `plan a ${kind}` },
      { role: "user", content: votes ? `${question} votes ${JSON.stringify(votes)}` : question },
    ],
    execute: ({ question }, { goal, guideline }) => [
      { role: "system", content: "execute" },
      {
        role: "user",
        content: [question, goal && `goal=${goal}`, guideline && `guideline=${guideline}`].filter(Boolean).join("\n"),
      },
    ],
    tidyPlan: (text) => text.trim(),
    limits: { goal: { maxTokens: 10 }, guideline: { maxTokens: 20 }, execute: { maxTokens: 30 } },
  },
  read: (text) => (text === "?" || text === "" ? undefined : { value: text, by: "whole" }),
  same: (a, b) => a === b,
  print: (value) => value,
  scorer: "vote",
};
