import { MODEL_PROVIDER_CONFIG } from "langchain/chat_models/universal";
import { describe, expect, it } from "vitest";
import { constructorFields, KEY_VARIABLES, keyVariables, takenBy } from "../../src/models/providers.js";

const sampling = { temperature: 0.4, topP: 0.9, maxTokens: 256, stop: ["\n"], seed: 7 };

describe("what providers call things", () => {
  it("knows keys of LangChain's providers only", () => {
    expect(Object.keys(MODEL_PROVIDER_CONFIG)).toEqual(expect.arrayContaining(Object.keys(KEY_VARIABLES)));
  });

  it("knows no variable for a provider without key, nor for words of every object", () => {
    expect(["ollama", "llama", "constructor", "toString", "__proto__"].map(keyVariables)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });

  it.each([
    ["openai", "maxTokens"],
    ["anthropic", "maxTokens"],
    ["ollama", "numPredict"],
    ["google-genai", "maxOutputTokens"],
    ["constructor", "maxTokens"],
  ])("%s: the output limit is %s, and retries are ours", (provider, limit) => {
    const fields = constructorFields({ provider, model: "m" }, sampling);
    expect(fields).toMatchObject({ temperature: 0.4, topP: 0.9, [limit]: 256, maxRetries: 0 });
    expect(fields).not.toHaveProperty("stop");
  });

  it("names no top p where none is asked for: some models refuse it beside a temperature", () => {
    expect(
      constructorFields({ provider: "openai", model: "gpt-4o" }, { temperature: 1, maxTokens: 5, seed: 1 }),
    ).not.toHaveProperty("topP");
  });

  it.each([
    ["openai", "o3-mini", false],
    ["openai", "o1", false],
    ["openai", "gpt-5-mini", false],
    ["openai", "gpt-5-chat-latest", true],
    ["openai", "gpt-4o", true],
    ["ollama", "o3-mini", true],
  ])("%s:%s takes a temperature and stop strings: %s", (provider, model, takes) => {
    const taken = takenBy({ provider, model }, sampling);
    expect(taken).toEqual(takes ? sampling : { maxTokens: 256, seed: 7 });
    expect("temperature" in constructorFields({ provider, model }, sampling)).toBe(takes);
  });

  it("are asked for a form in words alone, but for the one that can be held to it", () => {
    const held = { ...sampling, grammar: 'root ::= "yes"' };
    expect(takenBy({ provider: "llama", model: "m" }, held)).toEqual(held);
    for (const provider of ["openai", "ollama", "anthropic", "Own"])
      expect(takenBy({ provider, model: "m" }, held)).toEqual(sampling);
  });
});
