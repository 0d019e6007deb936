import { closingBrace } from "./normalise.js";
import { tidyAnswer } from "./tidy.js";

/** What the boxes of a text say. */
export interface BoxReading {
  /** The last readable box. */
  value?: string;
  /** True when the last box that is closed holds too much to be an answer: then nothing else counts either. */
  overlong: boolean;
  /** Where the first of the unclosed boxes at the end begins: the text was cut there. Else the text's length. */
  end: number;
}

/** Boxes looked at, from the last: a text of thousands of them is no solution. */
const MAX_BOXES = 50;

/** `\boxed 7` without braces. */
const BARE = /^\s*([^\s{}$\\]{1,40})/;

/**
 * The last non-empty `\boxed{…}` or `\fbox{…}`, braces nested to any depth.
 * @param text - a text of bounded length; the work grows with length times `MAX_BOXES` at most.
 */
export function readBox(text: string): BoxReading {
  const boxes = [...text.matchAll(/\\f?box(?:ed)?(?![A-Za-z])/g)].slice(-MAX_BOXES).toReversed();
  let end = text.length;
  for (const box of boxes) {
    const after = box.index + box[0].length;
    // A pattern on a short slice: scanning the rest of the text for every box would be quadratic.
    const open = /^\s*\{/.exec(text.slice(after, after + 8));
    if (!open) {
      const bare = BARE.exec(text.slice(after, after + 48))?.[1];
      const value = bare && tidyAnswer(bare);
      if (value) return { value, overlong: false, end };
      continue;
    }
    const start = after + open[0].length;
    const close = closingBrace(text, start - 1);
    // Never closed: the text was cut inside, and what the box holds is only the beginning of an answer.
    if (close < 0) {
      end = box.index;
      continue;
    }
    const inside = text.slice(start, close);
    const value = tidyAnswer(inside);
    if (value) return { value, overlong: false, end };
    // An empty box is passed over, an overlong one ends the reading.
    if (inside.trim().length > 400) return { overlong: true, end };
  }
  return { overlong: false, end };
}
