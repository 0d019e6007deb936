import { AIMessage } from "@langchain/core/messages";
import { expect } from "vitest";
import { z } from "zod";
import type { Point } from "../chat-model-contract.js";

const Person = z.object({
  name: z.string().max(12).describe("First name"),
  age: z.number().int().min(0).max(150).describe("Age in years"),
});
const SCHEMA = {
  title: "person",
  description: "A person",
  type: "object",
  properties: { name: { type: "string", maxLength: 12 }, age: { type: "integer", minimum: 0, maximum: 150 } },
  required: ["name", "age"],
  additionalProperties: false,
} as const;
const QUESTION = "Ada is 36 years old. Give her name and age as JSON.";

/** Answers that keep a schema. */
export const structure: Record<string, Point> = {
  "answers in the form of a zod schema": async ({ create, toolTokens }) => {
    const value = await create({ maxTokens: toolTokens }).withStructuredOutput(Person).invoke(QUESTION);
    expect(Person.parse(value)).toEqual(value);
  },
  "answers in the form of a JSON schema": async ({ create, toolTokens }) => {
    const value = await create({ maxTokens: toolTokens }).withStructuredOutput(SCHEMA).invoke(QUESTION);
    expect(Person.parse(value)).toEqual(value);
  },
  "leaves out what a schema lets it leave out, and keeps to choices": async ({ create, toolTokens }) => {
    const Mood = z.object({ mood: z.enum(["good", "bad"]), why: z.string().max(10).optional() });
    const value = await create({ maxTokens: toolTokens }).withStructuredOutput(Mood).invoke("How was your day?");
    expect(Mood.parse(value)).toEqual(value);
  },
  "gives the raw answer beside the parsed one": async ({ create, toolTokens }) => {
    const structured = create({ maxTokens: toolTokens }).withStructuredOutput(Person, { includeRaw: true });
    const { raw, parsed } = await structured.invoke(QUESTION);
    expect(raw).toBeInstanceOf(AIMessage);
    expect(raw.response_metadata).toMatchObject({ finish_reason: "stop" });
    expect(Person.parse(parsed)).toEqual(parsed);
  },
  "gives the raw answer and null where the token limit cut the object": async ({ create }) => {
    const structured = create({ maxTokens: 3 }).withStructuredOutput(Person, { includeRaw: true });
    const { raw, parsed } = await structured.invoke(QUESTION);
    expect(raw.response_metadata).toMatchObject({ finish_reason: "length" });
    expect(parsed).toBeNull();
    await expect(create({ maxTokens: 3 }).withStructuredOutput(Person).invoke(QUESTION)).rejects.toThrow(/pars|JSON/i);
  },
  "streams a structured answer": async ({ create, toolTokens }) => {
    const values = [];
    const structured = create({ maxTokens: toolTokens }).withStructuredOutput(Person);
    for await (const value of await structured.stream(QUESTION)) values.push(value);
    expect(Person.parse(values.at(-1))).toEqual(values.at(-1));
  },
  "answers in the form of a schema by way of a tool": async ({ create, toolTokens }) => {
    const structured = create({ maxTokens: toolTokens }).withStructuredOutput(Person, { method: "functionCalling" });
    expect(Person.safeParse(await structured.invoke(QUESTION)).success).toBe(true);
  },
  "answers in JSON mode": async ({ create, toolTokens }) => {
    const structured = create({ maxTokens: toolTokens }).withStructuredOutput(Person, { method: "jsonMode" });
    expect(await structured.invoke(QUESTION)).toBeTypeOf("object");
  },
};
