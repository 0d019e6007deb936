import type { AnyFamily } from "../families/types.js";
import { HISTORY_LIMITS } from "../families/history.js";
import type { Json } from "../state/json.js";
import type { Message } from "../state/message.js";
import type { Outcome } from "./methods/types.js";
import { createLarge } from "./methods/plain.js";
import { turnBefore, type Problem } from "./problem.js";
import { recordProblems, underWay, type RecordingParts } from "./record.js";

/*
 * A second turn is asked after the first one and the large model's greedy answer to it, whichever method answers: all methods
 * go on with the same conversation, so that their draws can be shared and their answers compared.
 */

/** Problems with all first turns before all second ones, each in the order given. */
export const inTurns = (problems: readonly Problem[]): Problem[] => [
  ...problems.filter((problem) => turnBefore(problem) === undefined),
  ...problems.filter((problem) => turnBefore(problem) !== undefined),
];

/** Whether some problem goes on with a conversation, for which the large model is asked. */
export const hasTurns = (problems: readonly Problem[]): boolean =>
  problems.some((one) => turnBefore(one) !== undefined);

/**
 * A second turn with its conversation; any other problem as it is.
 *
 * @param answer - text of the answer to the problem with that id
 * @returns undefined where that answer is missing
 */
function continued(problem: Problem, answer: (id: string) => string | undefined): Problem | undefined {
  const before = turnBefore(problem);
  if (before === undefined) return problem;
  const text = answer(before);
  if (text === undefined || text.trim() === "") return undefined;
  const history: Message[] = [...asked(problem), { role: "assistant", content: text.trim() }];
  return { ...problem, task: { ...problem.task, history: history as unknown as Json } };
}

/** What the large model said in a first turn, as a conversation goes on from it. */
const saidBy = (large: Outcome | undefined): string | undefined => large?.waves[0]?.[0]?.text;

/**
 * Problems as they are asked: second turns with the answer that the large model gives to the first, which is recorded where it
 * is not yet. `all`: those evaluated, among which first turns are looked for. `left`: second turns whose first one the large model did not answer; they cannot be asked.
 *
 * @throws what `recordProblems` does
 */
export async function withConversations(
  batch: readonly Problem[],
  all: readonly Problem[],
  record: Omit<RecordingParts, "methods">,
): Promise<{ ready: Problem[]; left: string[] }> {
  if (!hasTurns(batch)) return { ready: [...batch], left: [] };
  const first = [...new Map(batch.flatMap((one) => firstOf(one, all)).map((one) => [one.id, one])).values()];
  const ended = await recordProblems(
    first.map((problem) => underWay(problem, record)),
    { ...record, methods: [createLarge()] },
  );
  const said = new Map(first.map(({ id }, i) => [id, saidBy(ended[i]![0])]));
  const filled = batch.map((problem) => continued(problem, (id) => said.get(id)));
  return {
    ready: filled.filter((problem) => problem !== undefined),
    left: batch.filter((_, i) => filled[i] === undefined).map(({ id }) => id),
  };
}

/** A problem with the longest conversation that its prompt may show: what worst cases go by. */
export function atLongest(problem: Problem, { prompts }: Pick<AnyFamily, "prompts">): Problem {
  const room = HISTORY_LIMITS.characters - asked(problem).reduce((sum, { content }) => sum + content.length, 0);
  const longest = "x".repeat(Math.max(1, Math.min(room, 8 * prompts.limits.execute.maxTokens)));
  return continued(problem, () => longest)!;
}

/** The user's message that a second turn goes on from. */
const asked = ({ task }: Problem): Message[] => ((task["history"] ?? []) as unknown as Message[]).slice(0, 1);

/** The first turn of a second one: the problem of that id, or, where that is not evaluated, one that is asked like it. */
function firstOf(problem: Problem, all: readonly Problem[]): Problem[] {
  const id = turnBefore(problem);
  const [message] = asked(problem);
  if (id === undefined || !message) return [];
  const known = all.find((one) => one.id === id);
  return [known ?? { id, family: problem.family, task: { question: message.content }, gold: null, about: {} }];
}
