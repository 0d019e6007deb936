import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../../src/families/choice/fold.js";
import { optionsOf } from "../../../src/families/choice/options.js";
import { readLabel } from "../../../src/families/choice/read-label.js";

const CITIES = { A: "London", B: "Paris", C: "New York", D: "Both A and B" };
const SENTIMENT = ["positive", "negative", "very positive", "not sure"];
const readFrom = (choices: string[] | Record<string, string>) => (text: string) =>
  readLabel(text, optionsOf({ question: "?", choices })!)?.value;
const city = readFrom(CITIES);
const mood = readFrom(SENTIMENT);

const LETTERS: [text: string, value: string | undefined][] = [
  ["Answer: B", "B"],
  ["answer: b", "B"],
  ["Answer: (b)", "B"],
  ["Answer: B.", "B"],
  ["Answer: B) Paris", "B"],
  ["Answer: B. Paris", "B"],
  ["**Answer: B**", "B"],
  ["**Answer:** B", "B"],
  ["Answer: **B. Paris**", "B"],
  ["The answer is (B).", "B"],
  ["The answer is B because it lies on the Seine.", "B"],
  ["The correct answer is option B.", "B"],
  ["The final answer is $\\boxed{B}$.", "B"],
  ["\\boxed{\\text{B}}", "B"],
  ["**B**", "B"],
  ["b)", "B"],
  ["(b)", "B"],
  ["B. Paris", "B"],
  ["Paris", "B"],
  ["paris.", "B"],
  ["PARÍS", "B"],
  ["Answer: “Paris”", "B"],
  ["Answer: new   york", "C"],
  ["Answer: Both A and B", "D"],
  ["Answer: D", "D"],
  ["Answer:\nB", "B"],
  ["The Seine flows there, so (B) is correct.", "B"],
  ["It flows through one city only. That city is Paris.", "B"],
  ["Answer: A. Wait, the Seine is not there.\nAnswer: B", "B"],
  ["The answer is A. On reflection, the correct answer is C.", "C"],
  ["Answer: A\n\nNo:\n\nB", "B"],
  ["Die Antwort ist B.", "B"],
  ["La réponse est (B).", "B"],
  ["<answer>B</answer>", "B"],
  ["Answer: A", "A"],
  ["A", "A"],
  ["Answer: A is a city.", "A"],
  // Unclear or no commitment.
  ["Answer: A or B", undefined],
  ["Answer: A/B", undefined],
  ["Answer: A, C", undefined],
  ["Answer: A and C", undefined],
  ["The answer is either London or Paris.", undefined],
  ["Answer: B. London", undefined],
  ["Answer: E", undefined],
  ["Answer: Rome", undefined],
  ["The answer is London.\nAnswer: Rome", undefined],
  ["A) London\nB) Paris\nC) New York", undefined],
  ["It is not Paris.", undefined],
  ["I cannot tell.", undefined],
  ["A city is a place where people live.", undefined],
  ["The answer is a large city.", undefined],
  ["London and Paris are both large.", undefined],
  ["Answer: X", undefined],
  ["First consider London.", undefined],
  ["London is the capital of England, and", undefined],
  ["The answer is found by looking at Paris on the map.", undefined],
  ["The Seine is longer than the Thames, which flows through London.", undefined],
  ["(B) is the best known of the cities.", undefined],
  ["(A) is not correct, but B is the right one.", "B"],
  ["Answer: the city of Paris", "B"],
  ["The answer is actually Paris.", "B"],
  ["", undefined],
];

const LABELS: [text: string, value: string | undefined][] = [
  ["Answer: positive", "positive"],
  ["Answer: Positive.", "positive"],
  ["Answer: very positive", "very positive"],
  ["Answer: Very-Positive", "very positive"],
  ["Label: NEGATIVE", "negative"],
  ["Not sure", "not sure"],
  ["Answer: not sure", "not sure"],
  ["The review praises the food. The sentiment is positive.", "positive"],
  ["The answer is most likely negative.", "negative"],
  ["Answer: positive or negative", undefined],
  ["Answer: positive/negative", undefined],
  ["The sentiment is not positive.", undefined],
  ["The sentiment isn't negative.", undefined],
  ["Answer: neutral", undefined],
  ["Answer: positively glowing", undefined],
  ["Positive words and negative words are both there.", undefined],
];

describe("an option", () => {
  it.each(LETTERS)("is read from %j: %s", (text, value) => expect(city(text)).toBe(value));
  it.each(LABELS)("is read as a label from %j: %s", (text, value) => expect(mood(text)).toBe(value));

  it("keeps numbers apart that begin alike", () => {
    const number = readFrom({ A: "5", B: "50", C: "-5", D: "5.5" });
    expect(["50", "5", "-5", "5.5", "55"].map((text) => number(`Answer: ${text}`))).toEqual([
      "B",
      "A",
      "C",
      "D",
      undefined,
    ]);
  });

  it("keeps labels apart that differ by a sign", () => {
    const language = readFrom(["C", "C++", "C#", ">50K", "<=50K"]);
    expect(["C", "C++", "C#", ">50K", "<=50K"].map((text) => language(`Answer: ${text}`))).toEqual([
      "C",
      "C++",
      "C#",
      ">50K",
      "<=50K",
    ]);
  });

  it("reads yes and no, which is no negation then", () => {
    const yes = readFrom(["yes", "no"]);
    expect([yes("Answer: No."), yes("No"), yes("So the answer is no."), yes("It cannot be known.")]).toEqual([
      "no",
      "no",
      "no",
      undefined,
    ]);
  });

  it("is the one that was said, however odd the labels are", () => {
    const word = fc.constantFrom(
      "a",
      "The",
      "is",
      "or",
      "not",
      "no",
      "yes",
      "answer",
      "A",
      "I",
      "b",
      "5",
      "-5",
      "C++",
      "very",
      "é",
    );
    const labels = fc.uniqueArray(
      fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(" ")),
      {
        selector: (label) => fold(label),
        minLength: 2,
        maxLength: 6,
      },
    );
    const said = fc.constantFrom("Answer: X", "The answer is X.", "**X**", 'So.\n\nAnswer: "X".', "x: X\nAnswer:\nX");
    fc.assert(
      fc.property(labels, fc.nat(), said, (choices, nth, template) => {
        const label = choices[nth % choices.length]!;
        expect(readFrom(choices)(template.replaceAll("X", label))).toBe(label);
      }),
      { numRuns: 2_000 },
    );
  });

  it("may itself hold what announces an answer", () => {
    const read = readFrom(["a", "answer is a"]);
    expect(read("Answer: answer is a")).toBe("answer is a");
    expect(read("The answer is answer is a.")).toBe("answer is a");
    expect(read("**answer is a**")).toBe("answer is a");
    expect(read("Answer: answer is a. No: the answer is a")).toBe("a");
  });

  it("is one of the options or nothing, whatever the text is", () => {
    const piece = fc.constantFrom(
      "A",
      "B",
      "(C)",
      "Paris",
      "London",
      "Rome",
      "answer",
      ": ",
      "is ",
      "not ",
      "or ",
      ".\n",
      " ",
      "**",
      "E",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
        (text) => {
          expect([undefined, "A", "B", "C", "D"]).toContain(city(text));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("is read in time whatever the text is", () => {
    const options = optionsOf({
      question: "?",
      choices: Array.from({ length: 50 }, (_, i) => `a${"a".repeat(400)}${i}`),
    })!;
    const start = performance.now();
    for (const part of ["a", "answer: ", "answer is ", "(A) is correct ", "\\text{", "\n", "it is ", "<b>"])
      readLabel(part.repeat(20_000), options);
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it("is the label as given, whatever its case in the answer", () => {
    expect(readFrom(["Größe", "Élan"])("Antwort: élan")).toBe("Élan");
  });
});
