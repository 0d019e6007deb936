import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createAction } from "../../src/families/action/index.js";
import { abilitiesOf } from "../../src/models/abilities.js";
import { given } from "../../src/models/given.js";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { resolveModel } from "../../src/models/resolve.js";
import { hasLogprobs, lacksLogprobs, liveContract } from "../models/live-contract.js";
import { executeRequest } from "../../src/nodes/requests.js";
import { needs } from "../support/needs.js";
import { have, startLlamaServer, startOllama, type RealServer } from "../support/servers.js";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const weights = needs("the weights of smollm2-135m-instruct (cope models pull …)", have.weights);

async function hasOf(spec: string): Promise<Record<string, unknown>> {
  const abilities = await abilitiesOf(await resolveModel(spec));
  return Object.fromEntries(Object.entries(abilities).map(([name, { has }]) => [name, has]));
}

describe.runIf(weights && needs("llama.cpp's server (scripts/test-servers.mjs)", have.llamaServer))(
  "llama.cpp's server, by a string with its address,",
  () => {
    let server: RealServer;
    const spec = () => `openai:${server.model}@${server.origin}/v1`;
    beforeAll(async () => {
      server = await startLlamaServer();
    });
    afterAll(() => server?.stop());
    liveContract(() => resolveModel(spec()));
    hasLogprobs(() => resolveModel(spec()));

    it("shows what it can do", async () => {
      expect(await hasOf(spec())).toMatchObject({
        logprobs: true,
        continuation: true,
        severalSamples: true,
        schema: true,
        embeddings: false,
        tokenCount: true,
      });
    });

    it("holds an agent's commands to their form where a function hands the grammar on", async () => {
      const configuration = { baseURL: `${server.origin}/v1` };
      const model = await given(({ temperature, maxTokens, grammar }) => {
        const fields = { model: server.model, apiKey: "none", configuration, temperature, maxTokens };
        return new ChatOpenAI({ ...fields, ...(grammar === undefined ? {} : { modelKwargs: { grammar } }) });
      });
      const task = { question: "You are in a hall.", actions: ["öffne Tür 1", 'say "sesame"'] };
      const stage = { name: "solo", execute: { by: "small", temperature: 1.5, maxTokens: 128 } } as never;
      const family = createAction();
      const { messages, sampling } = executeRequest({ family, task, stage, seed: 0, id: "0/solo/0" }, {});
      const { text } = await model.ask(messages, sampling, new AbortController().signal);
      const reading = await family.read(text, task);
      expect(task.actions).toContain((reading?.value as { command?: string })?.command);
    });
  },
);

describe.runIf(weights && needs("Ollama (scripts/test-servers.mjs)", have.ollama))("Ollama", () => {
  let server: RealServer;
  beforeAll(async () => {
    server = await startOllama();
  });
  afterAll(() => server?.stop());

  describe("by a string", () => {
    liveContract(() => resolveModel(`ollama:${server.model}@${server.origin}`));
    lacksLogprobs(() => resolveModel(`ollama:${server.model}@${server.origin}`));
  });
  describe("as a ChatOllama", () => {
    const open = () => given(new ChatOllama({ model: server.model, baseUrl: server.origin, temperature: 0 }));
    liveContract(open);
    lacksLogprobs(open);
  });

  it("shows what it can do", async () => {
    expect(await hasOf(`ollama:${server.model}@${server.origin}`)).toMatchObject({
      logprobs: false,
      severalSamples: false,
      tools: false,
      schema: true,
      embeddings: true,
      tokenCount: false,
    });
  });

  it("names the way for a model that it does not have", async () => {
    const { ability } = await resolveModel(`ollama:nobody@${server.origin}`);
    await expect(ability!("tools")).rejects.toMatchObject({ code: "MODEL_NOT_FOUND" });
  });
});

describe.runIf(weights)("the embedded model", () => {
  afterAll(() => ChatLlama.dispose());
  liveContract(() => resolveModel("llama:smollm2-135m-instruct"));
  hasLogprobs(() => resolveModel("llama:smollm2-135m-instruct"));
});
