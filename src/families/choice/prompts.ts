import { withHistory } from "../history.js";
import { PLAN_LIMITS, withPlans } from "../plans.js";
import { tidyPlan } from "../tidy-plan.js";
import type { PlanRequest, Prompts } from "../types.js";
import { optionsOf } from "./options.js";
import { statesAnswer } from "./states-answer.js";
import type { ChoiceTask } from "./task.js";

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
