import { describe, expect, it, onTestFinished, vi } from "vitest";
import { resolveModel } from "../../src/models/resolve.js";
import { keyFor, parseSpec } from "../../src/models/spec.js";
import { RunOptions } from "../../src/state/options.js";
import { startOpenAiServer } from "../support/openai-server.js";

function env(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

describe("a model string with an address", () => {
  it.each([
    ["openai:qwen3:4b@http://127.0.0.1:8080/v1/", "qwen3:4b", "http://127.0.0.1:8080/v1"],
    ["openai:m@http://127.0.0.1:8080", "m", "http://127.0.0.1:8080/v1"],
    ["openai:org/m@HTTPS://Example.org/api", "org/m", "https://example.org/api"],
    ["ollama:qwen3:4b@http://host:11434/", "qwen3:4b", "http://host:11434"],
    ["openai:m@2024-01-01", "m@2024-01-01", undefined],
  ])("%s", (spec, model, url) => {
    expect(parseSpec(spec)).toMatchObject({ model, ...(url ? { url } : {}) });
    expect(parseSpec(spec).url).toBe(url);
  });

  it.each([
    "openai:m@http://bob:hunter22@127.0.0.1/v1",
    "openai:m@https://example.org/v1?api_key=hunter22hunter22",
    "openai:m@https://example.org/v1#hunter22",
  ])("is refused where it holds a secret, also by the schema of options: %s", (spec) => {
    expect(() => parseSpec(spec)).toThrow(expect.objectContaining({ code: "MODEL_UNKNOWN" }));
    expect(RunOptions.safeParse({ small: spec }).success).toBe(false);
  });

  it("never shows the secret that it was refused for", () => {
    const parse = () => parseSpec("openai:m@http://bob:hunter22@127.0.0.1/v1");
    expect(parse).toThrow("[private]@127.0.0.1");
    expect(parse).not.toThrow("hunter22");
  });

  it.each(["openai:m@http://", "anthropic:m@http://127.0.0.1/v1"])("is refused where it cannot be one: %s", (spec) => {
    expect(() => parseSpec(spec)).toThrow(expect.objectContaining({ code: "MODEL_UNKNOWN" }));
  });

  it("sends OpenAI's own key to OpenAI and OPENAI_BASE_URL alone", () => {
    env({
      OPENAI_API_KEY: "sk-real",
      OPENAI_BASE_URL: "https://proxy.example/v1",
      OPENAI_COMPATIBLE_API_KEY: undefined,
    });
    expect(keyFor("https://api.openai.com/v1")).toBe("sk-real");
    expect(keyFor("https://proxy.example/v1")).toBe("sk-real");
    expect(keyFor("http://127.0.0.1:8080/v1")).toBe("none");
    vi.stubEnv("OPENAI_COMPATIBLE_API_KEY", "theirs");
    expect(keyFor("http://127.0.0.1:8080/v1")).toBe("theirs");
  });

  it("is asked at that address without a key of ours, and is known as a model of that server", async () => {
    env({ OPENAI_API_KEY: "sk-real-0123456789", OPENAI_BASE_URL: undefined, OPENAI_COMPATIBLE_API_KEY: undefined });
    const server = await startOpenAiServer(() => "hello");
    onTestFinished(server.close);
    const handle = await resolveModel(`openai:o3-lookalike@${server.url}`);
    const sampling = { temperature: 0, maxTokens: 5, seed: 1 };
    const reply = await handle.ask([{ role: "user", content: "?" }], sampling, new AbortController().signal);
    expect(reply.text).toBe("hello");
    expect(server.headers[0]!.authorization).toBe("Bearer none");
    expect(handle.identity).toEqual({
      provider: "openai-compatible",
      model: "o3-lookalike",
      engine: expect.stringMatching(/^server [0-9a-f]{12}$/),
    });
  });
});
