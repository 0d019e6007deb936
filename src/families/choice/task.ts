import { z } from "zod";
import { History } from "../history.js";
import type { BaseTask } from "../types.js";
import { fold, isObject, type JsonObject } from "./canonical.js";
import { schemaChecker } from "./schema.js";
import { listedOptions } from "./listed.js";

/** How samples agree on extracted data: as a whole, or field by field. */
export type Consensus = "whole" | "field";

/** A question with a closed set of answers, or with a shape that the answer must have. */
export interface ChoiceTask extends BaseTask {
  /** Labels or texts, or texts by their letter; 2 … 50. Left out where the question itself lists lettered options. */
  choices?: string[] | Record<string, string> | undefined;
  /** JSON schema of what is to be extracted: an object or a list. Instead of choices. */
  schema?: JsonObject | undefined;
  /** Only as the family is made: a scorer never sees a task. @default the family's */
  consensus?: Consensus | undefined;
}

const COUNT = { least: 2, most: 50 };
/** Longest label or text, in characters. */
const LONGEST = 500;

const ChoicesShape = z.union(
  [z.array(z.string()), z.record(z.string().regex(/^[A-Za-z0-9]$/), z.string())],
  "a list of texts, or texts by one letter or digit each, is needed",
);
const Schema = z.custom<JsonObject>(isObject, "a JSON schema, an object, is needed");

/** The schema of a task of a family with this consensus. Reports what no model could answer before any is asked. */
export function choiceTask(consensus: Consensus): z.ZodType<ChoiceTask> {
  return z
    .object({
      question: z.string().trim().min(1, "the question is empty"),
      history: History,
      choices: ChoicesShape.optional(),
      schema: Schema.optional(),
      consensus: z.enum(["whole", "field"]).optional(),
    })
    .superRefine((task, context) => {
      const said = { ...wrong(task), ...(task.consensus && task.consensus !== consensus ? otherConsensus(task) : {}) };
      for (const [field, message] of Object.entries(said))
        context.addIssue({ code: "custom", path: field === "" ? [] : [field], message });
    });
}

const otherConsensus = ({ consensus }: ChoiceTask): Record<string, string> => ({
  consensus: `by "${consensus}" the family ${consensus === "field" ? '"choice:fields"' : '"choice"'} judges; name it instead`,
});

/** What is wrong with a task, by field. */
function wrong(task: ChoiceTask): Record<string, string> {
  if (task.choices !== undefined && task.schema !== undefined)
    return { "": "choices and a schema are given, and a task has one of them" };
  if (task.schema !== undefined) {
    const made = schemaChecker(task.schema);
    return typeof made === "string" ? { schema: made } : {};
  }
  const options = optionsOf(task);
  if (options === undefined)
    return { choices: "neither choices nor a schema are given, and the question lists no lettered options" };
  const said = wrongOptions(options.map(({ value, text, name }) => ({ name, shown: text ?? value, value })));
  // Options of the question itself may repeat a text: their letters tell them apart.
  return said === undefined || (task.choices === undefined && said.repeats) ? {} : { choices: said.message };
}

function wrongOptions(
  options: readonly { name: string; shown: string; value: string }[],
): { message: string; repeats?: true } | undefined {
  if (options.length < COUNT.least || options.length > COUNT.most)
    return { message: `${COUNT.least} … ${COUNT.most} choices are needed, ${options.length} are given` };
  const unreadable = options.find(({ name }) => name === "");
  if (unreadable) return { message: `${JSON.stringify(unreadable.shown)} has nothing that can be told in an answer` };
  if (options.some(({ shown }) => shown.length > LONGEST))
    return { message: `a choice is longer than ${LONGEST} characters` };
  for (const key of ["value", "name"] as const) {
    const repeated = options.find((option, i) => options.findIndex((other) => other[key] === option[key]) < i);
    if (repeated)
      return {
        message: `${JSON.stringify(repeated.shown)} is there twice but for case, accents and marks`,
        repeats: true,
      };
  }
  return undefined;
}

/** One of the answers there are. */
export interface Option {
  /** What is voted on and printed: the letter of a lettered option, else the label itself. */
  value: string;
  /** Upper-case letter or digit that stands for it, if any. */
  letter?: string;
  /** The text beside the letter. */
  text?: string;
  /** How it may be named, folded. */
  name: string;
}

/** Labels or texts; or texts by their letter. */
type Choices = readonly string[] | Readonly<Record<string, string>>;

const lettered = (letter: string, text: string): Option => ({
  value: letter.toUpperCase(),
  letter: letter.toUpperCase(),
  text,
  name: fold(text),
});

/** The options of a task: those given, else those its question lists; undefined where there are none. */
export function optionsOf(task: { question: string; choices?: Choices | undefined }): Option[] | undefined {
  const { choices, question } = task;
  if (choices === undefined) return listedOptions(question)?.map(({ letter, text }) => lettered(letter, text));
  if (!Array.isArray(choices)) return Object.entries(choices).map(([letter, text]) => lettered(letter, text as string));
  const labels = choices as readonly string[];
  // "A) Paris", "B) Rome": the letters are there, only as one text with what they stand for.
  const list = listedOptions(labels.join("\n"));
  if (list?.length === labels.length && labels.every((label) => !label.includes("\n")))
    return list.map(({ letter, text }) => lettered(letter, text));
  return labels.map((label) => {
    const value = label.trim();
    const letter = /^[A-Z]$/i.test(value) ? { letter: value.toUpperCase() } : {};
    return { value, ...letter, name: fold(value) };
  });
}

/**
 * Choices from one text: a label a line where there are several lines, else parted by commas. Empty ones are left out.
 *
 * @example parseChoices("positive, negative, neutral")
 */
export function parseChoices(text: string): string[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  return (lines.length > 1 ? lines : text.split(",")).map((label) => label.trim()).filter((label) => label !== "");
}
