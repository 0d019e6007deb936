import { existsSync, statSync } from "node:fs";
import { HumanMessage } from "@langchain/core/messages";
import { afterEach, describe, expect, it } from "vitest";
import { catalogEntry, weightsPath } from "../../src/models/llama/catalog.js";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { withEngine, type Engine } from "../../src/models/llama/engine.js";
import { needs } from "../support/needs.js";

const model = "smollm2-135m-instruct";
const path = weightsPath(catalogEntry(model));
const present = needs(`the weights of ${model} (cope models pull ${model})`, existsSync(path));
const beginning = "A baker makes 24 loaves on Monday and twice as many on Tuesday. ".repeat(12);

/** Prompt tokens that the engine has evaluated so far, over all sequences. */
const evaluated = ({ pool }: Engine) =>
  pool.slots.reduce((sum, { sequence }) => sum + sequence.tokenMeter.usedInputTokens, 0);

const meter = (options: { sequences: number }) => withEngine(path, options, async (engine) => evaluated(engine));

afterEach(() => ChatLlama.dispose());

describe.skipIf(!present)("a beginning that calls share", { timeout: 120_000 }, () => {
  it("is evaluated once for eight samples of one prompt", async () => {
    const chat = new ChatLlama({ model, sequences: 8, maxTokens: 4, temperature: 0.8 });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, seed) => chat.invoke(beginning, { seed })));
    const prompt = answers[0]!.usage_metadata!.input_tokens;
    expect(prompt).toBeGreaterThan(200);
    expect(await meter({ sequences: 8 })).toBeLessThan(prompt + 40);
  });

  it("is evaluated once for eight prompts that differ only at the end", async () => {
    const chat = new ChatLlama({ model, sequences: 8, maxTokens: 4 });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => chat.invoke(`${beginning} Question ${n}: how many?`)),
    );
    const prompt = answers[0]!.usage_metadata!.input_tokens;
    // Each evaluates its own end: less than two chunks.
    expect(await meter({ sequences: 8 })).toBeLessThan(prompt + 8 * 64);
  });

  it("leaves the very numbers that evaluating it would have left", async () => {
    const messages = [new HumanMessage(`${beginning} How many in all?`)];
    const text = "She makes 72 loaves in all.";
    const alone = await new ChatLlama({ model, sequences: 1 }).score(text, { messages });
    await ChatLlama.dispose();
    const chat = new ChatLlama({ model, sequences: 4, maxTokens: 24, temperature: 0.8 });
    const [, ...scored] = await Promise.all([
      chat.invoke(messages, { seed: 1 }),
      chat.score(text, { messages }),
      chat.score(text, { messages }),
    ]);
    for (const { tokens } of scored) {
      expect(tokens.map(({ token }) => token)).toEqual(alone.tokens.map(({ token }) => token));
      tokens.forEach(({ logprob }, index) => expect(logprob).toBeCloseTo(alone.tokens[index]!.logprob!, 5));
    }
  });

  it("is not lost when the call that evaluates it is aborted", async () => {
    const chat = new ChatLlama({ model, sequences: 4, maxTokens: 6 });
    const abort = new AbortController();
    const first = chat.invoke(`${beginning} Say one.`, { signal: abort.signal });
    const others = [1, 2, 3].map(() => chat.invoke(`${beginning} Say one.`));
    setTimeout(() => abort.abort(new Error("enough")), 30);
    await expect(first).rejects.toThrow(/enough|abort/i);
    const texts = (await Promise.all(others)).map(({ text }) => text);
    expect(texts[0]!.length).toBeGreaterThan(0);
  });

  it("is kept from the text that is continued", async () => {
    const chat = new ChatLlama({ model, sequences: 2, maxTokens: 20 });
    const messages = [new HumanMessage("Count slowly from one to twenty in words.")];
    const { text } = await chat.invoke(messages);
    const before = await meter({ sequences: 2 });
    const more = await chat.continue(messages, text, { maxTokens: 5 });
    expect(more.text.length).toBeGreaterThan(0);
    // The prompt and the twenty tokens are there already.
    expect((await meter({ sequences: 2 })) - before).toBeLessThan(12);
  });

  it("is read again by a deterministic model, whose answer must not depend on what was asked before", async () => {
    const messages = [new HumanMessage("Count slowly from one to twenty in words.")];
    const ask = new ChatLlama({ model, deterministic: true, maxTokens: 20, temperature: 0.8, seed: 3 });
    const { text } = await ask.invoke(messages);
    const held = await ask.continue(messages, text, { maxTokens: 8 });
    await ChatLlama.dispose();
    expect((await ask.continue(messages, text, { maxTokens: 8 })).text).toBe(held.text);
  });
});

describe.skipIf(!present)("an engine", { timeout: 120_000 }, () => {
  it("is freed when nobody has used it for a while, and loads again when asked", async () => {
    const chat = new ChatLlama({ model, sequences: 1, idleMs: 100, maxTokens: 3 });
    await chat.invoke("Hi");
    const weights = await withEngine(path, { sequences: 1, idleMs: 100 }, async (engine) => engine.model);
    await expect.poll(() => weights.disposed, { timeout: 10_000 }).toBe(true);
    expect((await chat.invoke("Hi")).text.length).toBeGreaterThan(0);
  });

  it("ends calls that run when all is disposed, and leaves those alone that load anew", async () => {
    const options = { sequences: 1, contextSize: 512, idleMs: 50 };
    const chat = new ChatLlama({ model, ...options, maxTokens: 400 });
    // A grammar that never lets the text end: what a model of this size says to a question is nobody's promise.
    const endless = { grammar: "root ::= [0-9 ] root" };
    const running = chat.invoke("Count upwards, for ever.", endless).catch((error: unknown) => error);
    await withEngine(path, options, () => new Promise((go) => setTimeout(go, 200)));
    await ChatLlama.dispose();
    await withEngine(path, options, async (anew) => {
      expect(await running).toBeInstanceOf(Error);
      await new Promise((go) => setTimeout(go, 200));
      expect(await withEngine(path, options, async (same) => same)).toBe(anew);
      expect(anew.model.disposed).toBe(false);
    });
  });

  it("refuses further calls with a code when its queue is full, and answers those it took", async () => {
    const chat = new ChatLlama({ model, sequences: 1, maxQueue: 2, maxTokens: 3 });
    const settled = await Promise.allSettled(Array.from({ length: 5 }, () => chat.invoke("Hi")));
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    const refused = settled.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    expect(refused.map(({ code }) => code)).toEqual(["RATE_LIMITED", "RATE_LIMITED"]);
  });

  it("refuses a context that the machine cannot hold, with the numbers, before loading", async () => {
    const chat = new ChatLlama({ model, contextSize: 8192, sequences: 256, maxTokens: 3 });
    const available = process.availableMemory;
    process.availableMemory = () => 500e6;
    try {
      await expect(chat.invoke("Hi")).rejects.toMatchObject({
        code: "OPTIONS_INVALID",
        message: expect.stringMatching(/\d+ MB of weights and \d+ MB of context, 500 MB are free/),
      });
    } finally {
      process.availableMemory = available;
    }
  });

  it("counts weights that are loaded already once", async () => {
    await new ChatLlama({ model, sequences: 1, contextSize: 512, maxTokens: 1 }).invoke("Hi");
    const { availableMemory, constrainedMemory } = process;
    // In a container, what is free does not include weights in use.
    process.constrainedMemory = () => 3 * statSync(path).size;
    process.availableMemory = () => 1.5 * statSync(path).size;
    try {
      const second = new ChatLlama({ model, sequences: 1, contextSize: 256, maxTokens: 1 });
      expect((await second.invoke("Hi")).usage_metadata?.output_tokens).toBe(1);
      await ChatLlama.dispose();
      await expect(second.invoke("Hi")).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    } finally {
      Object.assign(process, { availableMemory, constrainedMemory });
    }
  });

  it("gives a seed the same text whatever else runs when deterministic", async () => {
    const chat = new ChatLlama({ model, deterministic: true, temperature: 1, maxTokens: 12 });
    const ask = () => chat.invoke("Tell me of the sea.", { seed: 5 });
    const alone = (await ask()).text;
    const company = [1, 2, 3].map((seed) => chat.invoke("Name a colour.", { seed }));
    expect((await ask()).text).toBe(alone);
    await Promise.all(company);
  });
});
