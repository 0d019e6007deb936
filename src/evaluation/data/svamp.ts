import { z } from "zod";
import { has, labels, plainNumber, Text, type Format } from "./format.js";

/** SVAMP (Patel et al. 2021): a story, a question about it, and a number. */
export const svamp: Format = {
  name: "svamp",
  matches: (row) => has(row, "Body", "Question"),
  schema: z
    .object({
      ID: Text.optional(),
      Body: Text,
      Question: Text,
      // Some copies keep the number as a text.
      Answer: z.union([z.number(), Text.transform(Number).pipe(z.number())], "a number is needed"),
      Type: z.string().optional(),
    })
    .transform(({ ID, Body, Question, Answer, Type }) => {
      const story = Body.trim();
      // Many stories end in the middle of a sentence that the question completes.
      const joined = /[.!?,;:]$/.test(story) ? " " : ", ";
      return {
        id: ID,
        family: "math",
        task: { question: `${story}${joined}${Question.trim()}` },
        gold: plainNumber(Answer),
        // The file itself spells it in two ways.
        about: labels({ type: Type?.replace("Divison", "Division") }),
      };
    }),
};
