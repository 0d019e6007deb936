import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createCope, type CopeOptions } from "../../src/index.js";
import { startOllamaServer } from "../support/ollama-server.js";
import { startOpenAiServer } from "../support/openai-server.js";

const QUESTION = "What is 6 times 7?";
const text = "The final answer is $\\boxed{42}$.";

/** An OpenAI server whose cache held most of the prompt. */
async function caching() {
  const usage = {
    prompt_tokens: 1000,
    completion_tokens: 100,
    total_tokens: 1100,
    prompt_tokens_details: { cached_tokens: 900 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
  const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
  const server = await startOpenAiServer(() => ({
    raw: JSON.stringify({ id: "1", object: "chat.completion", choices, usage }),
  }));
  onTestFinished(server.close);
  return server;
}

function env(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

const solve = (options: CopeOptions) =>
  createCope({ family: "math", stages: "large", ...options })
    .compile()
    .invoke({ question: QUESTION });

describe("the bill", () => {
  it("takes what a provider's cache held at its price, in the run and for the large model alone", async () => {
    const server = await caching();
    env({ OPENAI_API_KEY: "sk-test-0123456789", OPENAI_BASE_URL: server.url });
    const { ledger } = await solve({ large: "openai:gpt-4o" });
    expect(ledger.usd).toBeCloseTo(0.002375, 12);
    expect(ledger.ifLargeAlone).toMatchObject({ estimated: false, inputTokens: 1000, outputTokens: 100 });
    expect(ledger.ifLargeAlone.usd).toBeCloseTo(0.002375, 12);
    expect(ledger.byRole["large"]).toMatchObject({ inputTokens: 1000, cachedInputTokens: 900 });
  });

  it("is unknown for a server at an address that calls its model gpt-4o, named or passed", async () => {
    const server = await caching();
    const configuration = { baseURL: server.url };
    const passed = new ChatOpenAI({ model: "gpt-4o", apiKey: "none", maxRetries: 0, temperature: 0, configuration });
    for (const large of [`openai:gpt-4o@${server.url}`, passed]) {
      const { ledger } = await solve({ large });
      expect(ledger).toMatchObject({ usd: null, ifLargeAlone: { usd: null }, byRole: { large: { usd: null } } });
      await expect(solve({ large, budget: { usd: 1 } })).rejects.toMatchObject({ code: "PRICE_UNKNOWN" });
    }
  });

  it.each(["openai-compatible:qwen", "openai:qwen", "qwen", "its string"])(
    "and what the large model alone costs go by a price that is given for an address, as %s",
    async (name) => {
      const server = await caching();
      const large = `openai:qwen@${server.url}`;
      const prices = { [name === "its string" ? large : name]: { input: 1, output: 10, cachedInput: 0.5 } };
      const { ledger } = await solve({ large, prices, budget: { usd: 1 } });
      const usd = (100 * 1 + 900 * 0.5 + 100 * 10) / 1e6;
      expect(ledger.usd).toBeCloseTo(usd, 12);
      expect(ledger.ifLargeAlone.usd).toBeCloseTo(usd, 12);
      // Also where nobody asks it.
      const alone = await solve({ small: large, large, prices, stages: "small" });
      expect(alone.ledger.ifLargeAlone.usd).not.toBeNull();
    },
  );

  it("takes no model of Ollama's for local that Ollama hands on, or that is on another machine", async () => {
    const server = await startOllamaServer(() => text);
    onTestFinished(server.close);
    env({ OLLAMA_BASE_URL: server.origin });
    const at = (model: string) => new ChatOllama({ model, baseUrl: server.origin, maxRetries: 0 });
    for (const large of ["ollama:gpt-oss:120b-cloud", "ollama:glm-4.6:cloud", at("glm-4.6:cloud")]) {
      const { ledger } = await solve({ large });
      expect(ledger).toMatchObject({ usd: null, ifLargeAlone: { usd: null } });
      await expect(solve({ large, budget: { usd: 1 } })).rejects.toMatchObject({ code: "PRICE_UNKNOWN" });
    }
    for (const large of ["ollama:qwen3:4b", `ollama:qwen3:4b@${server.origin}`, at("qwen3:4b")]) {
      const { ledger } = await solve({ large, budget: { usd: 1 } });
      expect(ledger).toMatchObject({ usd: 0, ifLargeAlone: { usd: 0 } });
    }
    await expect(solve({ large: "ollama:qwen3:4b@http://gpu.example", budget: { usd: 1 } })).rejects.toMatchObject({
      code: "PRICE_UNKNOWN",
    });
  });
});
