import { z } from "zod";
import { Text, type Format } from "./format.js";

/** GSM8K (Cobbe et al. 2021): a worked solution whose last line is `#### answer`. A problem's id is its place in the file, from 0. */
export const gsm8k: Format = {
  name: "gsm8k",
  matches: ({ question, answer, ...row }) =>
    typeof question === "string" &&
    typeof answer === "string" &&
    MARK.test(answer) &&
    // Fields of their own make rows a user's: an id, a family or a level is read, too.
    Object.keys(row).length === 0,
  schema: z
    .object({ question: Text, answer: z.string().transform(finalAnswer) })
    .transform(({ question, answer }) => ({ family: "math", task: { question }, gold: answer, about: {} })),
};

const MARK = /####/;

/** What follows the last mark, without the commas that part thousands. */
function finalAnswer(solution: string, context: z.RefinementCtx): string {
  const answer = MARK.test(solution) ? solution.split(MARK).at(-1)!.trim() : "";
  if (answer === "") context.addIssue("the answer after #### is missing");
  return /^[-+$]*\d{1,3}(,\d{3})+(\.\d+)?$/.test(answer) ? answer.replaceAll(",", "") : answer;
}
