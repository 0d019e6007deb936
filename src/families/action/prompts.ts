import type { Message } from "../../state/message.js";
import { PLAN_LIMITS } from "../plans.js";
import { tidyPlan } from "../tidy-plan.js";
import type { PlanRequest, Prompts, ShownPlans } from "../types.js";
import { commandForm } from "./command-form.js";
import { conversationOf, instructionsOf, isMidway } from "./conversation.js";
import type { ActionTask } from "./task.js";
import { stepsAsText, transcript } from "./transcript.js";

const SYSTEM = {
  goal: "You look over the shoulder of an agent that works step by step. In one sentence, say WHAT its very next step has to achieve, given what it knows by now. Do not name the action itself.",
  guideline:
    "You advise an agent that is unsure of its next step. In one or two sentences, say HOW to go about this one step: which tool or kind of command fits, where its inputs come from, and which mistake is near. Do not write the action out.",
  worked:
    "You advise an agent that is unsure of its next step. In one or two sentences, say how to go about this one step, with the exact names, ids or numbers to use where they are easy to get wrong. Do not write the action out.",
} as const;

/** Advisers see one more step in everything; a text world ends by itself. */
const DONE = " Where what it knows by now is enough, say that it should answer the user.";

/** Without an example small models act instead of planning. */
const EXAMPLE = {
  asked:
    'Its tools:\n- find_trains(from, to, date): Trains between two stations on a day.\n- book(train_id, seats?): Books seats on a train.\n\nWhat happened so far:\nuser: Book two seats on the first train from Graz to Linz on 4 May.\nagent: calls find_trains({"from":"Graz","to":"Linz","date":"4 May"})\nfind_trains returned: error: the date must look like 2025-12-31; this year is 2026',
  goal: "Get the list of trains from Graz to Linz on 4 May, in a way that the tool accepts, before anything is booked.",
  guideline:
    "Search again with the same stations, and write the day in the form that the error asks for, in the year that it names. Do not book yet: the train's id is only known once the list is there.",
  worked:
    "Search again from Graz to Linz with the date written as 2026-05-04. Do not book yet: the train's id is only known once the list is there.",
} as const;

const CUE = {
  goal: "(Write one sentence: what the next step has to achieve.)",
  guideline: "(Write one or two sentences: how to go about the next step.)",
} as const;

const OWN = {
  tools:
    "You are an agent that works with tools. Go step by step: call what the next step needs, and read the results before you go on. Once they suffice, answer the user in plain text without any call.",
  commands: "You are an agent in a world that you change by text commands, one at a time.",
  neither: "You are a helpful agent. Go step by step.",
} as const;

/**
 * The wording of the family action. The agent's own instructions and its conversation stand first, whole and as they are; what
 * is ours follows, plans last.
 */
export const actionPrompts: Prompts<ActionTask> = {
  plan(task, request) {
    const part = request.kind === "guideline" && request.style === "worked" ? "worked" : request.kind;
    const asked = [transcript(task), earlier(task), critique(request), CUE[request.kind]].filter(Boolean).join("\n\n");
    return [
      { role: "system", content: part === "goal" || task.actions ? SYSTEM[part] : SYSTEM[part] + DONE },
      { role: "user", content: `${EXAMPLE.asked}\n\n${CUE[request.kind]}` },
      { role: "assistant", content: EXAMPLE[part] },
      { role: "user", content: asked },
    ];
  },
  execute(task, plans) {
    if (task.mustAnswer) return answering(task);
    const said = conversationOf(task);
    const ours = [form(task), plans.guideline ? undefined : earlier(task, FOLLOW), advice(plans)]
      .filter(Boolean)
      .join("\n\n");
    const system: Message = { role: "system", content: instructionsOf(task) ?? OWN[kindOf(task)] };
    if (ours === "") return [system, ...said];
    // Nothing is written into a tool's result.
    if (isMidway(task)) return [system, ...said, { role: "user", content: ours }];
    return [system, ...said.slice(0, -1), { role: "user", content: `${task.question}\n\n${ours}` }];
  },
  tools: ({ tools = [], mustAnswer }) =>
    mustAnswer
      ? []
      : tools.map(({ name, description, schema }) => ({
          name,
          ...(description === undefined ? {} : { description }),
          schema,
        })),
  grammar: commandForm,
  tidyPlan,
  limits: {
    ...PLAN_LIMITS,
    // A call may carry a whole file.
    execute: { maxTokens: 1_024 },
  },
};

/**
 * Asked for the answer alone. The steps are told as text: some providers refuse a conversation with calls where no tools are
 * offered, and small models go on with what they see themselves do.
 */
const answering = (task: ActionTask): Message[] => [
  { role: "system", content: instructionsOf(task) ?? OWN.neither },
  { role: "user", content: `${stepsAsText(task)}\n\n${LAST_WORD}` },
];

const LAST_WORD = "No more tools can be used. From these results, answer the user's request now, in plain text.";

const kindOf = ({ tools, actions }: ActionTask): keyof typeof OWN =>
  tools?.length ? "tools" : actions ? "commands" : "neither";

/** How a command is to be written; the commands change from step to step, so they stand behind the conversation. */
function form({ actions, answers }: ActionTask): string | undefined {
  if (!actions) return;
  const end =
    answers === undefined ? "" : " Only when all is done, end instead with a line of its own: Answer: and your answer.";
  return `Commands that are possible now:\n${actions.map((action) => `- ${action}`).join("\n")}\n\nThink in one sentence. Then end with a line of its own: Action: COMMAND, where COMMAND is one of these, spelled as it stands there.${end}`;
}

const FOLLOW = " Follow it as far as it still applies.";

/**
 * Advice of an earlier step is told as that: taken for advice on this one, it would have the earlier step done again. It stands
 * behind the conversation, whose beginning stays as it was: models and servers have that evaluated already.
 */
const earlier = (task: ActionTask, more = ""): string | undefined =>
  task.advice && `(At an earlier step the agent was advised: ${task.advice}${more})`;

function advice({ goal, guideline }: ShownPlans): string | undefined {
  if (!goal && !guideline) return;
  const lines = [goal && `Goal of your next step: ${goal}`, guideline && `Guideline for your next step: ${guideline}`];
  return ["Act on this now, and do not mention it.", ...lines].filter(Boolean).join("\n");
}

function critique({ votes }: PlanRequest): string | undefined {
  if (!votes?.length) return;
  const split = votes.map(({ answer, votes: count }) => `${answer} (${count})`);
  return `Next steps that were proposed, and how often each: ${split.join("; ")}. Say what decides between them, or what all of them overlook.`;
}
