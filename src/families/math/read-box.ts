import { closingBrace, normalise } from "./normalise.js";
import { compareAtOnce } from "./same.js";
import { tidyAnswer } from "./tidy.js";

/** What the boxes of a text say. */
export interface BoxReading {
  /** The last readable box, or the list of those that close the text together. */
  value?: string;
  /** True when the last box that is closed holds too much to be an answer: then nothing else counts either. */
  overlong: boolean;
  /** Where the first of the unclosed boxes at the end begins: the text was cut there. Else the text's length. */
  end: number;
}

/** Boxes looked at, from the last: a text of thousands of them is no solution. */
const MAX_BOXES = 50;
/** Boxes of one answer. */
const MOST = 12;

/** `\boxed 7` without braces. */
const BARE = /^\s*([^\s{}$\\]{1,40})/;

/** A box with its place in the text. */
interface Box {
  start: number;
  end: number;
  value: string;
}

/** What joins two boxes into one answer, once delimiters and labels are taken away: a comma, "and", "or", a few words. */
const JOINED =
  /^(?:[,;&]|\band\b|\bor\b)+(?:(?:the )?(?:other|second|third|larger|smaller|greater|lesser)(?: (?:one|root|value|solution|number))?(?: is)?)?$/i;
/** What makes the second box an approximation of the first. */
const APPROXIMATELY = /^(?:[,(]?(?:or|which is|that is)?(?:approximately|about|roughly)|\\approx|≈)$/i;
/** A name in front of a box. */
const LABEL = /([A-Za-z](?:_\{?\w+\}?)?)\s*&?=\s*&?\s*[$\\([\s]*$/;

/** What stands between two boxes, without delimiters, units and spaces. */
const between = (text: string): string =>
  text
    .replace(/\\text\s*\{([^{}]*)\}/g, " $1 ")
    .replace(/\\\\(?:\[[^\]]*\])?|\n/g, " , ")
    .replace(/\\[()[\]]|\$+|\*\*|\\q?quad|\\[,;:! ]|\\(?:text|mathrm)\{[^{}]*\}/g, " ")
    .replace(/[A-Za-z](?:_\{?\w+\}?)?\s*&?=\s*&?/g, " ")
    .replace(/^\s*(?:cm|m|km|units?|degrees|dollars|hours|minutes|inches|feet|meters)(?=\s|,)/, " ")
    .replace(/\s+(?=[,;])|(?<=[,;])\s+/g, "")
    .trim()
    .replace(/^,+(?=,)/, "");

/**
 * The last non-empty `\boxed{…}` or `\fbox{…}`, braces nested to any depth. Boxes that the same statement joins ("2 and 3",
 * `x = 2` or `x = -3`) are a list; the same value twice is one.
 * @param text - a text of bounded length; the work grows with length times `MAX_BOXES` at most.
 */
export function readBox(text: string): BoxReading {
  const { boxes, overlong, end } = findBoxes(text);
  const last = boxes[0];
  if (!last) return { overlong, end };
  const group = [last];
  for (const box of boxes.slice(1, MOST)) {
    const gap = between(text.slice(box.end, group[0]!.start));
    if (APPROXIMATELY.test(gap)) group.splice(0, 1, box);
    else if (JOINED.test(gap)) group.unshift(box);
    else break;
  }
  return { value: joined(text, group), overlong: false, end };
}

/** All readable boxes at the end, the last first. */
function findBoxes(text: string): { boxes: Box[]; overlong: boolean; end: number } {
  const marks = [...text.matchAll(/\\f?box(?:ed)?(?![A-Za-z])/g)].slice(-MAX_BOXES).toReversed();
  const boxes: Box[] = [];
  let end = text.length;
  for (const { index: start, 0: mark } of marks) {
    const after = start + mark.length;
    // A pattern on a short slice: scanning the rest of the text for every box would be quadratic.
    const open = /^\s*\{/.exec(text.slice(after, after + 8));
    if (!open) {
      const bare = BARE.exec(text.slice(after, after + 48));
      const value = bare && tidyAnswer(bare[1]!);
      if (value) boxes.push({ start, end: after + bare[0].length, value });
      continue;
    }
    const close = closingBrace(text, after + open[0].length - 1);
    // Never closed: the text was cut inside, and what the box holds is only the beginning of an answer.
    if (close < 0) {
      if (boxes.length === 0) end = start;
      continue;
    }
    const inside = text.slice(after + open[0].length, close);
    const value = tidyAnswer(inside);
    // An empty box is passed over, an overlong one ends the reading.
    if (value) boxes.push({ start, end: close + 1, value });
    else if (inside.trim().length > 400) return { boxes, overlong: boxes.length === 0, end };
  }
  // A box inside a box is part of it.
  return {
    boxes: boxes.filter((box) => !boxes.some((other) => other.start < box.start && other.end >= box.end)),
    overlong: false,
    end,
  };
}

/** One value, or the list of all; names in front of them stay where they tell the values apart. */
function joined(text: string, group: readonly Box[]): string {
  const bare = ({ value }: Box): string => normalise(value.replace(/^[A-Za-z]\s*=\s*/, ""));
  const distinct = group.filter(
    (box, i) => !group.slice(0, i).some((earlier) => compareAtOnce(bare(earlier), bare(box)) === true),
  );
  if (distinct.length === 1) return withSign(text, distinct[0]!);
  const labels = distinct.map(({ start }) => LABEL.exec(text.slice(Math.max(0, start - 40), start))?.[1]);
  const named = new Set(labels).size === distinct.length && !labels.includes(undefined);
  return distinct.map((box, i) => (named ? `${labels[i]} = ${withSign(text, box)}` : withSign(text, box))).join(", ");
}

/** A minus in front of a box belongs to it: `x = -\boxed{3}`. */
function withSign(text: string, { start, value }: Box): string {
  const isNegative = /(?:^|[=$([{]|\bis)\s*[-−]\s*$/.test(text.slice(Math.max(0, start - 12), start));
  return isNegative && /^[\d.\\]/.test(value) ? `-${value}` : value;
}
