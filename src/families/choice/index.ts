import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../state/json.js";
import { CUT_SHORT, isCut, readBeforeCut } from "../cut.js";
import type { Family } from "../types.js";
import { canonical, type JsonObject } from "./canonical.js";
import { coerce } from "./coerce.js";
import { jsonIn } from "./find-json.js";
import { gradeChoice } from "./grade.js";
import { judgedBy, type Judge, type Judged } from "./judged.js";
import { optionsOf } from "./options.js";
import { choicePrompts } from "./prompts.js";
import { readLabel } from "./read-label.js";
import { schemaChecker, type SchemaChecker } from "./schema.js";
import { choiceTask, type ChoiceTask, type Consensus } from "./task.js";

/** Options of the choice family. */
export interface ChoiceOptions {
  /** How samples agree on extracted data: `whole` counts equal answers, `field` judges each top-level field by itself. @default "whole" */
  consensus?: Consensus;
  /**
   * Has the last word on data: refinements, coercions and transforms that a JSON schema cannot say. It is asked for values as JSON
   * has them, and gives what they stand for, or `undefined` where they are invalid. @default the schema alone
   */
  judge?: Judge;
}

/**
 * Multiple choice, classification, and extraction to a JSON schema (docs/choice.md). Values are never anything but one of the
 * choices, or data that meets the schema. The vote is its scorer; with `consensus: "field"` it is `fields`.
 */
export function createChoice({ consensus = "whole", judge }: ChoiceOptions = {}): Family<ChoiceTask, Json> {
  const judged = judge && judgedBy(judge);
  const asData = (value: Json | undefined) => (value === undefined ? undefined : { value, by: "json" });
  return {
    name: consensus === "whole" ? "choice" : "choice:fields",
    task: choiceTask(consensus),
    prompts: choicePrompts,
    read(text, task, _signal, reply = {}) {
      if (task.schema)
        return judged ? judgedIn(text, task.schema, judged).then(asData) : asData(valueIn(text, task.schema));
      const read = (said: string) => readLabel(said, optionsOf(task) ?? []);
      if (!isCut(reply)) return read(text);
      // Reasoning that is cut off names options, too: only one that is stated counts.
      const stated = readBeforeCut(text, read);
      return stated?.by === "mention" ? CUT_SHORT : (stated ?? CUT_SHORT);
    },
    same: judged?.same ?? ((a, b) => isDeepStrictEqual(canonical(a), canonical(b))),
    print: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
    scorer: consensus === "whole" ? "vote" : "fields",
    grade: async (gold, value, task) => gradeChoice(gold, value, task),
  };
}

/** Values of a text that are held against a schema, from the last. */
const MOST_VALUES = 10;

/** The last value in a text that meets a schema. */
function valueIn(text: string, schema: JsonObject): Json | undefined {
  const made = schemaChecker(schema);
  if (typeof made === "string") return undefined;
  for (const found of lastOf(text, made)) {
    const value = made.check(found);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The last one that a judge lets pass, as it is, or with what the schema says are numbers as numbers. */
async function judgedIn(text: string, schema: JsonObject, { read }: Judged): Promise<Json | undefined> {
  const made = schemaChecker(schema);
  if (typeof made === "string") return undefined;
  for (const found of lastOf(text, made)) {
    const value = (await read(found, schema)) ?? (await read(coerce(found, made.errors(found)), schema));
    if (value !== undefined) return value;
  }
  return undefined;
}

const lastOf = (text: string, { open }: SchemaChecker): unknown[] =>
  jsonIn(text, open).slice(-MOST_VALUES).toReversed();
