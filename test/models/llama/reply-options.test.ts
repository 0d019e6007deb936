import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { ChatLlama } from "../../../src/models/llama/chat.js";
import { cacheKey, replyOptions } from "../../../src/models/llama/reply-options.js";

const folder = mkdtempSync(join(tmpdir(), "cope-key-"));
const path = join(folder, "weights.gguf");
writeFileSync(path, "one");
afterAll(() => rmSync(folder, { recursive: true }));

const own = { model: "m", maxTokens: 8 };
const key = (options: object = {}, more: object = {}) => cacheKey(path, { ...own, ...more }, options, "v0");

const takes = (schema: z.ZodObject) => tool(() => "", { name: "t", description: "A tool.", schema });

describe("what a cache tells calls by", () => {
  it.each([
    ["temperature", { temperature: 1 }],
    ["topP", { topP: 0.5 }],
    ["maxTokens", { maxTokens: 9 }],
    ["stops", { stop: ["a"] }],
    ["seed", { seed: 1 }],
    ["log-probabilities", { logprobs: true }],
    ["alternatives", { topLogprobs: 2 }],
    ["grammar", { grammar: 'root ::= "a"' }],
    ["schema", { jsonSchema: { type: "object" } }],
    ["tools", { tools: [takes(z.object({ a: z.number() }))] }],
  ])("differs by a call's %s", (_, options) => {
    expect(key(options)).not.toBe(key());
  });

  it("differs by the schema of tools of one name, and by which of them must be called", () => {
    const [one, other] = [takes(z.object({ a: z.number() })), takes(z.object({ b: z.string() }))];
    expect(key({ tools: [one] })).not.toBe(key({ tools: [other] }));
    expect(key({ tools: [one], tool_choice: "any" })).not.toBe(key({ tools: [one] }));
  });

  it.each([
    ["temperature", { temperature: 1 }],
    ["seed", { seed: 1 }],
    ["stops", { stop: ["a"] }],
    ["context", { contextSize: 64 }],
    ["determinism", { deterministic: true }],
    ["name", { model: "other" }],
  ])("differs by the model's own %s", (_, more) => {
    expect(key({}, more)).not.toBe(key());
  });

  it("differs by the form of messages, and by the file that holds the weights", () => {
    const before = key();
    expect(cacheKey(path, own, {}, "v1")).not.toBe(before);
    writeFileSync(path, "another");
    expect(key()).not.toBe(before);
    expect(cacheKey(`${path}.other`, own, {}, "v0")).not.toBe(before);
  });

  it("is one for calls that differ in nothing a reply depends on", () => {
    const aside = { signal: new AbortController().signal, tags: ["a"], metadata: { b: 1 }, runName: "c", timeout: 9 };
    expect(key({ ...aside, maxTokens: 8 })).toBe(key());
    expect(key({}, { idleMs: 5, maxQueue: 3, sequences: 2 })).toBe(key());
  });
});

describe("the options of a reply", () => {
  it("are the call's, then the model's, then defaults", () => {
    const made = replyOptions({ ...own, temperature: 0.3, topP: 0.8 }, { temperature: 0.6 }, 7);
    expect(made).toMatchObject({ temperature: 0.6, topP: 0.8, maxTokens: 8, seed: 7 });
    expect(replyOptions({ model: "m" }, {}, 0)).toMatchObject({ temperature: 0, topP: 0.95, maxTokens: 1024 });
  });

  it.each([{ topP: 2 }, { maxTokens: 0 }, { maxConcurrency: 0 }, { streaming: "yes" }, { model: "" }])(
    "are refused where they are wrong: %o",
    (wrong) => {
      expect(() => new ChatLlama({ model: "smollm2-135m-instruct", ...(wrong as object) })).toThrow(/OPTIONS_INVALID/);
    },
  );
});
