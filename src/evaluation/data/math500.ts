import { z } from "zod";
import { has, labels, Text, TextOrNumber, type Format } from "./format.js";

/** MATH-500 (Hendrycks et al. 2021; Lightman et al. 2023): LaTeX problems with a subject and a level from 1 to 5. */
export const math500: Format = {
  name: "math500",
  matches: (row) => has(row, "problem", "answer", "unique_id"),
  schema: z
    .object({
      problem: Text,
      answer: Text,
      unique_id: TextOrNumber,
      subject: Text.optional(),
      level: TextOrNumber.optional(),
    })
    .transform(({ problem, answer, unique_id, subject, level }) => ({
      id: unique_id,
      family: "math",
      task: { question: problem },
      gold: answer,
      about: labels({ level, subject }),
    })),
};
