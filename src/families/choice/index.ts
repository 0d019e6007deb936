import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../state/json.js";
import { CUT_SHORT, isCut, readBeforeCut } from "../cut.js";
import type { Family } from "../types.js";
import { canonical } from "./canonical.js";
import { findJson } from "./find-json.js";
import { gradeChoice } from "./grade.js";
import { optionsOf } from "./options.js";
import { choicePrompts } from "./prompts.js";
import { readLabel } from "./read-label.js";
import { schemaChecker } from "./schema.js";
import { choiceTask, type ChoiceTask, type Consensus } from "./task.js";

/** Options of the choice family. */
export interface ChoiceOptions {
  /** How samples agree on extracted data: `whole` counts equal answers, `field` judges each top-level field by itself. @default "whole" */
  consensus?: Consensus;
}

/**
 * Multiple choice, classification, and extraction to a JSON schema (docs/choice.md). Values are never anything but one of the
 * choices, or data that meets the schema. The vote is its scorer; with `consensus: "field"` it is `fields`.
 */
export function createChoice({ consensus = "whole" }: ChoiceOptions = {}): Family<ChoiceTask, Json> {
  return {
    name: consensus === "whole" ? "choice" : "choice:fields",
    task: choiceTask(consensus),
    prompts: choicePrompts,
    read(text, task, _signal, reply = {}) {
      if (task.schema) {
        const made = schemaChecker(task.schema);
        const value = typeof made === "string" ? undefined : made.check(findJson(text, made.open));
        return value === undefined ? undefined : { value, by: "json" };
      }
      const read = (said: string) => readLabel(said, optionsOf(task) ?? []);
      if (!isCut(reply)) return read(text);
      // Reasoning that is cut off names options, too: only one that is stated counts.
      const stated = readBeforeCut(text, read);
      return stated?.by === "mention" ? CUT_SHORT : (stated ?? CUT_SHORT);
    },
    same: (a, b) => isDeepStrictEqual(canonical(a), canonical(b)),
    print: (value) => (typeof value === "string" ? value : JSON.stringify(value)),
    scorer: consensus === "whole" ? "vote" : "fields",
    grade: async (gold, value, task) => gradeChoice(gold, value, task),
  };
}
