import { z } from "zod";
import { has, labels, Text, TextOrNumber, type Format } from "./format.js";

/** Reference answers by question id, a text a turn. */
export type References = ReadonlyMap<string, readonly string[]>;

/**
 * MT-Bench (Zheng et al. 2023): conversations of two questions in eight categories. A judge grades them, so a problem
 * without a reference is whole.
 */
export function mtBench(references: References): Format {
  return {
    name: "mt_bench",
    matches: (row) => has(row, "question_id", "turns"),
    schema: z
      .object({
        question_id: TextOrNumber,
        category: Text.optional(),
        turns: z.array(Text).min(1),
        reference: z.array(z.string()).nullish(),
      })
      .transform(({ question_id, category, turns, reference }) => {
        const known = references.get(question_id) ?? (reference?.some((turn) => turn !== "") ? reference : undefined);
        return {
          id: question_id,
          family: "chat",
          task: { question: turns[0]!, turns },
          gold: known ? { turns: known } : null,
          about: labels({ category }),
        };
      }),
  };
}

/** A row of the file of references. */
export const Reference = z.object({
  question_id: TextOrNumber,
  choices: z.array(z.object({ turns: z.array(z.string()).min(1) })).min(1),
});
