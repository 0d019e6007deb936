import { InMemoryCache } from "@langchain/core/caches";
import { HumanMessage } from "@langchain/core/messages";
import { expect } from "vitest";
import type { Point } from "../chat-model-contract.js";

const QUESTION = "Tell a story about a robot that learns to bake bread.";

/** LangChain's answer cache. Greedy answers are alike anyway: only the cache's own entries tell a hit. */
export const caching: Record<string, Point> = {
  "takes an answer from the cache, also for messages with blocks": async ({ create }) => {
    const store = new Map();
    const model = create({ maxTokens: 4, cache: new InMemoryCache(store) });
    const blocks = new HumanMessage({ content: [{ type: "text", text: QUESTION }] });
    for (const input of [QUESTION, [blocks]]) {
      store.clear();
      const first = await model.invoke(input);
      expect(store.size).toBe(1);
      for (const [kept] of store.values()) {
        expect(kept.text).toBe(first.text);
        kept.message.content = "from the cache";
      }
      expect((await model.invoke(input)).text).toBe("from the cache");
    }
  },
  "asks again when an option of the call differs": async ({ create }) => {
    const store = new Map();
    const model = create({ maxTokens: 3, cache: new InMemoryCache(store) });
    await model.invoke(QUESTION);
    await model.invoke(QUESTION, { stop: ["the"] });
    await model.invoke(QUESTION, { stop: ["the"] });
    expect(store.size).toBe(2);
  },
  "asks again for another model or other options of the model": async ({ create }) => {
    const store = new Map();
    for (const maxTokens of [2, 3]) await create({ maxTokens, cache: new InMemoryCache(store) }).invoke(QUESTION);
    expect(store.size).toBe(2);
  },
  "streams where there is a cache, and streams again": async ({ create }) => {
    const model = create({ maxTokens: 6, cache: new InMemoryCache(new Map()) });
    const { text } = await model.invoke(QUESTION);
    for (let time = 0; time < 2; time += 1) {
      const pieces = [];
      for await (const chunk of await model.stream(QUESTION)) pieces.push(chunk.text);
      expect(pieces.join("")).toBe(text);
    }
  },
};
