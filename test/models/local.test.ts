import { describe, expect, it, onTestFinished, vi } from "vitest";
import { isLocal } from "../../src/models/local.js";

describe("a model runs on this machine", () => {
  it.each([
    { provider: "llama", model: "qwen2.5-coder-0.5b-instruct" },
    { provider: "ChatLlama", model: "any" },
    { provider: "ollama", model: "qwen3:4b" },
    { provider: "ChatOllama", model: "qwen3:4b" },
    { provider: "ollama", model: "cloudy:7b" },
    { provider: "ollama", model: "m", url: "http://localhost:11434" },
    { provider: "ollama", model: "m", url: "127.0.0.1:11434" },
    { provider: "ollama", model: "m", url: "http://127.8.8.8:1/" },
    { provider: "ollama", model: "m", url: "http://[::1]:11434" },
    { provider: "ollama", model: "m", url: "http://[::ffff:127.0.0.1]:11434" },
    { provider: "ollama", model: "m", url: "http://0.0.0.0:11434" },
    { provider: "ollama", model: "m", url: "http://box.localhost:11434" },
  ])("$provider:$model at $url", (model) => {
    expect(isLocal(model)).toBe(true);
  });
});

describe("a model runs elsewhere", () => {
  it.each([
    { provider: "openai", model: "gpt-4o" },
    { provider: "openai-compatible", model: "m", url: "http://127.0.0.1:8080/v1" },
    { provider: "ollama", model: "gpt-oss:120b-cloud" },
    { provider: "ollama", model: "glm-4.6:cloud" },
    { provider: "ollama", model: "GLM-4.6:Cloud" },
    { provider: "ChatOllama", model: "kimi-k2:1t-cloud", url: "http://127.0.0.1:11434" },
    { provider: "ollama", model: "m", url: "http://192.168.1.4:11434" },
    { provider: "ollama", model: "m", url: "https://ollama.com" },
    { provider: "ollama", model: "m", url: "http://localhost.example.org:11434" },
    { provider: "ollama", model: "m", url: "http://127.0.0.1.example.org:11434" },
    { provider: "ollama", model: "m", url: "http://host.docker.internal:11434" },
  ])("$provider:$model at $url", (model) => {
    expect(isLocal(model)).toBe(false);
  });

  it("where the environment says so", () => {
    vi.stubEnv("OLLAMA_BASE_URL", "http://gpu.lan:11434");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(isLocal({ provider: "ollama", model: "qwen3:4b" })).toBe(false);
  });
});
