import { z } from "zod";
import { History } from "../history.js";
import type { BaseTask } from "../types.js";
import { isObject, type JsonObject } from "./canonical.js";
import { optionsOf } from "./options.js";
import { schemaChecker } from "./schema.js";

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

const Choices = z.union(
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
      choices: Choices.optional(),
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
