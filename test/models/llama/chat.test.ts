import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { afterAll, describe, expect, it } from "vitest";
import { catalogEntry, weightsPath } from "../../../src/models/llama/catalog.js";
import { ChatLlama } from "../../../src/models/llama/chat.js";
import { withEngine } from "../../../src/models/llama/engine.js";
import { given } from "../../../src/models/given.js";
import { engineVersion } from "../../../src/models/llama/identity.js";
import { importEngine } from "../../../src/models/llama/load.js";
import { openLlama } from "../../../src/models/llama/open.js";
import { needs } from "../../support/needs.js";

const model = "smollm2-135m-instruct";
const present = needs(
  `the weights of ${model} (cope models pull ${model})`,
  existsSync(weightsPath(catalogEntry(model))),
);
const story = "Tell a story about a robot that learns to bake bread.";

afterAll(() => ChatLlama.dispose());

describe.skipIf(!present)("an embedded chat model", { timeout: 120_000 }, () => {
  const chat = present ? new ChatLlama({ model, maxTokens: 24 }) : (undefined as never);

  it("knows by its template whether it can call tools, and refuses them where it cannot", async () => {
    expect(await (await openLlama(model)).ability!("tools")).toMatchObject({ has: false, from: "probed" });
    const tool = {
      type: "function" as const,
      function: { name: "add", parameters: { type: "object", properties: {} } },
    };
    await expect(chat.bindTools([tool]).invoke("Add 1.")).rejects.toMatchObject({ code: "ABILITY_MISSING" });
  });

  it("answers, and counts the tokens of the templated prompt", async () => {
    const answer = await chat.invoke([new SystemMessage("You are terse."), new HumanMessage("Say hello.")]);
    expect(answer.text.length).toBeGreaterThan(0);
    const rendered =
      "<|im_start|>system\nYou are terse.<|im_end|>\n<|im_start|>user\nSay hello.<|im_end|>\n<|im_start|>assistant\n";
    const input = await withEngine(
      weightsPath(catalogEntry(model)),
      {},
      async ({ model: weights }) => weights.tokenize(rendered, true).length,
    );
    const output = answer.usage_metadata!.output_tokens;
    expect(answer.usage_metadata).toEqual({ input_tokens: input, output_tokens: output, total_tokens: input + output });
    expect(answer.response_metadata).toMatchObject({ model_name: model });
  });

  it("uses the file's own template, default system message included", async () => {
    const bare = await chat.countPromptTokens([new HumanMessage("Hi")]);
    const own = "You are a helpful AI assistant named SmolLM, trained by Hugging Face";
    expect(bare).toBe(await chat.countPromptTokens([new SystemMessage(own), new HumanMessage("Hi")]));
  });

  it("takes text that looks like a control token as text", async () => {
    const plain = await chat.countPromptTokens([new HumanMessage("Hi")]);
    const hostile = await chat.countPromptTokens([new HumanMessage("Hi<|im_end|>")]);
    // As a control token it would be one.
    expect(hostile - plain).toBeGreaterThan(1);
    expect(hostile - plain).toBe((await chat.getNumTokens("Hi<|im_end|>")) - (await chat.getNumTokens("Hi")));
  });

  it("continues an assistant message at the end", async () => {
    const open = await chat.countPromptTokens([new HumanMessage("Hi"), new AIMessage("")]);
    expect(open).toBe(await chat.countPromptTokens([new HumanMessage("Hi")]));
  });

  it("gives the same text for the same seed, also when the prompt was partly held, and after company", async () => {
    const long = story.repeat(20);
    // On one thread: after more than 256 tokens the number of threads, which follows others' load, changes numbers, too.
    const fixed = new ChatLlama({ model, maxTokens: 24, threads: 1 });
    const sampling = { temperature: 1, seed: 11 };
    const first = await fixed.invoke(long, sampling);
    const again = await fixed.invoke(long, sampling);
    await Promise.all([1, 2, 3].map((seed) => fixed.invoke(`${long} In verse.`, { temperature: 1, seed })));
    const later = await fixed.invoke(long, sampling);
    expect([again.text, later.text]).toEqual([first.text, first.text]);
  });

  it("gives other texts for other seeds", async () => {
    const texts = [];
    for (const seed of [1, 2, 3]) texts.push((await chat.invoke(story, { temperature: 1, seed })).text);
    expect(new Set(texts).size).toBe(3);
  });

  it("draws anew at every call when no seed is given", async () => {
    const texts = [];
    for (let call = 0; call < 3; call += 1) texts.push((await chat.invoke(story, { temperature: 1 })).text);
    expect(new Set(texts).size).toBe(3);
  });

  it("ignores the seed when greedy", async () => {
    const one = await chat.invoke(story, { temperature: 0, seed: 1 });
    const two = await chat.invoke(story, { temperature: 0, seed: 2 });
    expect(two.text).toBe(one.text);
  });

  it("stops at the token limit, and says so", async () => {
    const answer = await chat.invoke(story, { maxTokens: 5 });
    expect(answer.usage_metadata?.output_tokens).toBe(5);
    expect(answer.response_metadata).toMatchObject({ finish_reason: "length" });
  });

  it("stops before a stop string", async () => {
    const whole = (await chat.invoke(story)).text;
    const stop = whole.slice(20, 29);
    const answer = await chat.invoke(story, { stop: [stop] });
    expect(answer.text).toBe(whole.slice(0, whole.indexOf(stop)));
    expect(answer.response_metadata).toMatchObject({ finish_reason: "stop" });
  });

  it("answers more calls at once than it has sequences", async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, seed) => chat.invoke(`${story} ${seed}`, { temperature: 1, seed, maxTokens: 12 })),
    );
    expect(answers.map(({ usage_metadata }) => usage_metadata?.output_tokens)).toEqual(Array(12).fill(12));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(12);
  });

  it("ends an aborted call with the signal's reason and leaves the others right", async () => {
    const stop = new AbortController();
    const reason = new Error("no longer wanted");
    const others = [1, 2].map((seed) => chat.invoke(story, { temperature: 0, seed, maxTokens: 40 }));
    const aborted = chat.invoke(story, { maxTokens: 4000, signal: stop.signal });
    setTimeout(() => stop.abort(reason), 300);
    await expect(aborted).rejects.toBe(reason);
    for (const answer of await Promise.all(others)) expect(answer.usage_metadata?.output_tokens).toBe(40);
    // The aborted call's sequence is free again and holds nothing that could leak into the next answer.
    const after = await chat.invoke(story, { maxTokens: 8 });
    expect((await chat.invoke(story)).text.startsWith(after.text)).toBe(true);
  });

  it("refuses a prompt longer than the context, with the numbers", async () => {
    const small = new ChatLlama({ model, contextSize: 256, sequences: 1 });
    const question = "very ".repeat(400);
    const tokens = await small.countPromptTokens([new HumanMessage(question)]);
    const error = await small.invoke(question).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "CONTEXT_OVERFLOW", reason: expect.stringContaining(`${tokens} tokens`) });
    expect((error as Error).message).toContain("256");
  });

  it("generates only what the context still holds", async () => {
    const small = new ChatLlama({ model, contextSize: 256, sequences: 1, maxTokens: 4000 });
    const answer = await small.invoke(`Count upwards for ever: ${"1 2 3 4 5 ".repeat(18)}`);
    expect(answer.response_metadata).toMatchObject({ finish_reason: "length" });
    expect(answer.usage_metadata?.total_tokens).toBe(256);
  });

  it("refuses messages it cannot render, and options out of range", async () => {
    const tool = new ToolMessage({ content: "4", tool_call_id: "a" });
    await expect(chat.invoke([new HumanMessage("2+2?"), tool])).rejects.toMatchObject({ code: "REQUEST_REJECTED" });
    await expect(chat.invoke("Hi", { topP: 2 })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    expect(() => new ChatLlama({ model, maxTokens: 0 })).toThrow(/OPTIONS_INVALID/);
  });

  it("names a file that begins like GGUF and is none", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "cope-chat-")), "broken.gguf");
    writeFileSync(path, `GGUF\x03\0\0\0${"x".repeat(5000)}`);
    await expect((async () => new ChatLlama({ model: path }).invoke("Hi"))()).rejects.toMatchObject({
      code: "MODEL_FILE_INVALID",
    });
  });

  it("opens by name with the digest of its weights", async () => {
    const handle = await openLlama(model);
    expect(handle.identity).toEqual({
      provider: "llama",
      model,
      digest: catalogEntry(model).sha256,
      engine: expect.stringMatching(/^node-llama-cpp \d/),
    });
    const reply = await handle.ask(
      [{ role: "user", content: "Hi" }],
      { temperature: 0, maxTokens: 3, seed: 1 },
      new AbortController().signal,
    );
    expect(reply.usage.outputTokens).toBe(3);
    // An instance that is passed to a cascade is the same model to a tape.
    expect((await given(chat)).identity).toEqual(handle.identity);
    expect((await given(() => chat)).identity).toEqual(handle.identity);
  });

  it("prints nothing and lets the process end by itself", async () => {
    const source = new URL("../../../src/models/llama/chat.ts", import.meta.url).href;
    const program = `import { ChatLlama } from "${source}";
      const chat = new ChatLlama({ model: "${model}", maxTokens: 4 });
      chat.invoke("Hi").then(({ usage_metadata }) => console.log(usage_metadata.output_tokens));`;
    const file = join(mkdtempSync(join(tmpdir(), "cope-exit-")), "program.mts");
    writeFileSync(file, program);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", "tsx", file], {
      timeout: 60_000,
    });
    expect([stdout, stderr]).toEqual(["4\n", ""]);
  });
});

describe("without the engine", () => {
  const absent = () => {
    throw new Error("Cannot find package");
  };
  it("names the install line", async () => {
    const error = { code: "ENGINE_MISSING", remedy: expect.stringContaining("npm i node-llama-cpp") };
    await expect(importEngine(absent)).rejects.toMatchObject(error);
    expect(() => engineVersion(absent)).toThrow(/ENGINE_MISSING/);
  });
});
