import { withHistory } from "../history.js";
import { PLAN_LIMITS, tidyPlan, withPlans } from "../plans.js";
import type { PlanRequest, Prompts } from "../types.js";
import { type ChoiceTask, optionsOf } from "./task.js";
import { jsonIn } from "./find-json.js";
import { clean } from "./canonical.js";
import { alone, readLabel } from "./read-label.js";
import { schemaChecker } from "./schema.js";

const CHOICE = {
  example:
    "A shop closes an hour before sunset. When does it close latest in the year, if it lies in Norway?\nA) in March\nB) in June\nC) in September\nD) in December",
  goal: "Find the month in which the sun sets latest in Norway, since the shop's closing time follows the sunset.",
  guideline:
    "Think of how the length of the day changes over the year north of the equator, and order the months by their sunset. Then check that the shift of one hour changes nothing in that order.",
  worked:
    "North of the equator days are longest around the solstice of 21 June and shortest around 21 December. The shift of one hour is the same on every day.",
};

const EXTRACTION = {
  example:
    'Read the visit into data: "Dr. Sato saw the patient on 3 May and again two days later."\n\nJSON schema of the answer:\n{"type":"object","properties":{"doctor":{"type":"string"},"visits":{"type":"array","items":{"type":"string"}}}}',
  goal: "Find the doctor's name and the dates of all visits, of which the second is told only by its distance to the first.",
  guideline:
    "Take the name without its title, and turn every relative date into a full one before writing it down. Check that each field of the schema is filled from the text and from nothing else.",
  worked:
    "The name stands without its title, and the second visit lies on the fifth of the month of the first. Check that each field of the schema is filled from the text alone.",
};

const SYSTEM = {
  goal: "You state goals. In one sentence, say what the task asks to find out and what that depends on. Do not solve the task and do not name an answer.",
  guideline:
    "You advise someone who answers a question. In one or two sentences, say how to go about it: what to look at, and what decides. Do not carry it out, and do not give or rule out an answer.",
  worked:
    "You advise someone who answers a question. In one or two sentences, say how to go about it, with the facts or intermediate results that are easy to get wrong. Do not give the answer.",
};

/** The wording of the family choice, in words of our own. Plans stand last, so that samples share a cached prefix. */
export const choicePrompts: Prompts<ChoiceTask> = {
  plan(task, request) {
    const kind = request.kind === "guideline" && request.style === "worked" ? "worked" : request.kind;
    const example = task.schema ? EXTRACTION : CHOICE;
    return withHistory(
      [
        { role: "system", content: SYSTEM[kind] },
        { role: "user", content: example.example },
        { role: "assistant", content: example[kind] },
        { role: "user", content: [asked(task), critique(request)].filter(Boolean).join("\n\n") },
      ],
      task.history,
    );
  },
  execute: (task, plans) =>
    withHistory(
      [
        { role: "system", content: executor(task) },
        { role: "user", content: withPlans(asked(task), plans) },
      ],
      task.history,
    ),
  tidyPlan(text, kind, task) {
    const plan = tidyPlan(text, kind);
    // Executors would repeat it, and their vote would be its.
    return task && statesAnswer(plan, task) ? "" : plan;
  },
  limits: {
    ...PLAN_LIMITS,
    execute: { maxTokens: 384 },
  },
};

function executor(task: ChoiceTask): string {
  if (task.schema)
    return "You read data out of a text. Think briefly about what each field asks for, in a sentence or two. Then end with one JSON object that meets the schema, in a fenced block (```json), and write nothing after it. Use only what the text says.";
  const isLettered = optionsOf(task)?.every(({ letter }) => letter !== undefined) ?? false;
  return isLettered
    ? "You answer questions by choosing one of the options. Reason briefly. Always end with a line of its own: Answer: X, where X is the letter of the option you choose and nothing else."
    : "You answer questions by choosing one of the labels. Reason briefly. Always end with a line of its own: Answer: X, where X is the label you choose, spelled exactly as given, and nothing else.";
}

/** The question with its options or its schema; a question that lists its options stands as it is. */
function asked(task: ChoiceTask): string {
  if (task.schema) return `${task.question}\n\nJSON schema of the answer:\n${JSON.stringify(task.schema)}`;
  if (task.choices === undefined) return task.question;
  const lines = optionsOf(task)!.map(({ value, text }) => (text === undefined ? `- ${value}` : `${value}) ${text}`));
  return `${task.question}\n\n${lines.join("\n")}`;
}

function critique({ votes }: PlanRequest): string | undefined {
  if (!votes?.length) return;
  const split = votes.map(({ answer, votes: count }) => `${answer} (${count})`);
  return `Answers so far, and how many gave each: ${split.join("; ")}. Some or all are wrong: point at what is easily overlooked.`;
}

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
function statesAnswer(plan: string, task: ChoiceTask): boolean {
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
