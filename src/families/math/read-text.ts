/* What surrounds an answer and is none of it: leaked control tokens, a next question, escapes that JSON has eaten. */

/** Tokens of chat templates: whatever follows the first one behind the answer belongs to another turn. */
const CONTROL =
  /<[|｜][\w▁ -]{3,40}[|｜]>|<\/?s>|<(?:start|end)_of_turn>|<(?:eos|bos|pad|unk|EOD|eot|eod)>|\[\/?INST\]|<<\/?SYS>>|<\|(?:END|START)_OF_TURN_TOKEN\|>/gi;

/** A line on which a model, having answered, begins a question of its own. */
const NEXT_QUESTION =
  /^[ \t>*#_[]*(?:(?:new|next|another|follow-?up) )?(?:question|problem|exercise|instruction|example|input|user|human|student|q)\b[ \t]*(?:#?\d+)?[*_\]]*[ \t]*(?::|\.\s|\n)/gim;

/** What a text carries beside its words: a calculator's notes (`<<60-15=45>>`) and the sign that ends a proof. */
const NOTES =
  /<<[^<>\n]{1,60}=[^<>\n]{1,60}>>|(?:\$?\\(?:blacksquare|square|qed|Box)(?![A-Za-z])\$?|∎|\bQ\.?E\.?D\b\.?)\s*$/gi;

/** Escapes such as `\b` and `\f` that JSON has turned into characters, back into the commands that they began. */
function unescape(text: string): string {
  const restored = text
    .replace(/[\b](?=oxed|inom|egin|ar\b|eta\b)/g, "\\b")
    .replace(/\f(?=rac)/g, "\\f")
    .replace(/\t(?=ext\s*\{|imes\b|frac\b|heta\b)/g, "\\t")
    .replace(/\r(?=ight|angle)/g, "\\r");
  // All backslashes doubled: a text that was written as JSON.
  const runs = restored.match(/\\+/g) ?? [];
  const isDoubled = /\\\\(?:boxed|frac|dfrac|sqrt|text|begin|left|pi|cdot|times|\(|\[)/.test(restored);
  return isDoubled && runs.every((run) => run.length % 2 === 0) ? restored.replaceAll("\\\\", "\\") : restored;
}

/**
 * A model's text without leaked control tokens and without what it runs on with after its answer.
 *
 * @param text - of bounded length
 * @param isAnswer - whether the text before a next question states an answer; else that line is its own
 */
export function ownText(text: string, isAnswer: (before: string) => boolean): string {
  let own = unescape(text).replace(/。/g, ". ").replace(/：/g, ": ");
  for (const { index } of [...own.matchAll(CONTROL)].slice(0, 20)) {
    if (/[\p{L}\d]/u.test(own.slice(0, index).replace(CONTROL, ""))) {
      own = own.slice(0, index);
      break;
    }
  }
  own = own.replace(CONTROL, " ").replace(NOTES, "");
  for (const { index } of [...own.matchAll(NEXT_QUESTION)].slice(0, 20)) {
    const before = own.slice(0, index);
    if (before.trim() !== "" && isAnswer(before)) return before;
  }
  return own;
}
