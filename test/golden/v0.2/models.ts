import { createHash } from "node:crypto";
import { scriptedModel, type FullReply, type ScriptedModel } from "../../../src/testing/index.js";
import { LARGE, purposeOf, SMALL } from "../../support/cascade-server.js";
import type { ChatRequest, ServerReply } from "../../support/openai-server.js";

/** The questions that the saved threads were asked. */
export const QUESTIONS = { easy: "Easy: how many ways are there?", hard: "In how many ways can it be done?" } as const;

/** A fraction in [0, 1) of a text: chance that repeats. */
function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * What the local server answers, by model, seed and question alone, so that a prompt in other words gets the same answer. On
 * the hard question no two small samples agree.
 */
export function served(request: ChatRequest): ServerReply {
  const { model, seed = 0, messages } = request;
  const usage = { prompt_tokens: 40, completion_tokens: 12 };
  const purpose = purposeOf(request);
  if (purpose === "goal") return { text: `Find the number of case ${seed % 7}.`, usage };
  if (purpose === "guideline") return { text: "Count with care.", usage };
  const question = messages.at(-1)!.content;
  const number = Number(/number (\d+)/.exec(question)?.[1]);
  if (Number.isInteger(number)) return { text: boxed(fallible(model === LARGE ? 0.8 : 0.6, number, seed)), usage };
  if (question.includes("Easy")) return { text: boxed(42), usage };
  return { text: boxed(model === LARGE ? 4711 : 1000 + (seed % 100_003)), usage };
}

const boxed = (value: number) => `Counting gives it. The final answer is $\\boxed{${value}}$.`;

const fallible = (right: number, number: number, seed: number) =>
  fraction(`${number}/${seed}`) < right ? number : number + 1 + (seed % 3);

/** Rows of `numbers.jsonl`, whose answers stand in their questions. */
export const numbers = Array.from({ length: 12 }, (_, i) => ({
  id: `p${i}`,
  question: `Which is the number ${10 + i}?`,
  answer: String(10 + i),
  level: String(1 + (i % 3)),
}));

/** The pair that the server poses as, as flags. */
export const PAIR = ["--small", `openai:${SMALL}`, "--large", `openai:${LARGE}`];

/** A pair that answers by the sample's seed and the last message. */
export function pair(reply: (asked: { user: string; seed: number; isLarge: boolean }) => string | FullReply) {
  const one = (name: string): ScriptedModel =>
    scriptedModel(
      ({ purpose, user, seed }) =>
        purpose === "goal" || purpose === "guideline"
          ? "Look closely."
          : reply({ user, seed, isLarge: name === LARGE }),
      { as: `test:${name}` },
    );
  return { small: one(SMALL), large: one(LARGE) };
}

/** On the hard question no two small samples agree. */
export const scattering = () => pair(({ seed, isLarge }) => boxed(isLarge ? 4711 : 1000 + (seed % 100_003)));

/** Answers multiple choice: the large model is right more often. */
export const choosing = () =>
  pair(({ user, seed, isLarge }) => {
    const kind = /fine|good|bright/.test(user);
    return fraction(`${user.slice(0, 60)}/${seed}`) < (isLarge ? 0.9 : 0.6) === kind ? "yes" : "no";
  });

/** Writes programs: the large model's are right, the small one's now and then. */
export const coding = () =>
  pair(({ user, seed, isLarge }) => {
    const by = Number(/adds (\d+)/.exec(user)![1]);
    const off = isLarge || fraction(`${by}/${seed}`) < 0.4 ? 0 : 1;
    return `\`\`\`python\ndef add(x):\n    return x + ${by + off}\n\`\`\``;
  });

/** Calls the tool that it is offered. */
export const calling = () =>
  pair(() => ({ text: "", toolCalls: [{ name: "look_up", args: { word: "tree" } }], finish: "tool_calls" }));

/** The tool that is offered. */
export const TOOLS = [
  {
    name: "look_up",
    description: "Looks a word up.",
    schema: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
  },
];

/** Runs that the tape holds, by name: plain calls, and calls of a tool. */
export const TAPED = [
  {
    name: "plain calls",
    input: { question: "Which is the number 12?" },
    family: "math",
    models: () => pair(() => boxed(12)),
  },
  {
    name: "calls of a tool",
    input: { question: "What is a tree?", given: { tools: TOOLS } },
    family: "action",
    models: calling,
  },
] as const;
