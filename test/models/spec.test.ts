import { FakeListChatModel } from "@langchain/core/utils/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createCope } from "../../src/graph/cope.js";
import { resolveModel } from "../../src/models/resolve.js";
import { keyFor, parseSpec } from "../../src/models/spec.js";
import type { ChatHandle } from "../../src/models/types.js";
import { RunOptions } from "../../src/state/options.js";
import { startOpenAiServer } from "../support/openai-server.js";

function env(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

const ask = (handle: ChatHandle) =>
  handle.ask([{ role: "user", content: "?" }], { temperature: 0, maxTokens: 5, seed: 1 }, new AbortController().signal);

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

  it.each([
    ["openai:qwen@127.0.0.1:8080", "openai:qwen@http://127.0.0.1:8080"],
    ["openai:m@localhost:1234", "openai:m@http://localhost:1234"],
    ["openai:qwen＠127.0.0.1:8080", "openai:qwen@http://127.0.0.1:8080"],
    ["openai:qwen%40127.0.0.1:8080/v1", "openai:qwen@http://127.0.0.1:8080/v1"],
    ["openai:qwen at 127.0.0.1:8080", "openai:qwen@http://127.0.0.1:8080"],
    ["openai:qwen|localhost:1234", "openai:qwen@http://localhost:1234"],
    ["openai:qwen#10.0.0.1:80", "openai:qwen@http://10.0.0.1:80"],
    ["ollama:qwen3@host:11434", "ollama:qwen3@http://host:11434"],
    ["ollama:qwen3:4b@HTTP//x.lan", "ollama:qwen3:4b@http://x.lan"],
    ["openai:m@example.org/v1", "openai:m@https://example.org/v1"],
    ["openai:m@api.together.xyz", "openai:m@https://api.together.xyz"],
    ["openai:m@[::1]:8080", "openai:m@http://[::1]:8080"],
    ["openai:m@::1", "openai:m@http://[::1]"],
    ["openai:m@:8080", "openai:m@http://127.0.0.1:8080"],
    ["openai:m@//127.0.0.1:8080/v1/", "openai:m@http://127.0.0.1:8080/v1"],
    ["openai:m@http:/127.0.0.1:8080", "openai:m@http://127.0.0.1:8080"],
    ["openai:m@http:127.0.0.1:8080", "openai:m@http://127.0.0.1:8080"],
    ["openai:m@htp://127.0.0.1/v1", "openai:m@http://127.0.0.1/v1"],
    ["openai:m@https//api.foo.org/v1", "openai:m@https://api.foo.org/v1"],
    ["openai:m@ http://127.0.0.1:8080", "openai:m@http://127.0.0.1:8080"],
    ["openai:m@gpu-box", "openai:m@http://gpu-box"],
    ["openai:m@4090box/v1", "openai:m@http://4090box/v1"],
    ["openai:bob@example.org", "openai:bob@https://example.org"],
    ["openai:m@192.168.1.4", "openai:m@http://192.168.1.4"],
    ["openai:m@", "openai:m@http://127.0.0.1:8080/v1"],
    ["openai:127.0.0.1:8080", "openai:MODEL@http://127.0.0.1:8080"],
    ["openai:gpu-box:8080", "openai:MODEL@http://gpu-box:8080"],
    ["openai:http://127.0.0.1:8080/v1", "openai:MODEL@http://127.0.0.1:8080/v1"],
    ["openai:http://127.0.0.1:8080/v1@qwen", "openai:qwen@http://127.0.0.1:8080/v1"],
    ["openai:api.deepseek.com/v1", "openai:MODEL@https://api.deepseek.com/v1"],
    ["anthropic:claude@127.0.0.1:8080", "openai:claude@http://127.0.0.1:8080"],
    ["mistralai:m@localhost", "openai:m@http://localhost"],
    ["google-genai:m@example.org/v1", "openai:m@https://example.org/v1"],
    ["llama:qwen@127.0.0.1:8080", "openai:qwen@http://127.0.0.1:8080"],
  ])("is refused where its address is no whole one, with the address spelled out: %s", (spec, whole) => {
    const refused = { code: "MODEL_UNKNOWN", remedy: expect.stringContaining(`"${whole}"`) };
    expect(() => parseSpec(spec)).toThrow(expect.objectContaining(refused));
  });

  it.each([
    ["[::1]:8080", "openai:MODEL@http://[::1]:8080"],
    ["user@host", "openai:user@http://host"],
    ["qwen@127.0.0.1:8080", "openai:qwen@http://127.0.0.1:8080"],
    ["127.0.0.1:8080", "openai:MODEL@http://127.0.0.1:8080"],
    ["localhost:1234", "openai:MODEL@http://localhost:1234"],
    ["http://127.0.0.1:8080/v1", "openai:MODEL@http://127.0.0.1:8080/v1"],
  ])("is refused without a provider, with the whole string spelled out: %s", (spec, whole) => {
    const refused = { code: "PROVIDER_UNKNOWN", remedy: expect.stringContaining(`"${whole}"`) };
    expect(() => parseSpec(spec)).toThrow(expect.objectContaining(refused));
  });

  it.each([
    "google-vertexai:claude-3-5-sonnet-v2@20241022",
    "google-vertexai:gemini-1.5-pro@001",
    "google-vertexai:claude-opus-4@default",
    "openai:@cf/meta/llama-3-8b-instruct",
    "openai:@openai-prod/gpt-4o",
    "openai:ft:gpt-4o-mini:org::abc123",
    "openai:org/m@1a2b3c4d",
    "bedrock:us.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "bedrock:arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.x-v1:0",
    "ollama:hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M",
    "ollama:registry.example.org/library/x:7b",
    "fireworks:accounts/fireworks/models/llama-v3p1-8b",
    "llama:/home/a@b/x.gguf",
    "llama:hf:Qwen/Q:Q4_K_M",
  ])("has none where the model's own name looks a little like one: %s", (spec) => {
    const colon = spec.indexOf(":");
    expect(parseSpec(spec)).toEqual({ provider: spec.slice(0, colon), model: spec.slice(colon + 1) });
  });

  it.each(["openai:m@bob:hunter22@host:8080", "openai:m@127.0.0.1:8080/v1?key=hunter22hunter22"])(
    "shows no secret where it is refused, and stands in no settings: %s",
    (spec) => {
      expect(() => parseSpec(spec)).toThrow("[private]");
      expect(() => parseSpec(spec)).not.toThrow("hunter22");
      expect(RunOptions.safeParse({ small: spec }).success).toBe(false);
    },
  );

  it("of a model that no stage asks is looked at, too, before any call", async () => {
    const cope = createCope({
      small: new FakeListChatModel({ responses: ["4"] }),
      large: "openai:m@127.0.0.1:1",
      stages: "small",
    });
    await expect(cope.compile().invoke({ question: "2 + 2?" })).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
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
    expect(keyFor("https://proxy.example/v1")).toBe("theirs");
  });

  it.each(["https://api.openai.com/v1", "https://eu.api.openai.com/v1", "https://API.openai.com./v1"])(
    "sends OpenAI's own key, and no other, to OpenAI: %s",
    (url) => {
      env({ OPENAI_API_KEY: "sk-real", OPENAI_BASE_URL: undefined, OPENAI_COMPATIBLE_API_KEY: "theirs" });
      expect(keyFor(url)).toBe("sk-real");
      vi.stubEnv("OPENAI_API_KEY", undefined);
      expect(() => keyFor(url)).toThrow(expect.objectContaining({ code: "KEY_MISSING" }));
    },
  );

  it.each([
    "https://api.openai.com.example.org/v1",
    "https://example.org/api.openai.com",
    "https://notapi.openai.com/v1",
  ])("takes no other host for OpenAI: %s", (url) => {
    env({ OPENAI_API_KEY: "sk-real", OPENAI_BASE_URL: undefined, OPENAI_COMPATIBLE_API_KEY: "theirs" });
    expect(keyFor(url)).toBe("theirs");
  });

  it("sends no key in clear to OpenAI", () => {
    env({ OPENAI_API_KEY: "sk-real", OPENAI_COMPATIBLE_API_KEY: "theirs" });
    const refused = { code: "MODEL_UNKNOWN", remedy: expect.stringContaining("https://api.openai.com/v1") };
    expect(() => keyFor("http://api.openai.com/v1")).toThrow(expect.objectContaining(refused));
  });

  it.each(["OPENAI_API_BASE", "OPENAI_BASE_URL"])("from %s is refused where it is none", async (name) => {
    env({
      OPENAI_API_KEY: "sk-real",
      OPENAI_API_BASE: undefined,
      OPENAI_BASE_URL: undefined,
      [name]: "127.0.0.1:9/v1",
    });
    const refused = { code: "OPTIONS_INVALID", remedy: `export ${name}=http://127.0.0.1:9/v1` };
    await expect(resolveModel("openai:gpt-4o")).rejects.toMatchObject(refused);
  });

  it("gets no word of what the environment means for OpenAI, in calls and in probes", async () => {
    env({
      OPENAI_API_KEY: "sk-real-0123456789",
      OPENAI_COMPATIBLE_API_KEY: "theirs-0123456789",
      OPENAI_ORG_ID: "org-mine",
      OPENAI_ORGANIZATION: "org-mine",
      OPENAI_PROJECT_ID: "project-mine",
      OPENAI_CUSTOM_HEADERS: "x-gateway-key: mine-0123456789\nAuthorization: Bearer mine-too",
    });
    const server = await startOpenAiServer(() => "hello");
    onTestFinished(server.close);
    const handle = await resolveModel(`openai:m@${server.url}`);
    await ask(handle);
    await handle.ability!("severalSamples");
    expect(server.headers).toHaveLength(2);
    expect(server.headers.map(({ authorization }) => authorization)).toEqual(Array(2).fill("Bearer theirs-0123456789"));
    expect(JSON.stringify(server.headers)).not.toMatch(/mine|sk-real/);
  });

  it("is left for no other host: a redirect is refused, in calls and in probes", async () => {
    env({ OPENAI_COMPATIBLE_API_KEY: "theirs-0123456789" });
    const other = await startOpenAiServer(() => "hello");
    onTestFinished(other.close);
    const location = other.url.replace("127.0.0.1", "localhost");
    const server = await startOpenAiServer(() => ({ status: 307, headers: { location } }));
    onTestFinished(server.close);
    const handle = await resolveModel(`openai:m@${server.url}`);
    await expect(ask(handle)).rejects.toThrow(`redirects to ${new URL(location).host}`);
    await expect(handle.ability!("tools")).rejects.toThrow("redirects to");
    expect(other.headers).toEqual([]);
  });

  it("may send elsewhere on its own host", async () => {
    const server = await startOpenAiServer((_, count) =>
      count === 0 ? { status: 308, headers: { location: "/v1/chat/completions" } } : "hello",
    );
    onTestFinished(server.close);
    expect(await ask(await resolveModel(`openai:m@${server.url}`))).toMatchObject({ text: "hello" });
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
