import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { type Entry, readRows } from "./file.js";
import { type Draft, type Format, has, labels, plainNumber, Text, TextOrNumber } from "./format.js";
import { humaneval, mbpp } from "./programs.js";
import { ownRows, type OwnRows, wholeProblems } from "./rows.js";

/** Names of the formats. `problems` are whole ones; `rows` are one's own, columns by name. */
export const FORMATS = ["gsm8k", "svamp", "math500", "mbpp", "humaneval", "mt_bench", "problems", "rows"] as const;
type FormatName = (typeof FORMATS)[number];

/** What formats need to know beside the rows. */
interface FormatOptions extends OwnRows {
  shownTests: number;
}

/** Rows that are looked at to tell the format. */
const LOOKED_AT = 10;

/** The format of a file: the one asked for, else the first whose fields most of the first rows have. */
export function formatOf(entries: readonly Entry[], path: string, options: FormatOptions, asked?: FormatName): Format {
  const all: Record<FormatName, () => Format> = {
    gsm8k: () => gsm8k,
    svamp: () => svamp,
    math500: () => math500,
    mbpp: () => mbpp(options.shownTests),
    humaneval: () => humaneval,
    mt_bench: () => mtBench(referencesBeside(path)),
    problems: () => wholeProblems(options),
    rows: () => ownRows(options),
  };
  if (asked) return all[asked]();
  const rows = entries.flatMap((entry) => ("row" in entry ? [entry.row] : [])).slice(0, LOOKED_AT);
  // Some rows may be malformed, and a row of one's own may look like one of a benchmark.
  const most = (format: FormatName) => rows.filter((row) => all[format]().matches(row)).length > rows.length / 2;
  const name = FORMATS.find(most) ?? "rows";
  return all[name]();
}

/** MT-Bench keeps its references in a file of their own. */
function referencesBeside(path: string): References {
  const file = join(dirname(path), "reference_answer_gpt-4.jsonl");
  if (!existsSync(file)) return new Map();
  const found = readRows(file).flatMap((entry) => {
    const parsed = "row" in entry ? Reference.safeParse(entry.row) : undefined;
    return parsed?.success ? [parsed.data] : [];
  });
  return new Map(found.map(({ question_id, choices }) => [question_id, choices[0]!.turns]));
}

/** GSM8K (Cobbe et al. 2021): a worked solution whose last line is `#### answer`. A problem's id is its place in the file, from 0. */
const gsm8k: Format = {
  name: "gsm8k",
  matches: ({ question, answer }) => typeof question === "string" && typeof answer === "string" && MARK.test(answer),
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

/** MATH-500 (Hendrycks et al. 2021; Lightman et al. 2023): LaTeX problems with a subject and a level from 1 to 5. */
const math500: Format = {
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

/** SVAMP (Patel et al. 2021): a story, a question about it, and a number. */
const svamp: Format = {
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

/** Reference answers by question id, a text a turn. */
type References = ReadonlyMap<string, readonly string[]>;

/**
 * MT-Bench (Zheng et al. 2023): conversations of two questions in eight categories. Each question is a problem, the second one
 * asked after the first and an answer to it. A judge grades them, so a problem without a reference is whole.
 */
function mtBench(references: References): Format {
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
const Reference = z.object({
  question_id: TextOrNumber,
  choices: z.array(z.object({ turns: z.array(z.string()).min(1) })).min(1),
});
