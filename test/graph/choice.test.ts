import { describe, expect, it } from "vitest";
import { createCope } from "../../src/index.js";
import { scriptedModel } from "../../src/testing/index.js";

const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" }, city: { type: "string" } },
  required: ["name", "age", "city"],
};
const json = (name: string, age: number, city: string) =>
  `It says so.\n\`\`\`json\n${JSON.stringify({ city, age, name })}\n\`\`\``;

/** Eight samples as given; whoever plans says a sentence; the large model answers as `large` says. */
function cascade(replies: readonly string[], large = "Answer: C") {
  const small = scriptedModel([
    { purpose: "goal", reply: "Find what is asked." },
    { purpose: "execute", stage: "solo", replies },
    { purpose: "execute", reply: "I cannot tell." },
  ]);
  const big = scriptedModel([
    { purpose: "guideline", reply: "Look closely at each option." },
    { purpose: "execute", reply: large },
  ]);
  return createCope({ small, large: big, family: "auto" }).compile();
}

describe("a cascade over choices", () => {
  it("tells the family from the task, votes on labels, and prints the label as it was given", async () => {
    const replies = [
      "Answer: Positive",
      "**positive**",
      "positive.",
      "Answer: negative",
      "I do not know.",
      "Answer: POSITIVE",
      "positive",
      "Label: positive",
    ];
    const { answer } = await cascade(replies).invoke({
      question: "Is it good?",
      given: { choices: ["positive", "negative"] },
    });
    expect(answer).toMatchObject({ value: "positive", stage: "solo", confidence: 0.75 });
  });

  it("extracts data that meets the schema, in the schema's order", async () => {
    const { answer } = await cascade(Array.from({ length: 8 }, () => json("Ann", 3, "Graz"))).invoke({
      question: "Read: Ann, 3, from Graz.",
      given: { schema: person },
    });
    expect(answer).toMatchObject({ value: '{"name":"Ann","age":3,"city":"Graz"}', stage: "solo" });
  });

  it("accepts by fields what whole answers would not have agreed on", async () => {
    const replies = [
      json("Anna", 3, "Graz"),
      json("Ann", 4, "Graz"),
      json("Ann", 3, "Linz"),
      json("Ann", 3, "Graz"),
      json("Ana", 3, "Graz"),
      json("Ann", 5, "Graz"),
      json("Ann", 3, "Wien"),
      json("Ann", 3, "Graz"),
    ];
    const invoke = (given: Record<string, unknown>) =>
      cascade(replies, json("Ann", 3, "Graz")).invoke({ question: "Read: Ann, 3, from Graz.", given });
    const [whole, field] = await Promise.all([
      invoke({ schema: person }),
      invoke({ schema: person, consensus: "field" }),
    ]);
    expect(whole.stages[0]!.confidence).toBeLessThan(0.5);
    expect(field.stages[0]).toMatchObject({ confidence: 0.75 });
    expect(field.answer).toMatchObject({ value: '{"name":"Ann","age":3,"city":"Graz"}', stage: "solo" });
  });

  it("refuses a schema that no answer can meet before anything is asked", async () => {
    const schema = { type: "object", properties: { a: false }, required: ["a"] };
    await expect(cascade(["unused"]).invoke({ question: "Read.", given: { schema } })).rejects.toMatchObject({
      code: "TASK_INVALID",
      message: expect.stringContaining("schema: no answer can meet it: a: nothing is allowed there"),
    });
  });

  it("refuses what means nothing to the family that auto takes, and says why it took it", async () => {
    await expect(
      cascade(["unused"]).invoke({ question: "Is it good?", given: { choice: ["positive", "negative"] } }),
    ).rejects.toMatchObject({
      code: "TASK_INVALID",
      message: expect.stringMatching(
        /`given\.choice` means nothing to the family "chat".*\(auto: nothing in the question/,
      ),
    });
  });
});
