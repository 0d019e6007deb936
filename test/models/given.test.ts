import { inspect } from "node:util";
import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import { initChatModel } from "langchain/chat_models/universal";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { resolveModel } from "../../src/models/resolve.js";
import { given } from "../../src/models/given.js";
import type { ChatHandle, Sampling } from "../../src/models/types.js";
import { FakeModel } from "../support/fake-model.js";
import { adapterContract } from "./adapter-contract.js";
import { ollamaServer, openAiServer, OwnModel } from "./adapters.js";

const gpt = (url: string, more: object = {}) =>
  new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "unused", configuration: { baseURL: url }, ...more });

adapterContract("a ChatOpenAI", async (handler) => {
  const { server, rest } = await openAiServer(handler);
  return { ...rest, handle: await given(gpt(server.url, { temperature: 0, maxRetries: 2 })) };
});

adapterContract("a ChatOllama", async (handler) => {
  const { server, rest } = await ollamaServer(handler);
  const model = new ChatOllama({ model: "qwen3:4b", baseUrl: server.origin, temperature: 0, seed: 1, maxRetries: 2 });
  return { ...rest, handle: await given(model) };
});

adapterContract("what initChatModel returns", async (handler) => {
  const { rest } = await openAiServer(handler);
  return { ...rest, handle: await given(await initChatModel("openai:gpt-4o-mini", { temperature: 0 })) };
});

adapterContract("a function that builds a ChatOpenAI", async (handler) => {
  const { server, rest } = await openAiServer(handler);
  const build = ({ temperature, maxTokens, topP }: Sampling) => gpt(server.url, { temperature, maxTokens, topP });
  return { ...rest, handle: await given(build) };
});

adapterContract(
  "an async function that builds a model by initChatModel",
  async (handler) => {
    const { rest } = await ollamaServer(handler);
    const build = ({ temperature, maxTokens, topP, seed }: Sampling) =>
      initChatModel("ollama:qwen3:4b", { temperature, numPredict: maxTokens, topP, seed });
    return { ...rest, handle: await given(build) };
  },
  {
    "lets the server know that an aborted call is over":
      "Ollama's client passes no signal on; only a model built here can",
  },
);

adapterContract(
  "a chat model of one's own",
  async (handler) => {
    const model = new OwnModel(handler);
    return { handle: await given(model), arrived: model.arrived };
  },
  { "lets the server know that an aborted call is over": "it has no server" },
);

const ask = (handle: ChatHandle, sampling: Partial<Sampling> = {}) =>
  handle.ask(
    [{ role: "user", content: "?" }],
    { temperature: 0.8, maxTokens: 5, seed: 1, ...sampling },
    new AbortController().signal,
  );

/** Warnings of the process while a test runs, by code. */
function warnings(): string[] {
  const codes: string[] = [];
  const listen = (warning: Error & { code?: string }) => void codes.push(String(warning.code));
  process.on("warning", listen);
  onTestFinished(() => void process.off("warning", listen));
  return codes;
}

const soon = () => new Promise((done) => setTimeout(done, 5));

describe("a chat model that is passed", () => {
  it("is not changed by being asked at another temperature", async () => {
    const { server, rest } = await openAiServer(() => "ok");
    onTestFinished(rest.close);
    const model = gpt(server.url, { temperature: 0, maxTokens: 99, stop: ["own"] });
    const before = inspect(model, { depth: 4 });
    await ask(await given(model));
    expect(rest.arrived[0]).toMatchObject({ temperature: 0.8, maxTokens: 5 });
    expect(inspect(model, { depth: 4 })).toBe(before);
    await model.invoke("?");
    expect(rest.arrived[1]).toMatchObject({ temperature: 0, maxTokens: 99 });
  });

  it("keeps address, headers, callbacks, organization and further parameters of a ChatOpenAI", async () => {
    const { server, rest } = await openAiServer(() => "ok");
    onTestFinished(rest.close);
    const started = vi.fn<() => void>();
    const model = new ChatOpenAI({
      model: "gpt-4o-mini",
      apiKey: "sk-mine",
      configuration: { baseURL: server.url, defaultHeaders: { "x-team": "blue" }, organization: "org-mine" },
      modelKwargs: { top_k: 40 },
      frequencyPenalty: 0.25,
      service_tier: "flex",
      maxCompletionTokens: 999,
      callbacks: [{ handleChatModelStart: started }],
    });
    await ask(await given(model));
    expect(server.requests[0]).toMatchObject({
      model: "gpt-4o-mini",
      top_k: 40,
      frequency_penalty: 0.25,
      service_tier: "flex",
      max_tokens: 5,
    });
    expect(server.headers[0]).toMatchObject({
      authorization: "Bearer sk-mine",
      "x-team": "blue",
      "openai-organization": "org-mine",
    });
    expect(started).toHaveBeenCalledTimes(1);
  });

  it("keeps address, headers, fetch, callbacks and further parameters of a ChatOllama", async () => {
    const { server, rest } = await ollamaServer(() => "ok");
    onTestFinished(rest.close);
    const started = vi.fn<() => void>();
    const fetched = vi.fn<typeof fetch>((...request) => fetch(...request));
    const model = new ChatOllama("qwen3:4b", {
      baseUrl: server.origin,
      headers: { "x-team": "blue" },
      fetch: fetched,
      numCtx: 4096,
      topK: 40,
      keepAlive: "1m",
      callbacks: [{ handleChatModelStart: started }],
    });
    await ask(await given(model));
    expect(server.requests[0]).toMatchObject({
      model: "qwen3:4b",
      keep_alive: "1m",
      options: { num_ctx: 4096, top_k: 40 },
    });
    expect(server.headers[0]).toMatchObject({ "x-team": "blue" });
    expect([started.mock.calls.length, fetched.mock.calls.length]).toEqual([1, 1]);
  });

  it("is known by its provider and its model, as a string would be", async () => {
    vi.stubEnv("OPENAI_API_KEY", "unused");
    onTestFinished(() => void vi.unstubAllEnvs());
    const models = [
      gpt("https://api.openai.com/v1"),
      await initChatModel("openai:gpt-4o-mini"),
      () => gpt("https://api.openai.com/v1"),
    ];
    for (const model of models) {
      expect((await given(model)).identity).toEqual({ provider: "openai", model: "gpt-4o-mini" });
    }
    const url = "http://127.0.0.1:1/v1";
    const elsewhere = (await resolveModel(`openai:gpt-4o-mini@${url}`)).identity;
    expect(elsewhere.provider).toBe("openai-compatible");
    for (const model of [gpt(url), () => gpt(`${url}/`)]) expect((await given(model)).identity).toEqual(elsewhere);
    vi.stubEnv("OPENAI_BASE_URL", url);
    expect((await given(gpt(url))).identity.provider).toBe("openai");
    expect((await given(new ChatOllama({ model: "qwen3:4b" }))).identity).toEqual({
      provider: "ollama",
      model: "qwen3:4b",
    });
    expect((await given(new FakeModel(() => "ok", "mine"))).identity).toEqual({ provider: "fake", model: "mine" });
    expect((await given(new OwnModel(() => "ok"))).identity).toEqual({ provider: "OwnModel", model: "OwnModel" });
  });

  it("warns once of retries of its own", async () => {
    const codes = warnings();
    class Stubborn extends ChatOllama {
      static override lc_name = () => "Stubborn";
    }
    for (let i = 0; i < 3; i++) await given(new Stubborn({ model: "x", maxRetries: 4 }));
    await given(new Stubborn({ model: "x", maxRetries: 0 }));
    await soon();
    expect(codes).toEqual(["COPE_OWN_RETRIES"]);
  });

  it("is asked as it is where its class takes no fields, with a warning that its temperature is its own", async () => {
    const codes = warnings();
    class Odd extends FakeModel {
      temperature = 0;
    }
    const model = new Odd(() => "still works");
    expect((await ask(await given(model))).text).toBe("still works");
    await soon();
    expect(codes).toEqual(["COPE_OWN_TEMPERATURE"]);
  });

  it("tells what a function threw", async () => {
    await expect(given(() => Promise.reject(new Error("no such file")))).rejects.toThrow("no such file");
  });
});
