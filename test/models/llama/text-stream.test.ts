import { assert, property, string } from "fast-check";
import { expect, it } from "vitest";
import { TextStream } from "../../../src/models/llama/text-stream.js";

// A tokenizer with one token per byte: every character beyond ASCII, and every stop string, lies in several tokens.
const detokenize = (tokens: number[]) => Buffer.from(tokens).toString("utf8");
const feed = (text: string, stop: string[]) => {
  const stream = new TextStream<number>(detokenize, stop);
  let pushed = 0;
  for (const byte of Buffer.from(text)) {
    pushed += 1;
    if (stream.push(byte)) return { text: stream.text, stopped: true, pushed };
  }
  return { text: stream.end(), stopped: false, pushed };
};

it("puts characters together whose bytes lie in several tokens", () => {
  const together = property(string({ unit: "grapheme" }), (text) => feed(text, []).text === text.toWellFormed());
  expect(() => assert(together)).not.toThrow();
});

it("cuts the text before the earliest stop string, and takes no token after it", () => {
  expect(feed("x = 4\nDone. More", ["More", "\nDone."])).toEqual({ text: "x = 4", stopped: true, pushed: 11 });
});

it("ignores empty stop strings and goes on when none is met", () => {
  expect(feed("größer", ["", "zz"])).toEqual({ text: "größer", stopped: false, pushed: 8 });
});

it("shows what came of a character that was never finished", () => {
  const stream = new TextStream<number>(detokenize, []);
  stream.push(0xf0);
  stream.push(0x9f);
  expect(stream.text).toBe("");
  expect(stream.end()).toMatch(/^\uFFFD+$/);
});
