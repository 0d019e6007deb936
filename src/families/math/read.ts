import { isCut, readBeforeCut } from "../cut.js";
import type { Reading, ReadReply } from "../types.js";
import { isConclusion, isInstruction, lastSentence, withoutAsides, withoutCheck } from "./read-clause.js";
import { readBox } from "./read-box.js";
import { readLastNumber } from "./read-number.js";
import { readClosing, readSentence } from "./read-sentence.js";
import { ownText } from "./read-text.js";

/** An answer stands at the end: only so many characters are looked at. */
const TAIL = 20_000;
/** The last number is looked for in an even shorter part. */
const NUMBER_TAIL = 4_000;

/**
 * Reads the answer from a model's text. Never throws, and its work is bounded whatever the text is.
 *
 * Leaked control tokens, and a next question with what follows it, are left out. Tried in this order: the last non-empty
 * `\boxed{…}`, or the boxes that one statement joins; a closing sentence ("the answer is …", `Answer: …`, `#### 42`, a last line
 * in bold); what the last sentence says its subject is; the last number, or the formula that it belongs to. Of a text that the token limit cut, only the first
 * two count: the number at its end is one of the calculation.
 * @param reply - why the text ended
 * @returns the answer as LaTeX-like text of at most 400 characters, and the way it was found: `box`, `sentence` or
 *   `number`; `undefined` when there is none.
 */
export function readMath(text: string, reply: Pick<ReadReply, "finish"> = {}): Reading<string> | undefined {
  const tail = ownText(
    text.slice(-TAIL),
    (before) => readBox(before).value !== undefined || !!readSentence(before) || isConclusion(before),
  );
  const box = readBox(tail);
  if (box.value !== undefined) return { value: box.value, by: "box" };
  if (box.overlong) return;
  const uncut = tail.slice(0, box.end);
  if (isCut(reply)) return readBeforeCut(uncut, announced);
  const sentence = announced(uncut);
  if (sentence) return sentence;
  const statement = withoutAsides(withoutCheck(uncut.slice(-NUMBER_TAIL)));
  const number = readClosing(uncut) ?? (isInstruction(lastSentence(statement)) ? undefined : readLastNumber(statement));
  return number === undefined ? undefined : { value: number, by: "number" };
}

function announced(text: string): Reading<string> | undefined {
  const value = readSentence(text);
  return value === undefined ? undefined : { value, by: "sentence" };
}
