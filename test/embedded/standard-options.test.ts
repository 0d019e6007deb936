import { InMemoryCache } from "@langchain/core/caches";
import { afterAll, describe, expect, it } from "vitest";
import { catalogEntry, weightsPath } from "../../src/models/llama/catalog.js";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { withEngine } from "../../src/models/llama/engine.js";
import { listModels } from "../../src/models/llama/library.js";
import { needs } from "../support/needs.js";

const model = "smollm2-135m-instruct";
const present = listModels().some((listed) => listed.name === model && listed.present);
const QUESTION = "Tell a story about a robot.";

afterAll(() => ChatLlama.dispose());

describe.runIf(needs(`the weights of ${model} (cope models pull ${model})`, present))("LangChain's options", () => {
  it("reach whoever traces: callbacks, tags and metadata of the model", async () => {
    const seen: unknown[] = [];
    const handleChatModelStart = (...given: unknown[]) => void seen.push(given[5], given[6]);
    const traced = { callbacks: [{ handleChatModelStart }], tags: ["a"], metadata: { b: 1 } };
    const chat = new ChatLlama({ model, maxTokens: 1, ...traced });
    await chat.invoke(QUESTION);
    for await (const _ of await chat.stream(QUESTION));
    expect(seen).toEqual([["a"], expect.objectContaining({ b: 1 }), ["a"], expect.objectContaining({ b: 1 })]);
  });

  it("tell each piece to callbacks where it streams by itself, and none where streaming is off", async () => {
    const pieces: string[] = [];
    const callbacks = [{ handleLLMNewToken: (piece: string) => void pieces.push(piece) }];
    const { text, usage_metadata } = await new ChatLlama({ model, maxTokens: 8, streaming: true, callbacks }).invoke(
      QUESTION,
    );
    expect(pieces.join("")).toBe(text);
    expect(pieces.length).toBeGreaterThan(3);
    expect(usage_metadata?.output_tokens).toBe(8);
    for (const off of [{ disableStreaming: true }, { streaming: false }]) {
      const chunks = [];
      for await (const chunk of await new ChatLlama({ model, maxTokens: 8, ...off }).stream(QUESTION))
        chunks.push(chunk);
      expect(chunks.map((chunk) => chunk.text)).toEqual([text]);
    }
  });

  it("let no more calls run at once than maxConcurrency, and none that was given up while it waited", async () => {
    const chat = new ChatLlama({ model, maxTokens: 6, maxConcurrency: 1 });
    const order: number[] = [];
    const read = async (reader: number, signal?: AbortSignal) => {
      for await (const _ of await chat.stream(QUESTION, { signal })) order.push(reader);
    };
    const stop = new AbortController();
    const givenUp = read(9, stop.signal).catch((error: unknown) => error);
    const reads = [1, 2, 3].map((reader) => read(reader));
    stop.abort();
    await Promise.all(reads);
    expect(await givenUp).toBeInstanceOf(Error);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order)).toEqual(new Set([1, 2, 3]));
  });

  it("answer an equal question from the cache though no seed is given, and draw anew for another seed", async () => {
    const store = new Map();
    const chat = new ChatLlama({ model, maxTokens: 6, temperature: 1, cache: new InMemoryCache(store) });
    const first = await chat.invoke(QUESTION);
    expect((await chat.invoke(QUESTION)).text).toBe(first.text);
    expect(store.size).toBe(1);
    for (const seed of [1, 2, 2]) await chat.invoke(QUESTION, { seed });
    expect(store.size).toBe(3);
  });
});

describe.runIf(present)("a stream whose reader leaves", () => {
  it("ends at once: little more is written than was read", async () => {
    const engine = { contextSize: 512, sequences: 1 };
    const chat = new ChatLlama({ model, maxTokens: 400, ...engine });
    for await (const chunk of await chat.stream(QUESTION)) if (chunk.text) break;
    const held = await withEngine(weightsPath(catalogEntry(model)), engine, async ({ pool }) => {
      const slot = await pool.acquire([]);
      pool.release(slot);
      return slot.sequence.nextTokenIndex;
    });
    expect(held).toBeLessThan((await chat.countPromptTokens([])) + 60);
  });
});
