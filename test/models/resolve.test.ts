import { describe, expect, it, onTestFinished, vi } from "vitest";
import { resolveModel } from "../../src/models/resolve.js";
import { adapterContract } from "./adapter-contract.js";
import { KEY, ollamaServer, openAiServer } from "./adapters.js";

adapterContract("a string for OpenAI", async (handler) => {
  const { rest } = await openAiServer(handler);
  return { ...rest, handle: await resolveModel("openai:gpt-4o-mini") };
});

adapterContract("a string for Ollama", async (handler) => {
  const { rest } = await ollamaServer(handler);
  return { ...rest, handle: await resolveModel("ollama:qwen3:4b") };
});

function withoutKeys(): void {
  vi.stubEnv("OPENAI_API_KEY", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
}

describe("a model given as a string", () => {
  it("is known by provider and name, everything after the first colon", async () => {
    expect((await resolveModel("ollama:qwen3:4b")).identity).toEqual({ provider: "ollama", model: "qwen3:4b" });
  });

  it.each<[string, string]>([
    ["gpt-4o", "MODEL_UNKNOWN"],
    [":gpt-4o", "MODEL_UNKNOWN"],
    ["openai:", "MODEL_UNKNOWN"],
    ["", "MODEL_UNKNOWN"],
    ["nobody:x", "PROVIDER_UNKNOWN"],
    ["constructor:x", "PROVIDER_UNKNOWN"],
    ["toString:x", "PROVIDER_UNKNOWN"],
    ["https://example.org/v1", "PROVIDER_UNKNOWN"],
    ["google-vertexai:gemini-2.0-flash", "PACKAGE_MISSING"],
    ["llama:/nowhere/x.gguf", "FILE_NOT_FOUND"],
  ])("%s is refused before any call with %s", async (spec, code) => {
    await expect(resolveModel(spec)).rejects.toMatchObject({ name: "CopeError", code, isUsage: true });
  });

  it("needs the provider's key, and names the variable", async () => {
    withoutKeys();
    await expect(resolveModel("openai:gpt-4o")).rejects.toMatchObject({
      code: "KEY_MISSING",
      message: expect.stringContaining("OPENAI_API_KEY"),
    });
  });

  it("sends the key that is set when it is asked, so that a mended one counts", async () => {
    const { server, rest } = await openAiServer(() => "ok");
    onTestFinished(rest.close);
    const { ask } = await resolveModel("openai:gpt-4o-mini");
    await ask(
      [{ role: "user", content: "?" }],
      { temperature: 0, maxTokens: 5, seed: 1 },
      new AbortController().signal,
    );
    vi.stubEnv("OPENAI_API_KEY", "sk-another");
    await ask(
      [{ role: "user", content: "?" }],
      { temperature: 0, maxTokens: 5, seed: 1 },
      new AbortController().signal,
    );
    expect(server.headers.map(({ authorization }) => authorization)).toEqual([`Bearer ${KEY}`, "Bearer sk-another"]);
  });
});
