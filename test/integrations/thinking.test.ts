import { createAgent } from "langchain";
import { AIMessage } from "@langchain/core/messages";
import { expect, it } from "vitest";
import { createCope } from "../../src/index.js";
import { CopeChatModel, copeMiddleware, createCopeAgent } from "../../src/integrations/index.js";
import { scriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import { adder, calls } from "./agents.js";

const LIMIT = 100;
const stages = [{ name: "large", execute: { by: "large", samples: 1, temperature: 0, maxTokens: LIMIT } }];
const SAID = "The sky is blue.";

/** A model whose name says that it thinks. */
const thinker = (reply = `<think>\nWhy?\n</think>\n${SAID}`) => scriptedModel(() => reply, { as: "test:qwen3-8b" });
const limitsOf = ({ asked }: ScriptedModel) => asked.map(({ options }) => options["maxTokens"]);

it.each([
  [{ thinking: { tokens: 700 } }, LIMIT + 700],
  [{ thinking: { tokens: 0 } }, LIMIT],
  [{}, LIMIT + 4096],
])(
  "CopeChatModel with %j gives a model that thinks a limit of %d, and says none of its thinking",
  async (room, limit) => {
    const large = thinker();
    const chat = new CopeChatModel({ family: "chat", large, stages, ...room });
    expect((await chat.invoke("Why?")).text).toBe(SAID);
    let streamed = "";
    for await (const { text } of await chat.stream("Why?")) streamed += text;
    expect(streamed).toBe(SAID);
    expect(limitsOf(large)).toEqual([limit, limit]);
  },
);

it("one call of CopeChatModel may have another room than the others", async () => {
  const large = thinker();
  const chat = new CopeChatModel({ family: "chat", large, stages, thinking: { tokens: 700 } });
  await chat.invoke("Why?", { cope: { thinking: { tokens: 900 } } });
  await chat.invoke("Why?");
  expect(limitsOf(large)).toEqual([LIMIT + 900, LIMIT + 700]);
});

it("a run's own options and its context change the room; the context wins", async () => {
  const large = thinker();
  const graph = createCope({ family: "chat", large, stages, thinking: { tokens: 700 } }).compile();
  const input = { question: "Why?" };
  await graph.invoke(input);
  await graph.invoke({ ...input, options: { thinking: { tokens: 800 } } });
  await graph.invoke(input, { context: { thinking: { tokens: 900 } } });
  await graph.invoke({ ...input, options: { thinking: { tokens: 800 } } }, { context: { thinking: { tokens: 900 } } });
  expect(limitsOf(large)).toEqual([700, 800, 900, 900].map((room) => LIMIT + room));
});

it.each([
  { thinking: { tokens: -1 } },
  { thinking: { tokens: "many" } },
  { thinking: { tokens: 1.5 } },
  { thinking: 5 },
])("%j is refused by every front, and named", async (options) => {
  const wrong = options as never;
  const graph = createCope({ family: "chat", large: thinker(), stages }).compile();
  expect(() => new CopeChatModel(wrong)).toThrow("thinking");
  expect(() => copeMiddleware(wrong)).toThrow("thinking");
  await expect(graph.invoke({ question: "q", options: wrong })).rejects.toThrow("thinking");
  await expect(graph.invoke({ question: "q" }, { context: wrong })).rejects.toThrow("thinking");
});

const FRONTS = {
  copeMiddleware: (model: ScriptedModel, tokens: number, tools: ReturnType<typeof adder>["add"][]) =>
    createAgent({ model, tools, middleware: [copeMiddleware({ stages: "small", thinking: { tokens } })] }),
  createCopeAgent: (small: ScriptedModel, tokens: number, tools: ReturnType<typeof adder>["add"][]) =>
    createCopeAgent({ small, tools, stages: "small", thinking: { tokens } }),
};

it.each(["copeMiddleware", "createCopeAgent"] as const)(
  "%s gives an agent's model its room at each step, and its messages hold no thinking",
  async (front) => {
    const limits = async (room: number) => {
      const { add, added } = adder();
      const model = scriptedModel(
        ({ messages }) =>
          messages.some(({ role }) => role === "tool") ? "<think>\nadd(9, 9)?\n</think>\nThe sum is 5." : calls(2, 3),
        { as: "test:qwen3-8b" },
      );
      const agent = FRONTS[front](model, room, [add]);
      const { messages } = await agent.invoke({ messages: [{ role: "user", content: "What is 2 + 3?" }] });
      expect(added).toEqual([{ a: 2, b: 3 }]);
      expect((messages.at(-1) as AIMessage).text).toBe("The sum is 5.");
      return limitsOf(model).map(Number);
    };
    const without = await limits(0);
    expect(without.length).toBeGreaterThan(1);
    expect(await limits(700)).toEqual(without.map((limit) => limit + 700));
  },
);
