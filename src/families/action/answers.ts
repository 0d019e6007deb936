import type { Json } from "../../state/json.js";
import { createChoice } from "../choice/index.js";
import { createMath } from "../math/index.js";
import type { AnyFamily, ReadReply } from "../types.js";
import type { ActionTask } from "./task.js";
import type { Action } from "./value.js";

type Answer = Extract<Action, { answer: string }>;

/** How final answers are read and compared. */
export interface AnswerReader {
  /** @param reply - why the text ended */
  read(
    text: string,
    task: ActionTask,
    reply?: Pick<ReadReply, "finish">,
  ): Promise<{ value: Answer; by: string } | { why: string }>;
  /** Undefined where the task's own family could not tell. */
  same(a: Answer, b: Answer): Promise<boolean | undefined>;
  close(): Promise<void>;
}

/** Answers by the task's own family, which is made when it is first needed. */
export function createAnswers(): AnswerReader {
  const made = new Map<string, AnyFamily>();
  const makers: Record<string, () => AnyFamily> = { math: createMath, choice: createChoice };
  const family = (name: "math" | "choice"): AnyFamily => {
    const known = made.get(name) ?? makers[name]!();
    made.set(name, known);
    return known;
  };
  return {
    async read(text, task, reply) {
      const { answers = "any", question, choices, schema } = task;
      const answer = text.trim();
      if (answers === "any") return { value: { answer }, by: "answer" };
      if (answers === "numbers") return { value: { answer: newNumbers(answer, question), as: answers }, by: "answer" };
      if (answers === "text") return { value: { answer, as: "text" }, by: "answer" };
      const own = family(answers);
      const parsed = own.task.safeParse({ question, ...(choices ? { choices } : {}), ...(schema ? { schema } : {}) });
      const reading = parsed.success ? await own.read(text, parsed.data, undefined, reply) : undefined;
      if (reading?.by === undefined) return { why: `no answer of the kind ${answers} can be read` };
      return { value: { answer: own.print(reading.value), as: answers }, by: reading.by };
    },
    async same(a, b) {
      if (a.as !== b.as) return false;
      // What is measured is the next action, and both answer now.
      if (a.as === undefined) return true;
      if (a.as === "numbers") return a.answer === b.answer;
      if (a.as === "text") return normalText(a.answer) === normalText(b.answer);
      return family(a.as).same(a.answer as Json, b.answer as Json);
    },
    close: async () => {
      for (const own of made.values()) await own.close?.();
    },
  };
}

const numbersIn = (text: string): number[] =>
  [...text.matchAll(/\d+(?:,\d{3})*(?:\.\d+)?/g)].map(([digits]) => Number(digits.replaceAll(",", "")));

/** The numbers that an answer states beyond those of its question, each once, in order of size. */
function newNumbers(answer: string, question: string): string {
  const known = new Set(numbersIn(question));
  const stated = new Set(numbersIn(answer).filter((number) => !known.has(number)));
  return [...stated].toSorted((a, b) => a - b).join(", ");
}

const normalText = (text: string): string =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[`*_"“”]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.!\s]+$/, "");
