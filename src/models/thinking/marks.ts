/*
 * How models mark what they write for themselves. Names are those that their chat templates and their servers' parsers use. What is a mark and
 * what only talks of one is told by where it stands: models begin a block at the beginning of their text or of a line, and not inside of code,
 * a quotation or a sentence.
 */

/** A mark found in a text. */
export interface Mark {
  start: number;
  end: number;
  opens: boolean;
}

const NAMES = "think|thinking|thought|thoughts|reasoning|seed:think|ant_?thinking|inner_?thoughts?|longcat_think";

/** Opening and closing marks, by family; only what stands in pointed brackets may be in any case and have attributes. */
const OPENING = [
  `<(?:${NAMES})(?: [^<>\\n]{0,80})?>`,
  "\\[think\\]",
  "◁think▷",
  "<\\|(?:thinking|think|begin_of_thought|start_thinking|inner_prefix)\\|>",
  "<(?:\\|channel|unused94)>thought\\b",
];
const CLOSING = [
  `</(?:${NAMES}) ?>`,
  "\\[/think\\]",
  "◁/think▷",
  "<\\|(?:/thinking|/think|end_of_thought|end_thinking|inner_suffix)\\|>",
  "<(?:channel\\||unused95)>",
];
const MARKS = new RegExp(`(${OPENING.join("|")})|${CLOSING.join("|")}`, "gi");

/** Longest mark: a text's end that is shorter may still become one. */
const LONGEST = 100;
/** What a mark begins with. */
const BEGINNING =
  /(?:<(?:\/?[a-z_:\d]{0,14}(?: [^<>\n]{0,80})?|unused94>[a-z]{0,7}|\|?\/?[a-z_|>]{0,18})|\[(?:\/?[a-z]{0,5})|◁(?:\/?[a-z]{0,5}))$/i;

/** Marks looked at from one place on: a text with more of them in a row is none that a model means. */
const MOST = 300;

/** The marks of a text from some place on, in order. */
export function* marksOf(text: string, from: number): Generator<Mark> {
  const pattern = new RegExp(MARKS);
  pattern.lastIndex = from;
  let found = pattern.exec(text);
  for (let nth = 0; found && nth < MOST; nth++, found = pattern.exec(text))
    yield { start: found.index, end: pattern.lastIndex, opens: found[1] !== undefined };
}

/** Where the text's end may begin a mark that is not whole yet; the text's length where it cannot. */
export function begunMark(text: string): number {
  const tail = text.slice(-LONGEST);
  const found = BEGINNING.exec(tail);
  return found ? text.length - tail.length + found.index : text.length;
}

/** So much of what follows a mark is looked at to tell a block from talk. */
export const LOOKAHEAD = 12;

/** Punctuation, or what the tag is called: a sentence is about it. */
const TALK_AFTER = /^(?:[,.;:!?)"'`]| (?:tags?|tokens?|markers?|marks?|blocks?|elements?|sections?)\b)/;
const TALK_BEFORE =
  /(?:["'`(]|\b(?:the|an?|writes?|written|with|and|or|of|uses?|using|by|tags?|tokens?|closing|opening|called|like|to|from|until|before|after|between|emits?|outputs?|puts?|adds?|in|inside) )$/i;

/**
 * Whether an opening mark begins a block of thinking.
 *
 * @param from - where the visible text begins that the mark stands in
 */
export function beginsBlock(text: string, from: number, { start, end }: Mark): boolean {
  const before = text.slice(from, start);
  const after = text.slice(end, end + LOOKAHEAD);
  if (before.trim() === "") return !/^ (?:tags?|tokens?|markers?|blocks?)\b/.test(after);
  const line = lineOf(before);
  const leads = /\n[ \t]*$/.test(before.slice(-40));
  const sentence = /(?:[.!?…:]["')\]]?\s{1,20}|[>\]])$/.test(line) || after.startsWith("\n");
  const isTold = TALK_AFTER.test(after) || (!leads && (!sentence || isQuoted(line) || TALK_BEFORE.test(line)));
  return !isTold && !isInCode(before);
}

/** Whether a closing mark that nothing opened ends a block that began with the text: templates put the opening mark into the prompt. */
export function endsBlock(text: string, from: number, { start, end }: Mark): boolean {
  const before = text.slice(from, start);
  const after = text.slice(end, end + LOOKAHEAD);
  const line = lineOf(before);
  if (/["'`(]$/.test(line) || isQuoted(line)) return false;
  const ends = after === "" || after.startsWith("\n");
  return (ends || (!TALK_AFTER.test(after) && !TALK_BEFORE.test(line))) && !isInCode(before);
}

/** The end of the line that a mark stands in. */
function lineOf(before: string): string {
  const tail = before.slice(-400);
  return tail.slice(tail.lastIndexOf("\n") + 1);
}

/** An odd number of quotation marks stands before it in its line. */
const isQuoted = (line: string): boolean => (line.match(/"/g)?.length ?? 0) % 2 === 1;

const FENCE = /^[ \t>]*(`{3,}|~{3,})([^`\n]*)$/;

/** How code stands open at a text's end: a code block; how many backticks of inline code since the last blank line. */
function openCode(text: string): { block: boolean; ticks: number } {
  let fence: string | undefined;
  let ticks = 0;
  const lines = text.split("\n");
  for (const [i, line] of lines.entries()) {
    const [, mark, tag = ""] = FENCE.exec(line) ?? [];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && tag.trim() === "") fence = undefined;
    } else if (mark !== undefined) fence = mark;
    else if (line.trim() === "" && i < lines.length - 1) ticks = 0;
    else ticks += line.match(/`+/g)?.length ?? 0;
  }
  return { block: fence !== undefined, ticks };
}

/** Whether what follows a text stands inside of a code block, of inline code or of a string over several lines. */
function isInCode(text: string): boolean {
  const { block, ticks } = openCode(text);
  const strings = text.match(/"""|'''/g)?.length ?? 0;
  return block || ticks % 2 === 1 || strings % 2 === 1;
}

/** Whether a closing mark in a block of thinking only talks of one. Thinking is written carelessly: a single backtick says nothing. */
export function isMention(text: string, from: number, { start, end }: Mark): boolean {
  const around = (text[start - 1] ?? "") + (text[end] ?? "");
  return /^(?:``|""|'')$/.test(around) || openCode(text.slice(from, start)).block;
}
