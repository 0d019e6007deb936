import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { wilson } from "../../src/evaluation/numbers/wilson.js";
import { chooseFamily, type AutoTask } from "../../src/families/auto.js";
import { families } from "../../src/families/index.js";
import { needs } from "../support/needs.js";
import { everydayQuestions } from "./auto-everyday.js";
import { autoQuestions } from "./auto-questions.js";

const known = ["math", "math:program", "code", "chat", "choice", "choice:fields"];
const familyOf = (task: AutoTask) => chooseFamily(task, known).family;
const page = readFileSync(join(import.meta.dirname, "../../docs/auto.md"), "utf8");

/** Rows of a table of the page, by their first cell. */
const rows = (heading: string): Map<string, string[]> => {
  const table = page.slice(page.indexOf(`| ${heading} |`)).split("\n\n")[0]!;
  return new Map(
    table.split("\n").map((row) => {
      const [first = "", ...cells] = row
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [first, cells];
    }),
  );
};

const percent = (share: number) => (share * 100).toFixed(0);

describe("auto on sixty questions of its own", () => {
  const documented = rows("kind");
  const kinds = ["math", "choice", "code", "chat", "all"];

  it.each(kinds)("sends as many as docs/auto.md says to their family: %s", (kind) => {
    const asked = autoQuestions.filter((question) => kind === "all" || question.kind === kind);
    const right = asked.filter(({ task, family }) => familyOf(task) === family).length;
    const [low, high] = wilson(right, asked.length);
    expect([String(asked.length), String(right), `${percent(low)} … ${percent(high)} %`]).toEqual(documented.get(kind));
  });

  it.each(["A shop sells pens at 3 for 2 euros. What do 27 pens cost?", "What is 6 x 7?"])(
    "takes a word problem for mathematics, whatever its verb: %s",
    (question) => {
      expect(familyOf({ question })).toBe("math");
    },
  );

  it("never sends a question to code that nothing checks", () => {
    const unchecked = autoQuestions.filter(({ task }) => !task.tests && !task.entryPoint);
    expect(unchecked.filter(({ task }) => familyOf(task) === "code")).toEqual([]);
  });
});

describe("auto on 120 questions in everyday words", () => {
  const documented = rows("everyday words");
  const parts = { "for mending": false, "held out": true };

  it.each(Object.entries(parts))("sends as many as docs/auto.md says to their family: %s", (part, heldOut) => {
    const counted = everydayQuestions.filter((question) => question.heldOut === heldOut);
    const right = counted.filter(({ question, family }) => familyOf({ question }) === family).length;
    const [low, high] = wilson(right, counted.length);
    const now = [String(counted.length), `${right}, ${percent(low)} … ${percent(high)} %`];
    const [questions, , today] = documented.get(part) ?? [];
    expect(now).toEqual([questions, today]);
  });

  it("asks nothing twice, and holds 60 of arithmetic and word problems", () => {
    expect(new Set(everydayQuestions.map(({ question }) => question)).size).toBe(120);
    expect(everydayQuestions.filter(({ family }) => family === "math")).toHaveLength(60);
  });

  it.each(everydayQuestions.filter(({ heldOut }) => !heldOut))("sends to $family: $question", ({ question, family }) =>
    expect(familyOf({ question })).toBe(family),
  );
});

const data = join(import.meta.dirname, "../../../shared/data");
const benchmarks: Record<string, { file: string; ask: (row: Record<string, string>) => string }> = {
  GSM8K: { file: "gsm8k/test.jsonl", ask: ({ question }) => question! },
  SVAMP: { file: "svamp/test.jsonl", ask: ({ Body, Question }) => `${Body!.trim()} ${Question}` },
  "MATH-500": { file: "math500/test.jsonl", ask: ({ problem }) => problem! },
  "MBPP, without tests": { file: "mbpp/test500.jsonl", ask: ({ text }) => text! },
  "HumanEval, without tests": { file: "humaneval/HumanEval.jsonl", ask: ({ prompt }) => prompt! },
  "MT-Bench, first turns": { file: "mt_bench/question.jsonl", ask: ({ turns }) => turns![0]! },
};

describe.skipIf(!needs("the benchmarks' data", existsSync(data)))("auto on public benchmarks", () => {
  it.each(Object.entries(benchmarks))(
    "sends as many as docs/auto.md says to each family: %s",
    (name, { file, ask }) => {
      const text = readFileSync(join(data, file), "utf8").trim();
      const told = text
        .split("\n")
        .map((row) => familyOf({ question: ask(JSON.parse(row) as Record<string, string>) }));
      const count = (family: string) => String(told.filter((one) => one === family).length);
      expect([String(told.length), ...["math", "choice", "code", "chat"].map(count)]).toEqual(
        rows("data set").get(name)?.slice(0, 5),
      );
    },
  );
});

describe("auto", () => {
  const question = "What is 2 + 2?";

  it.each<[AutoTask, string, string]>([
    [{ question, tests: ["assert f() == 4"] }, "code", "there are visible tests"],
    [{ question, entryPoint: "f", choices: ["3", "4"] }, "code", "an entry point is named"],
    [{ question, choices: ["3", "4"] }, "choice", "choices are given"],
    [{ question, schema: {} }, "choice", "a schema is given"],
    [{ question, schema: {}, consensus: "field" }, "choice:fields", "a schema is given"],
    [{ question: `${question}\nA) 3\nB) 4` }, "choice", "the question lists options from A to B"],
    [{ question: "How many legs do 3 cats have?" }, "math", 'the question asks for a number or value: "how many"'],
    [{ question: "Write a story about 3 cats." }, "chat", 'the question asks for a text: "write"'],
    [
      { question: "Write a Python function that adds 2 numbers." },
      "chat",
      'the question asks for a program ("python") without tests to run it against',
    ],
    [{ question: "Why?" }, "chat", "nothing in the question asks for a number, a choice, or a program with tests"],
  ])("says by what it told the family of %j", (task, family, why) =>
    expect(chooseFamily(task, known)).toEqual({ family, why }),
  );

  it("takes no tests for no tests, and a missing field for an absent one", () => {
    expect(familyOf({ question, tests: [], entryPoint: "" })).toBe("math");
    expect(familyOf({ question, tests: null, choices: null, schema: null })).toBe("math");
  });

  it("takes texts to work on for no options, although they have letters", () => {
    expect(familyOf({ question: "Translate into German:\na) I am here.\nb) You are there." })).toBe("chat");
    expect(familyOf({ question: "Extract the names.\na) Ann came. She left.\nb) Bob came. He stayed." })).toBe("chat");
  });

  it("takes the next best family where one is missing, and says so", () => {
    expect(chooseFamily({ question }, ["chat"])).toEqual({
      family: "chat",
      why: 'the question asks for a number or value: "what is"; there is no family "math", so "chat" is taken',
    });
    expect(chooseFamily({ question: "Why?" }, ["math"])).toMatchObject({ family: "math" });
    expect(chooseFamily({ question, schema: {}, consensus: "field" }, ["choice"])).toMatchObject({ family: "choice" });
    expect(chooseFamily({ question: "Why?" }, ["own"])).toMatchObject({ family: "own" });
  });

  it("knows no family that there is not", () => {
    expect(known.filter((name) => !Object.hasOwn(families, name))).toEqual([]);
  });

  it("takes a short time whatever the question is", () => {
    const start = performance.now();
    for (const part of ["(", "a) ", "[asy]", "$", "1", "write a ", "\n", "A. x ", "what ", "\\textbf{(A"])
      chooseFamily({ question: part.repeat(100_000) }, known);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

describe("arithmetic in words", () => {
  it.each([
    "What is 12 plus 30?",
    "half of 90",
    "Tell me 15 percent of 80",
    "seven times eight",
    "Give me the square of 12",
    "9 squared",
    "What do you get when you take 17 from 40?",
    "Add 3 and 19 for me",
    "split 84 between 7",
    "Please tell me what 45 divided by 9 is",
    "How about twelve minus five?",
    "a third of 60",
    "If I double 35, where do I end up?",
    "Increase 50 by 10 percent",
    "die Hälfte von 44",
    "12 mal 7",
    "5 fois 6",
    "What's left if 8 is subtracted from 20?",
    "the cube root of 27",
    "25% of 200",
    "What is seven plus eight?",
    "Twenty-five minus nine equals?",
    "Tell me the sum of 4 and 9",
    "2 to the power of 10",
    "Share 36 sweets among 4 children: each gets",
    "knock 15% off $80",
    "Is 57 divisible by 3?",
    "72 inches in feet",
    "turn 3/8 into a percentage",
    "three fifths of 45",
    "Two thirds of six hundred",
    "ten less than half of 60",
    "Which is larger: 0.7 or 0.65?",
    "A taxi takes 3 euros plus 2 per km, and I ride 7 km. What do I owe?",
    "A tank holds 90 litres and loses 6 litres an hour. When will it be empty?",
    "Count the hours from 9 am to 5 pm.",
    "Multipliziere 7 mit 12.",
    "Divise 84 par 7.",
    "Ist 51 eine Primzahl?",
    "Est-ce que 17 est premier ?",
    "Schreibe 0,25 als Bruch",
  ])("is math: %s", (question) => {
    expect(chooseFamily({ question }, ["math", "chat"]).family).toBe("math");
  });
  it.each([
    "Tell me a story about twice-told tales",
    "Who was Gauss?",
    "Tell me about 1984",
    "Give me 5 ideas for dinner",
    "Explain how to compute 15% of 80",
    "Write a poem with 12 lines",
    "Give me half an hour plan",
    "Tell me three jokes",
    "Take one step at a time: what does it mean?",
    "What happened in 1989?",
    "Give me two reasons to learn French",
    "Half of life is showing up. Who said it?",
    "Is one more than enough?",
    "List 10 animals",
    "Translate 'twelve minus five' into French",
    "Tell me what two people do in chess",
    "How do I raise a child?",
    "Is 42 a good age to retire?",
    "Is one even alive in there?",
    "Is 7 prime time?",
    "I got 2 job offers at 50k and 60k. What will I regret more?",
    "Which is better, 4K or 8K?",
    "I have 3 exams in 5 days. What do I do?",
    "What does Room 101 have in 1984?",
    "What did the 13 colonies have in common with the 3 estates?",
    "Give me 5 facts as a list",
    "Take away 5 lessons from 3 books",
    "Quel est le prix Nobel de 1921 ?",
  ])("is not seen where there is none: %s", (question) => {
    expect(chooseFamily({ question }, ["math", "chat"]).family).toBe("chat");
  });
});
