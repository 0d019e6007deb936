import { describe, expect, it } from "vitest";
import { loadProblems } from "../../../src/evaluation/data/load.js";
import { fileWith, jsonl } from "./files.js";

const only = async (row: object, options = {}) => (await loadProblems(jsonl(row), options)).problems[0]!;
const why = async (row: object, options = {}) => {
  const sound = { question: "What is 1 + 1?", answer: 2 };
  return (await loadProblems(jsonl(sound, row), options)).refused[0]!;
};

describe("a row of one's own", () => {
  it.each([
    ["choices in a list", { question: "Praise or blame?", choices: ["praise", "blame"], answer: "praise" }, "choice"],
    ["choices with commas between", { question: "Q?", choices: "praise, blame", answer: "blame" }, "choice"],
    ["choices by letter", { question: "Q?", options: { A: "Rome", B: "Paris" }, answer: "B" }, "choice"],
    ["options in the question", { question: "Which is a city?\nA) Rome\nB) Etna", answer: "A" }, "choice"],
    ["a schema", { question: "Who?", schema: { type: "object" }, answer: { name: "Ada" } }, "choice"],
    [
      "a schema, by field",
      { question: "Who?", schema: { type: "object" }, consensus: "field", answer: { a: 1 } },
      "choice:fields",
    ],
    ["tests", { question: "Add.", tests: ["assert add(1, 1) == 2"], answer: ["assert add(2, 2) == 4"] }, "code"],
    ["a family", { question: "Say it.", family: "chat", answer: "a reference" }, "chat"],
    ["a number for a gold", { question: "Twice the age of Tom, who is four", answer: 8 }, "math"],
    ["a worked solution for a gold", { question: "The total", answer: "3 and 7 make ten.\n#### 10", extra: 1 }, "math"],
    ["a formula for a gold", { question: "The slope", answer: "\\frac{2}{3}" }, "math"],
    ["a calculation", { question: "What is 12 plus 30?", answer: "42" }, "math"],
  ])("with %s is of the family that fits", async (_what, row, family) => {
    expect((await only(row)).family).toBe(family);
  });

  it.each(["math", "chat", "code", "choice:fields"])("keeps its own choices under --family %s", async (family) => {
    const row = { question: "Praise or blame?", choices: ["praise", "blame"], answer: "praise" };
    expect(await only(row, { family })).toMatchObject({ family: "choice", task: { choices: ["praise", "blame"] } });
  });

  it("keeps its id, family and level beside a worked solution, where all rows of the file have one", async () => {
    const row = {
      question: "The total",
      answer: "3 and 7 make ten.\n#### 10",
      id: "r7",
      family: "math:program",
      level: 4,
    };
    const { problems, refused } = await loadProblems(jsonl(row, { ...row, question: "The sum" }));
    expect(problems).toMatchObject([{ id: "r7", family: "math:program", gold: "10", about: { level: "4" } }]);
    expect(refused).toMatchObject([{ line: 2, field: "id" }]);
  });

  it("keeps its own family, and the others take what the file is read with", async () => {
    const rows = jsonl({ question: "a", family: "math", answer: "x" }, { question: "b", answer: "y" });
    const { problems } = await loadProblems(rows, { family: "chat" });
    expect(problems.map(({ family }) => family)).toEqual(["math", "chat"]);
  });

  it("takes choices and a schema of the whole file where it brings none", async () => {
    const choices = ["yes", "no"];
    expect(await only({ question: "Is it?", answer: "no" }, { choices })).toMatchObject({
      family: "choice",
      task: { choices },
    });
    const schema = { type: "object" };
    expect(await only({ question: "Who?", answer: "{}" }, { schema })).toMatchObject({
      family: "choice",
      task: { schema },
    });
  });

  it.each([
    [
      "an open question with a name for a gold",
      { question: "Who wrote Faust?", answer: "Goethe" },
      "answer",
      /open text.*choices or a schema/,
    ],
    [
      "a gold that is none of the choices",
      { question: "Q?", choices: ["a1", "b1"], answer: "c1" },
      "answer",
      /none of the choices: a1, b1/,
    ],
    ["a position for a gold", { question: "Q?", choices: ["red", "blue"], answer: 1 }, "answer", /none of the choices/],
    ["a gold that is no JSON", { question: "Q?", schema: { type: "object" }, answer: "Ada" }, "answer", /no JSON/],
    ["choices that are none", { question: "Q?", choices: 7, answer: "a" }, "choices", /a list of labels/],
    ["one choice", { question: "Q?", choices: ["a"], answer: "a" }, "choices", /2 … 50 choices/],
    ["a schema that is a text", { question: "Q?", schema: "name", answer: "{}" }, "schema", /JSON schema/],
    ["tests alone", { question: "Add.", tests: ["assert add(1, 1) == 2"] }, "answer", /tests that grade are needed/],
    [
      "a program for a gold",
      { question: "Add.", tests: ["assert f(1) == 1"], answer: "def f(x): return x" },
      "answer",
      /asserts nothing/,
    ],
  ])("is told at once: %s", async (_what, row, field, words) => {
    expect(await why(row)).toEqual({ line: 2, field, why: expect.stringMatching(words) });
  });

  it("that is an open question is taken where its family says so, and where no gold is asked for", async () => {
    const row = { question: "Who wrote Faust?", answer: "Goethe" };
    expect(await only(row, { family: "chat" })).toMatchObject({ family: "chat", gold: { turns: ["Goethe"] } });
    expect((await only(row, { unlabelled: true })).family).toBe("chat");
  });

  it.each([
    ["Two and two are four.\n#### 4", "4"],
    ["So $x = \\boxed{100}$.", "100"],
    ["Half of it. The answer is 3/4.", "3/4"],
    ["3/4", "3/4"],
    ["(1, 2)", "(1, 2)"],
  ])("with the gold %j is graded by %j", async (answer, gold) => {
    expect((await only({ question: "q", note: "own", answer }, { family: "math", format: "rows" })).gold).toBe(gold);
  });

  it("keeps every digit of long numbers", async () => {
    const path = fileWith(
      "long.jsonl",
      '{"id":9007199254740993,"question":"1 + 1?","answer":123456789012345678901}\n{"id":9007199254740992,"question":"2 + 2?","answer":0.12345678901234567891}\n',
    );
    const { problems, refused } = await loadProblems(path);
    expect(refused).toEqual([]);
    expect(problems.map(({ id, gold }) => [id, gold])).toEqual([
      ["9007199254740993", "123456789012345678901"],
      ["9007199254740992", "0.12345678901234567891"],
    ]);
  });

  it("may be a whole problem, as problems are returned", async () => {
    const row = { id: "17", family: "math", task: { question: "1 + 1?" }, gold: "2", about: { level: "3" } };
    const { format, problems } = await loadProblems(jsonl(row));
    expect({ format, problems }).toEqual({ format: "problems", problems: [row] });
    const { refused } = await loadProblems(
      jsonl(row, { ...row, id: "18", family: "choice", task: { question: "No list" } }),
    );
    expect(refused).toEqual([{ line: 2, field: "task", why: expect.stringMatching(/choices/) }]);
  });

  it("under the family auto goes where its question alone sends it", async () => {
    expect(await why({ question: "Twice of it", answer: 8 }, { family: "auto" })).toMatchObject({ field: "answer" });
    expect((await only({ question: "What is 2 + 6?", answer: 8 }, { family: "auto" })).family).toBe("math");
  });
});
