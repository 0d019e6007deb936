import { describe, expect, it } from "vitest";
import { listedOptions } from "../../../src/families/choice/listed.js";
import { optionsOf } from "../../../src/families/choice/options.js";
import { parseChoices } from "../../../src/families/choice/parse-choices.js";

const texts = (question: string) =>
  listedOptions(question)
    ?.map(({ letter, text }) => `${letter}=${text}`)
    .join("|");

describe("options that a question lists", () => {
  it.each([
    ["Which?\nA) red\nB) green", "A=red|B=green"],
    ["Which?\n(a) red\n(b) green\n(c) blue", "A=red|B=green|C=blue"],
    ["Which?\n  A. red\n  B. green\n\nThink well.", "A=red|B=green"],
    ["Which is it: (a) red, (b) green, or (c) blue?", "A=red|B=green|C=blue"],
    ["Which is it: (a) red, (b) green, or (c) blue", "A=red|B=green|C=blue"],
    ["Pick: A) red B) light green C) blue", "A=red|B=light green|C=blue"],
    ["Pick: A. 6 B. 8 C. 9", "A=6|B=8|C=9"],
    ["- A) red\n- B) green", "A=red|B=green"],
    ["A: red\nB: green", "A=red|B=green"],
    ["First A) x B) y. Now choose:\nA) red\nB) green", "A=red|B=green"],
  ])("are read from %j", (question, expected) => expect(texts(question)).toBe(expected));

  it.each([
    "A. Smith met B. Jones in Rome.",
    "(a) Find the derivative of f. (b) Evaluate it at 2.",
    "Let f(x) = (a) + (b).",
    "A) red\nC) green",
    "B) red\nC) green",
    "A) only one",
    "What are vitamins?",
    "",
  ])("are not seen in %j", (question) => expect(texts(question)).toBeUndefined());

  it("are told from labels, which have no letters", () => {
    expect(optionsOf({ question: "?", choices: ["good", "bad"] })).toEqual([
      { value: "good", name: "good" },
      { value: "bad", name: "bad" },
    ]);
    expect(optionsOf({ question: "?", choices: ["A) good", "B) bad"] })!.map(({ value }) => value)).toEqual(["A", "B"]);
    expect(optionsOf({ question: "?", choices: { a: "good", b: "bad" } })!.map(({ value }) => value)).toEqual([
      "A",
      "B",
    ]);
  });
});

describe("choices as one text", () => {
  it("are parted by commas, or by lines where there are several", () => {
    expect(parseChoices("good, bad ,,neutral")).toEqual(["good", "bad", "neutral"]);
    expect(parseChoices("good, or so\r\nbad\n\n")).toEqual(["good, or so", "bad"]);
    expect(parseChoices(" \n")).toEqual([]);
  });
});
