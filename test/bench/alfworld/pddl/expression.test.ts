import { describe, expect, it } from "vitest";
import { readExpression, type Expression } from "../../../../bench/alfworld/engine/pddl/expression.js";

const plain = (expression: Expression): unknown =>
  typeof expression === "string" ? expression : expression.items.map(plain);
const read = (text: string) => plain(readExpression(text, "a text"));

describe("nested lists", () => {
  it("are read in lower case, without comments, over lines, and with their commas", () => {
    expect(read("; a rule\n(Define (x ?A - b, ?c - d) ; (not this\n ()\n)")).toEqual([
      "define",
      ["x", "?a", "-", "b,", "?c", "-", "d"],
      [],
    ]);
  });

  it.each([
    ["(a\n(b)", "line 1: this bracket is never closed"],
    ["(a)\n)", "line 2: a bracket closes that was never opened"],
    ["a", "one list in brackets is needed"],
    ["", "one list in brackets is needed"],
    ["(a) (b)", "one list in brackets is needed"],
  ])("%j is refused: %s", (text, why) => {
    expect(() => read(text)).toThrow(`a text, ${why.startsWith("line") ? why : `line 1: ${why}`}`);
  });
});
