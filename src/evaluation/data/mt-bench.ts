import { z } from "zod";
import { has, labels, Text, TextOrNumber, type Draft, type Format } from "./format.js";

/** Reference answers by question id, a text a turn. */
export type References = ReadonlyMap<string, readonly string[]>;

/**
 * MT-Bench (Zheng et al. 2023): conversations of two questions in eight categories. Each question is a problem, the second one
 * asked after the first and an answer to it. A judge grades them, so a problem without a reference is whole.
 */
export function mtBench(references: References): Format {
  return {
    name: "mt_bench",
    matches: (row) => has(row, "question_id", "turns"),
    schema: z
      .object({
        question_id: TextOrNumber,
        category: Text.optional(),
        turns: z.array(Text).min(1).max(2, "conversations of at most 2 turns are read"),
        reference: z.array(z.string()).nullish(),
      })
      .transform(({ question_id, category, turns, reference }): Draft[] => {
        const known = references.get(question_id) ?? reference ?? [];
        return turns.map((question, i) => {
          const before = { after: `${question_id}#1`, history: [{ role: "user", content: turns[0]! }] };
          return {
            id: `${question_id}#${i + 1}`,
            family: "chat",
            task: { question, ...(i > 0 ? before : {}) },
            gold: known[i] ? { turns: [known[i]] } : null,
            about: labels({ category, turn: String(i + 1) }),
          };
        });
      }),
  };
}

/** A row of the file of references. */
export const Reference = z.object({
  question_id: TextOrNumber,
  choices: z.array(z.object({ turns: z.array(z.string()).min(1) })).min(1),
});
