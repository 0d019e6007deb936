import { families, type AnyFamily, type Json } from "./seams.js";

const HISTORY = [
  { role: "system", content: "Answer in one line." },
  { role: "user", content: "How many days has a week?" },
  { role: "assistant", content: "Seven." },
];

const TOOLS = [
  {
    name: "add",
    description: "Adds two numbers.",
    schema: {
      type: "object",
      properties: { a: { type: "number" }, b: { type: "number" } },
      required: ["a", "b"],
    },
  },
  { name: "now", schema: { type: "object", properties: {} } },
];

const CALLED = [
  { role: "user", content: "Add 2 and 3." },
  { role: "assistant", content: "", toolCalls: [{ id: "call_0", name: "add", args: { a: 2, b: 3 } }] },
  { role: "tool", content: "5", toolCallId: "call_0", name: "add" },
];

const WEEK = "How many hours has a week of seven days?";
const HALVES = "Write a function that gives back the half of every even number in a list.";

/** One task for each form that a family's prompts have: `family` or `family, form`. */
const TASKS: Readonly<Record<string, unknown>> = {
  math: { question: WEEK },
  "math, history": { question: WEEK, history: HISTORY },
  "math:program": { question: WEEK },
  "math:program, history": { question: WEEK, history: HISTORY },
  code: { question: HALVES, tests: ["assert halves([4, 3]) == [2]"] },
  "code, no tests": { question: HALVES },
  "code, head": { question: 'def halves(xs):\n    """The half of every even number."""\n', entryPoint: "halves" },
  "code, javascript": { question: HALVES, language: "javascript", tests: ["assert.deepEqual(halves([4, 3]), [2])"] },
  "code, history": { question: HALVES, history: HISTORY },
  "code:agreement": { question: HALVES, entryPoint: "halves" },
  chat: { question: "Name two uses of salt." },
  "chat, history": { question: "Name two uses of salt.", history: HISTORY },
  "choice, labels": { question: "Is the review kind? It is a fine lamp.", choices: ["yes", "no", "unsure"] },
  "choice, letters": { question: "Which is a fruit?", choices: { A: "a pear", B: "a stone" } },
  "choice, in the question": { question: "Which is a fruit?\nA) a pear\nB) a stone" },
  "choice, schema": {
    question: "Extract: Ada, 36 years.",
    schema: {
      type: "object",
      properties: { name: { type: "string" }, age: { type: "integer" } },
      required: ["name", "age"],
    },
  },
  "choice, history": { question: "Is it kind?", choices: ["yes", "no"], history: HISTORY },
  "choice:fields": {
    question: "Extract: Ada, 36 years.",
    schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  },
  "action, tools": { question: "Add 2 and 3.", tools: TOOLS, system: "You are a clerk." },
  "action, a result": { question: "Add 2 and 3.", history: CALLED, tools: TOOLS },
  "action, answer": { question: "Add 2 and 3.", history: CALLED, tools: TOOLS, mustAnswer: true },
  "action, advice": { question: "Add 2 and 3.", tools: TOOLS, advice: "Add before you answer." },
  "action, commands": { question: "You stand in a hall.", actions: ["go north", "take lamp"] },
  "action, answers": { question: "Add 2 and 3.", tools: TOOLS, answers: "numbers" },
};

/** Every task as its family parses it; `isFirst`: of its family. */
export function parsedTasks(): { name: string; family: AnyFamily; task: Json; isFirst: boolean }[] {
  const known = new Set<string>();
  return Object.entries(TASKS).map(([name, task]) => {
    const [of = ""] = name.split(",");
    const isFirst = !known.has(of);
    known.add(of);
    const family = families[of]!();
    return { name, family, task: family.task.parse(task) as Json, isFirst };
  });
}
