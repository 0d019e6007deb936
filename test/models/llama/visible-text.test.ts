import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Constraint } from "../../../src/models/llama/generate.js";
import { isJson } from "../../../src/models/llama/grammar.js";
import { VisibleText } from "../../../src/models/llama/visible-text.js";

interface Written {
  begun?: boolean;
  stop?: string[];
  cut?: boolean;
  inner?: Constraint;
}

/** What is made of a text that comes in pieces, as the engine generates it: told after each piece, and ended where it is complete. */
function written(pieces: readonly string[], { begun = false, stop, cut = false, inner }: Written = {}) {
  const told: string[] = [];
  const visible = new VisibleText((piece) => told.push(piece), { begun, stop });
  const constraint = visible.constrained(inner);
  let raw = "";
  for (const piece of pieces) {
    raw += piece;
    visible.push(piece);
    if (constraint.see(raw)) return { ...visible.end(false), told: told.join(""), raw };
  }
  return { ...visible.end(cut), told: told.join(""), raw };
}

/** A text in pieces of one length. */
const cutInto = (text: string, size: number) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));

/** All cuts of a text into pieces of one length, and many into pieces of different ones. */
function everyChunking(text: string, check: (pieces: string[]) => void): void {
  for (let size = 1; size <= text.length; size += 1) check(cutInto(text, size));
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, text.length - 1) }), { maxLength: text.length });
  const pieces = cuts.map((places) => {
    const ends = [0, ...places.toSorted((a, b) => a - b), text.length];
    return ends.slice(1).map((end, i) => text.slice(ends[i], end));
  });
  fc.assert(
    fc.property(pieces, (each) => check(each)),
    { numRuns: 60 },
  );
}

const CASES: [string, string, Written, { text: string; thinking?: string }][] = [
  ["text without thinking is told as it is", "It is 6.\nYes.", {}, { text: "It is 6.\nYes." }],
  ["thinking goes apart", "<think>\nIs it 5?\n</think>\n\nIt is 6.", {}, { text: "It is 6.", thinking: "Is it 5?" }],
  [
    "thinking that the prompt opened goes apart",
    "Is it 5?\n</think>\n\nIt is 6.",
    { begun: true },
    { text: "It is 6.", thinking: "Is it 5?" },
  ],
  ["thinking that is cut leaves no text", "<think>So 5", { cut: true }, { text: "", thinking: "So 5" }],
  [
    "a stop string within thinking ends nothing",
    "<think>a\nEND\nb</think>It is 6.\nEND\nmore",
    { stop: ["\nEND"] },
    { text: "It is 6.", thinking: "a\nEND\nb" },
  ],
  [
    "a line's end as a stop string ends the first line that is said",
    "One.\nTwo.\n</think>6\n7\n8",
    { begun: true, stop: ["\n"] },
    { text: "6", thinking: "One.\nTwo." },
  ],
  [
    "the first of several stop strings ends the text",
    "<think>x</think>a STOP b HALT c",
    { stop: ["HALT", "STOP"] },
    { text: "a ", thinking: "x" },
  ],
  [
    "a stop string that only begins is text",
    "<think>x</think>It is </stop",
    { stop: ["</stop>"] },
    { text: "It is </stop", thinking: "x" },
  ],
  [
    "a mention of a mark stays text",
    "<think>x</think>Write `<think>` and go on. END",
    { stop: [" END"] },
    { text: "Write `<think>` and go on.", thinking: "x" },
  ],
];

describe("what a model says of all that it writes, in pieces of any length", () => {
  it.each(CASES)("%s", (_, text, options, expected) => {
    everyChunking(text, (pieces) => {
      const { told, raw: _raw, ...parted } = written(pieces, options);
      expect(parted).toEqual({
        ...expected,
        ...(expected.thinking === undefined ? {} : { thinking: parted.thinking }),
      });
      expect(parted.thinking?.trim()).toBe(expected.thinking);
      expect(told).toBe(expected.text);
    });
  });

  it("ends the generation at a stop string, and not before it", () => {
    const { raw } = written(cutInto("<think>a\nb</think>6\n7\n8", 1), { stop: ["\n"] });
    expect(raw).toBe("<think>a\nb</think>6\n");
  });
});

describe("a constraint", () => {
  const state = { state: "of a grammar" } as never;

  it.each([1, 2, 3, 5, 8])("leaves thinking free and holds the very next token, in pieces of %d", (size) => {
    const visible = new VisibleText(() => {}, { begun: true });
    const constraint = visible.constrained({ state: () => state, see: () => false });
    const thinking = 'It may be {"a": 1} or "</think>" or\n```\n</think>\n```\nthen.\n</think>';
    let raw = "";
    for (const piece of cutInto(thinking, size)) {
      expect(constraint.state()).toBeUndefined();
      visible.push(piece);
      constraint.see((raw += piece));
    }
    expect(constraint.state()).toBe(state);
  });

  it("sees what is said alone: JSON that was only thought completes nothing", () => {
    const inner = { state: () => undefined, see: isJson };
    const { text, thinking, raw } = written(cutInto('<think>{"a": 1}</think>\n{"b": 2} and so on', 1), { inner });
    expect(JSON.parse(text)).toEqual({ b: 2 });
    expect(thinking).toBe('{"a": 1}');
    expect(raw.endsWith('{"b": 2}')).toBe(true);
  });

  it("holds a model that does not think from its first token", () => {
    const constraint = new VisibleText(() => {}, { begun: false }).constrained({
      state: () => state,
      see: () => false,
    });
    expect(constraint.state()).toBe(state);
  });
});
