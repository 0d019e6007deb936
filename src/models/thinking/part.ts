import { harmonyOf } from "./harmony.js";
import { beginsBlock, endsBlock, isMention, marksOf, type Mark } from "./marks.js";

/** A text with what its model wrote for itself taken off. */
export interface Parted {
  /** What the model says; empty where it only thought. */
  text: string;
  /** What it wrote for itself, as it came, marks left out; absent where there is none. */
  thinking?: string;
}

/** What is known of a text beside itself. */
export interface PartOptions {
  /** The model's template puts the opening mark into the prompt: the text begins inside of a block. @default false */
  begun?: boolean;
  /** The token limit ended the text. @default false */
  cut?: boolean;
}

/** Words that models write in place of marks, at the beginning of a text: gpt-oss with its control tokens lost, and Granite 3.2. */
export const SPOKEN = [
  { opens: /^\s*analysis(?=[A-Z])/, closes: /assistantfinal\s*/ },
  { opens: /^\s*Here(?: i|')s my thought process:/i, closes: /(?:^|\n)\s*Here(?: i|')s my response:\s*/i },
] as const;

/** What may stand around an answer behind a block of thinking. */
const WRAPPER = /^<(?:answer|response|output|solution|final_answer)>|^<\|(?:begin_of_solution|start_response)\|>/i;
const WRAPPER_END = /(?:<\/(?:answer|response|output|solution|final_answer)>|<\|(?:end_of_solution|end_response)\|>)$/i;

/** Whether an answer may turn out to be wrapped, once more of it is there. */
export const mayBeWrapped = (text: string): boolean =>
  WRAPPER.test(text.trimStart()) || /^\s*(?:<[a-z_]{0,12}|<\|[a-z_]{0,17}\|?)?$/i.test(text);

function unwrapped(text: string): string {
  const trimmed = text.trim();
  const opening = WRAPPER.exec(trimmed)?.[0];
  return opening === undefined ? text : trimmed.slice(opening.length).replace(WRAPPER_END, "").trim();
}

/**
 * Separates thinking from text. A block that is never closed is thinking to its end. Text without thinking comes back as it is.
 */
export function partThinking(raw: string, { begun = false, cut = false }: PartOptions = {}): Parted {
  const parted = harmonyOf(raw) ?? spokenOf(raw, cut) ?? markedOf(raw, { begun, cut });
  if (parted.text === raw) return parted;
  const text = unwrapped(parted.text);
  return parted.thinking?.trim() ? { ...parted, text } : { text };
}

function spokenOf(raw: string, cut: boolean): Parted | undefined {
  for (const { opens, closes } of SPOKEN) {
    const opened = opens.exec(raw);
    if (!opened) continue;
    const rest = raw.slice(opened[0].length);
    const closed = closes.exec(rest);
    if (closed) return { text: rest.slice(closed.index + closed[0].length), thinking: rest.slice(0, closed.index) };
    if (cut) return { text: "", thinking: rest };
  }
  return undefined;
}

function markedOf(raw: string, { begun, cut }: Required<PartOptions>): Parted {
  const thoughts: string[] = [];
  let visible = "";
  let from = 0;
  const say = (until: number) => {
    const part = raw.slice(from, until);
    if (from === 0) visible = part.trim() === "" ? "" : part;
    else visible = joined(visible, part);
  };
  if (begun && !opensAtOnce(raw)) {
    const close = closeOf(raw, 0);
    if (!close && cut) return { text: "", thinking: raw };
    if (close) {
      thoughts.push(raw.slice(0, close.start));
      from = close.end;
    }
  }
  for (let mark = next(raw, from, from); mark; mark = next(raw, from, from)) {
    if (!mark.opens) {
      const before = joined(visible, raw.slice(from, mark.start));
      const isLast = raw.slice(mark.end).trim() === "";
      // A second closing mark at the very end closes nothing.
      const closesNothing = isLast && thoughts.length > 0;
      visible = closesNothing ? before : "";
      if (!closesNothing) thoughts.push(before);
      from = mark.end;
      continue;
    }
    say(mark.start);
    const close = closeOf(raw, mark.end);
    thoughts.push(raw.slice(mark.end, close?.start));
    from = close?.end ?? raw.length;
  }
  if (from === 0) return { text: raw };
  say(raw.length);
  const thinking = thoughts.map((thought) => thought.trim()).filter((thought) => thought !== "");
  return { text: visible, ...(thinking.length > 0 ? { thinking: thinking.join("\n\n") } : {}) };
}

/** The next mark that begins a block or ends one. */
function next(raw: string, from: number, at: number): Mark | undefined {
  for (const mark of marksOf(raw, at))
    if (mark.opens ? beginsBlock(raw, from, mark) : endsBlock(raw, from, mark)) return mark;
  return undefined;
}

/** Where a block ends: at the first closing mark that is not only mentioned, else at the first. */
export function closeOf(raw: string, from: number): Mark | undefined {
  let first: Mark | undefined;
  for (const mark of marksOf(raw, from)) {
    if (mark.opens) continue;
    first ??= mark;
    if (!isMention(raw, from, mark)) return mark;
  }
  return first;
}

/** A text goes on behind a block; the white space there is the block's. */
export const joined = (before: string, after: string): string =>
  before === "" || /\s$/.test(before) ? before + after.trimStart() : before + after;

/** Whether a text begins with an opening mark. */
const opensAtOnce = (raw: string): boolean => {
  const [first] = marksOf(raw, 0);
  return first?.opens === true && raw.slice(0, first.start).trim() === "";
};
