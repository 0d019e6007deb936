import { describe, expect, it } from "vitest";
import { createChoice } from "../../../src/families/choice/index.js";
import type { ChoiceTask } from "../../../src/families/choice/task.js";
import { familyContract } from "../../../src/testing/index.js";

const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer", minimum: 0 }, tags: { type: "array" } },
  required: ["name", "age"],
  additionalProperties: false,
};
const listed = "Which planet is the largest?\nA) Mars\nB) Jupiter\nC) Venus";
const runner = { describe, it };

familyContract(
  "choice, with letters",
  createChoice,
  {
    tasks: [
      { question: listed },
      { question: "Which is the largest?", choices: { A: "Mars", B: "Jupiter" } },
      { question: "Which is the largest?", choices: ["Mars", "Jupiter"] },
      {
        question: "And which is the smallest?",
        choices: ["Mars", "Jupiter"],
        history: [{ role: "user", content: "Hi" }],
      },
      { question: "Read: Ann, 3.", schema: person, consensus: "whole" },
    ],
    readable: [
      { text: "Jupiter is.\nAnswer: B", value: "B" },
      { text: "Answer: Jupiter", value: "B" },
    ],
    unreadable: ["Answer: A or B", "Answer: Saturn"],
    same: [["B", "B"]],
    different: [["A", "B"]],
  },
  { runner },
);
familyContract(
  "choice:fields, with a schema",
  () => createChoice({ consensus: "field" }),
  {
    tasks: [{ question: "Read: Ann, 3.", schema: person, consensus: "field" }],
    readable: [
      { text: 'Ann is 3.\n```json\n{"age": 3, "name": "Ann"}\n```', value: { name: "Ann", age: 3 } },
      { text: 'So: {"name": "Ann", "age": "3"}', value: { name: "Ann", age: 3 } },
      { text: "{name: 'Ann', age: 3.0,} // done", value: { name: "Ann", age: 3 } },
      { text: '{"name": "Ann", "age": 3}\nwhere {} would be nobody.', value: { name: "Ann", age: 3 } },
    ],
    unreadable: ['{"name": "Ann"}', '{"name": "Ann", "age": -1}', '{"name": "Ann", "age": 3', "Ann, 3"],
    same: [
      [
        { a: 1, b: [1, { c: 2 }] },
        { b: [1, { c: 2 }], a: 1 },
      ],
      [{ a: 0 }, { a: -0 }],
    ],
    different: [
      [{ a: 1 }, { a: "1" }],
      [{ a: 1 }, { a: 1, b: null }],
      [{ a: [1, 2] }, { a: [2, 1] }],
    ],
  },
  { runner },
);

const choice = createChoice();
const refused = (task: Record<string, unknown>): string | undefined =>
  choice.task
    .safeParse({ question: "?", ...task })
    .error?.issues.map(({ path, message }) => `${path}: ${message}`)
    .join();

describe("a task of the family choice", () => {
  it.each([
    [{}, "choices: neither choices nor a schema are given, and the question lists no lettered options"],
    [{ choices: [] }, "choices: 2 … 50 choices are needed, 0 are given"],
    [{ choices: ["a"] }, "choices: 2 … 50 choices are needed, 1 are given"],
    [{ choices: Array.from({ length: 51 }, String) }, "choices: 2 … 50 choices are needed, 51 are given"],
    [{ choices: ["Yes", " yes"] }, 'choices: "yes" is there twice but for case, accents and marks'],
    [{ choices: ["yes", "  "] }, 'choices: "" has nothing that can be told in an answer'],
    [{ choices: ["yes", "n".repeat(501)] }, "choices: a choice is longer than 500 characters"],
    [{ choices: { A: "x", a: "y" } }, 'choices: "y" is there twice but for case, accents and marks'],
    [{ choices: 7 }, "choices: a list of texts, or texts by one letter or digit each, is needed"],
    [
      { choices: { first: "x", second: "y" } },
      "choices: a list of texts, or texts by one letter or digit each, is needed",
    ],
    [{ choices: ["a", "b"], schema: person }, ": choices and a schema are given, and a task has one of them"],
    [{ schema: [] }, "schema: a JSON schema, an object, is needed"],
    [
      { schema: person, consensus: "field" },
      'consensus: by "field" the family "choice:fields" judges; name it instead',
    ],
  ])("is refused where it is %j", (task, said) => expect(refused(task)).toBe(said));

  it("may list its options with one text twice, which its letters tell apart", () => {
    expect(choice.task.safeParse({ question: "Which?\nA) same\nB) same" }).success).toBe(true);
    expect(choice.read("Answer: B", { question: "Which?\nA) same\nB) same" })).toMatchObject({ value: "B" });
    expect(choice.read("Answer: same", { question: "Which?\nA) same\nB) same" })).toBeUndefined();
  });
});

describe("grading", () => {
  const grade = (gold: Parameters<NonNullable<typeof choice.grade>>[0], value: string, task: Partial<ChoiceTask>) =>
    choice.grade!(gold, value, { question: listed, ...task });

  it("takes a letter or an option's text", async () => {
    expect(
      await Promise.all(["B", "b", "(B)", "B.", "Jupiter", "jupiter"].map((gold) => grade(gold, "B", {}))),
    ).toEqual(Array.from({ length: 6 }, () => true));
    expect(await grade("A", "B", {})).toBe(false);
    expect(await grade(2, "2", { choices: ["1", "2"] })).toBe(true);
  });

  it("gives no grade where the data set names none of the options", async () => {
    expect(await grade("Saturn", "B", {})).toBeNull();
    expect(await grade({ letter: "B" }, "B", {})).toBeNull();
  });

  it("compares data as JSON, given as data or as text", async () => {
    const task = { schema: person };
    expect(await grade({ age: 3, name: "Ann" }, '{"name":"Ann","age":3}', task)).toBe(true);
    expect(await grade('{"age": 3.0, "name": "Ann"}', '{"name":"Ann","age":3}', task)).toBe(true);
    expect(await grade({ age: 4, name: "Ann" }, '{"name":"Ann","age":3}', task)).toBe(false);
    expect(await grade("no JSON", '{"name":"Ann","age":3}', task)).toBeNull();
  });
});

describe("prompts", () => {
  const shown = (task: ChoiceTask) => choice.prompts.execute(task, {}).at(-1)!.content;

  it("list given options and leave listed ones alone", () => {
    expect(shown({ question: "Which?", choices: { a: "red", b: "blue" } })).toBe("Which?\n\nA) red\nB) blue");
    expect(shown({ question: "Which?", choices: ["red", "blue"] })).toBe("Which?\n\n- red\n- blue");
    expect(shown({ question: listed })).toBe(listed);
  });

  it("show the schema as it was given", () => {
    expect(shown({ question: "Read.", schema: person })).toContain(JSON.stringify(person));
  });

  it("show the conversation before the question", () => {
    const history = [
      { role: "user" as const, content: "I like gas giants." },
      { role: "assistant" as const, content: "So do I." },
    ];
    expect(choice.prompts.execute({ question: listed, history }, {}).map(({ content }) => content)).toEqual([
      expect.any(String),
      "I like gas giants.",
      "So do I.",
      listed,
    ]);
  });
});
