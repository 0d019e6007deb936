import { withHistory } from "../families/history.js";
import type { BaseTask } from "../families/types.js";
import type { Reply } from "../models/types.js";
import type { Wording } from "./wordings.js";

const SYSTEM =
  "You grade answers. You are shown a question and a proposed answer. Say whether the answer is right, or, where several answers could be, whether it is a good one. Reply with one word: yes or no.";

/** Alternatives that are read at the first token: as many as servers tell. */
export const SELF_GRADE_TOP = 20;

/** Asks for one word. What is read is not the word but how likely it was. */
export const selfGrade: Wording = {
  top: SELF_GRADE_TOP,
  messages(task, { answer }) {
    const { question, history } = task as unknown as BaseTask;
    const content = `Question: ${question}\n\nProposed answer: ${answer?.text ?? ""}\n\nIs the proposed answer right? Reply yes or no.`;
    return withHistory(
      [
        { role: "system", content: SYSTEM },
        { role: "user", content },
      ],
      history,
    );
  },
  read(_text, _task, reply) {
    const yes = probabilityOfYes(reply?.topLogprobs?.[0]);
    return yes === undefined ? null : { value: String(Number(yes.toPrecision(6))), by: "verdict" };
  },
};

/**
 * The probability of "yes" against "no", 0 … 1, however they are written: p(yes) / (p(yes) + p(no)).
 *
 * @param told - the likeliest tokens at one place
 * @returns undefined where neither is among them
 */
export function probabilityOfYes(told: NonNullable<Reply["topLogprobs"]>[number] = []): number | undefined {
  const of = (word: string) =>
    told.reduce((sum, { token, logprob }) => (wordIn(token) === word ? sum + Math.exp(logprob) : sum), 0);
  const [yes, no] = [of("yes"), of("no")];
  const share = yes / (yes + no);
  return Number.isFinite(share) ? share : undefined;
}

/** " Yes", "YES", "▁yes" and "**yes" are one word. */
const wordIn = (token: string): string => token.toLowerCase().replace(/[^\p{L}]/gu, "");
