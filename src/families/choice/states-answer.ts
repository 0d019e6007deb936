import { jsonIn } from "./find-json.js";
import { clean } from "./fold.js";
import { optionsOf } from "./options.js";
import { alone, readLabel } from "./read-label.js";
import { schemaChecker } from "./schema.js";
import type { ChoiceTask } from "./task.js";

/** What is open, or to be done: a plan may name options in it. */
const OPEN = /\b(?:whether|if|which|what|when|how|or|ob|oder|si|ou)\b/i;
/** How a statement begins. A plan begins with what to do. */
const SUBJECT =
  /^(?:(?:so|thus|hence|therefore|since|because|clearly|overall)\b,?\s+)?(?:the|this|that|these|it|its|they|there|i|we|he|she|my|your|an?|das|die|der|es|le|la|les|el|c'est)\b/i;
const ANNOUNCED =
  /\b(?:answer|label|category|class|option|choice|verdict|antwort|réponse|respuesta)\b[^.:=]{0,40}(?::|=|\b(?:is|be|ist|lautet|est|es)\b)/i;
/** Tells an executor what to say. */
const ORDER =
  /^(?:just |simply |please )?(?:choose|pick|select|go with|say|reply|respond|answer)(?: with)?(?: (?:option|label|letter))?\s+/i;

/**
 * Whether a plan gives the answer instead of a way to it: a sentence of it is an option and nothing else, announces one, or says of its
 * subject that it is one. Data that meets the task's schema is an answer, too. What asks whether something is so is a plan.
 */
export function statesAnswer(plan: string, task: ChoiceTask): boolean {
  if (task.schema) {
    const made = schemaChecker(task.schema);
    return typeof made !== "string" && jsonIn(plan, made.open).some((value) => made.check(value) !== undefined);
  }
  const options = optionsOf(task) ?? [];
  const isOption = (text: string) => alone(clean(text).trim(), options) !== undefined;
  if (isOption(plan)) return true;
  return sentencesOf(plan).some((sentence) => {
    const [before = "", behind] = sentence.split(/[,;–—]|\s-\s|\bbecause\b|\bsince\b/i, 2);
    if (isOption(sentence) || (behind !== undefined && isOption(before))) return true;
    if (ORDER.test(sentence) && isOption(before.replace(ORDER, ""))) return true;
    if (OPEN.test(sentence) || !(ANNOUNCED.test(sentence) || SUBJECT.test(sentence))) return false;
    return readLabel(sentence, options) !== undefined;
  });
}

const sentencesOf = (plan: string): string[] => plan.split(/(?<=[.!?])\s+/);
