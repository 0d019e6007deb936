import { describe, expect, it } from "vitest";
import { createAction } from "../../src/families/action/index.js";
import { createChat } from "../../src/families/chat/index.js";
import { createChoice } from "../../src/families/choice/index.js";
import { createCode } from "../../src/families/code/index.js";
import { isCut } from "../../src/families/cut.js";
import { createMath } from "../../src/families/math/index.js";
import type { AnyFamily, ReadReply } from "../../src/families/types.js";
import { fakeRunner } from "./code/fake-runner.js";

const CUT: ReadReply = { finish: "length" };

/** What a family reads from a text that its model ended, and from the same text where the token limit did. */
async function readBoth(family: AnyFamily, text: string, task: object) {
  const read = async (reply: ReadReply) => (await family.read(text, family.task.parse(task), undefined, reply))?.value;
  return { ended: await read({ finish: "stop" }), cut: await read(CUT) };
}

it.each(["length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_length"])(
  "%s says that the limit ended a text",
  (finish) => expect(isCut({ finish })).toBe(true),
);

it.each(["stop", "tool_calls", "end_turn", "eos", "content_filter", undefined])(
  "%s does not say that the limit ended a text",
  (finish) => expect(isCut({ finish })).toBe(false),
);

describe("mathematics that the token limit cut", () => {
  const math = createMath();
  it.each<[text: string, ended: string | undefined, cut: string | undefined]>([
    ["First 12 * 3 = 36 eggs. Then she sells 7, so", "7", undefined],
    ["We get 4 + 5 = 9. Next, 9 * 2", "2", undefined],
    ["He has 18", "18", undefined],
    ["The total of Step 2 is $\\frac{3}{4}$ and so the rest", "\\frac{3}{4}", undefined],
    ["**Step 1**: add 5 and 6\n\n**Step 2: 11", "11", undefined],
    ["so the area is \\boxed{12", undefined, undefined],
    ["so \\boxed{12} is the area. Let me check whether", "12", "12"],
    ["The answer is 42. To verify it, we", "42", "42"],
    ["The answer is 42.", "42", "42"],
    ["#### 18\n\nQuestion", "18", "18"],
    ["The answer is 1", "1", undefined],
    ["The answer is 3/4", "3/4", undefined],
    ["The answer is $\\frac{1}{2}$", "\\frac{1}{2}", "\\frac{1}{2}"],
    ["The final answer is: Par", "Par", undefined],
  ])("%j", async (text, ended, cut) => {
    expect(await readBoth(math, text, { question: "q" })).toEqual({ ended, cut });
  });

  it("says why nothing was read", async () => {
    expect(await math.read("Then 3 + 4 = 7 and", { question: "q" }, undefined, CUT)).toEqual({
      why: "its token limit cut it before it stated an answer",
    });
  });
});

describe("a program for mathematics that the token limit cut", () => {
  const ran: string[] = [];
  const run = ({ code }: { code: string }) => {
    ran.push(code);
    return Promise.resolve({ status: "ok", stdout: "7\n", stderr: "" });
  };
  const math = createMath({ reasoning: "program", run });
  it.each<[text: string, cut: string | undefined]>([
    ["```python\nx = 3\nprint(x)\n```\nIt prints", "7"],
    ["```python\nx = 3\nprint(x", undefined],
    ["```python\nx = 3\nprint(x)\ny = x + 1", undefined],
    ["x = 3\nprint(x)\ny =", undefined],
    ["The answer is 5. In Python:\n```python\nx = 3", "5"],
  ])("%j", async (text, cut) => {
    expect((await readBoth(math, text, { question: "q" })).cut).toBe(cut);
  });
});

describe("a program that the token limit cut", () => {
  const task = { question: "Write double(n).", entryPoint: "double", tests: ["needs double"] };
  const family = createCode({ runner: fakeRunner() });
  const whole = "def double(n):\n    return 2 * n";
  it.each<[name: string, text: string, cut: string | undefined]>([
    ["keeps a block that is closed", `\`\`\`python\n${whole}\n\`\`\`\nThis works beca`, whole],
    ["keeps the functions before the one it broke off", `\`\`\`python\n${whole}\n\ndef other(n):\n    ret`, whole],
    ["is none where it broke off the function", `\`\`\`python\n${whole}`, undefined],
    ["is none without a block", whole, undefined],
    [
      "keeps the closed block, not a second begun",
      `\`\`\`python\n${whole}\n\`\`\`\nOr:\n\`\`\`python\ndef double(n):\n    r`,
      whole,
    ],
  ])("%s", async (_, text, cut) => {
    expect((await readBoth(family, text, task)).cut).toBe(cut);
  });
});

describe("a choice that the token limit cut", () => {
  const task = { question: "Praise or blame?", choices: ["praise", "blame", "blameless"] };
  it.each<[text: string, ended: string | undefined, cut: string | undefined]>([
    ["The tone is warm, which means that it is praise", "praise", undefined],
    ["Answer: praise\nBecause the", "praise", "praise"],
    ["The answer is praise. It", "praise", "praise"],
    ["Answer: blame", "blame", undefined],
    ["blame", "blame", undefined],
    ["The options are praise or", undefined, undefined],
  ])("%j", async (text, ended, cut) => {
    expect(await readBoth(createChoice(), text, task)).toEqual({ ended, cut });
  });

  const schema = { type: "object", properties: { year: { type: "number" } }, required: ["year"] };
  it.each<[text: string, cut: unknown]>([
    ['{"year": 1999}\nExplanation: the', { year: 1999 }],
    ['{"year": 19', undefined],
  ])("as data: %j", async (text, cut) => {
    expect((await readBoth(createChoice(), text, { question: "When?", schema })).cut).toEqual(cut);
  });
});

describe("an action that the token limit cut", () => {
  const tools = [{ name: "pay", schema: { type: "object", properties: { amount: { type: "number" } } } }];
  const action = createAction();
  const calling = { question: "Pay 1000.", tools };

  it("is none where a call may be half of what was meant", async () => {
    const toolCalls = [{ id: "1", name: "pay", args: { amount: 10 } }];
    const read = (finish: string) => action.read("", action.task.parse(calling), undefined, { toolCalls, finish });
    expect(await read("tool_calls")).toMatchObject({ value: { calls: [{ name: "pay", args: { amount: 10 } }] } });
    expect(await read("length")).toEqual({ why: "its token limit cut it at a call" });
  });

  it("answers only where no sample of the run has a whole answer", async () => {
    expect(await action.read("You should first look", action.task.parse(calling), undefined, CUT)).toEqual({
      why: "its token limit cut its answer",
      doubtful: { answer: "You should first look" },
    });
  });

  it.each<[text: string, cut: unknown]>([
    ["Action: take mug 1\nThought: then", { command: "take mug 1" }],
    ["Thought: the mug.\nAction: take mug 1", undefined],
  ])("%j", async (text, cut) => {
    const task = { question: "You see mugs.", actions: ["take mug 1", "take mug 10"] };
    expect((await readBoth(action, text, task)).cut).toEqual(cut);
  });
});

it("keeps a conversation's text that the token limit cut", async () => {
  const both = await readBoth(createChat(), "The sea is blue because", { question: "Why?" });
  expect(both).toEqual({ ended: "The sea is blue because", cut: "The sea is blue because" });
});
