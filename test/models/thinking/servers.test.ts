import { ChatOllama } from "@langchain/ollama";
import { afterEach, describe, expect, it } from "vitest";
import { createCope } from "../../../src/index.js";
import { given } from "../../../src/models/given.js";
import { resolveModel } from "../../../src/models/resolve.js";
import { startOllamaServer } from "../../support/ollama-server.js";
import {
  startOpenAiServer,
  type ChatRequest,
  type OpenAiServer,
  type ServerReply,
} from "../../support/openai-server.js";

let server: OpenAiServer | undefined;
let ollama: Awaited<ReturnType<typeof startOllamaServer>> | undefined;
afterEach(() => Promise.all([server?.close(), ollama?.close()]));

/** A model of a local server, by the name that is asked for. */
async function modelAt(name: string, handler: (request: ChatRequest) => ServerReply) {
  server = await startOpenAiServer(handler);
  return resolveModel(`openai:${name}@${server.url}`);
}

const asked = [{ role: "user", content: "q" }] as const;
const sampling = { temperature: 0.7, maxTokens: 50, seed: 1 };

const raw = (message: object, usage: object = {}) => ({
  raw: JSON.stringify({
    id: "1",
    object: "chat.completion",
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
    usage: { prompt_tokens: 5, completion_tokens: 40, total_tokens: 45, ...usage },
  }),
});

it.each(["reasoning_content", "reasoning"])("thinking that a server calls %s is told apart", async (field) => {
  const model = await modelAt("qwen3-8b", () => raw({ content: "6", [field]: "\\boxed{5}?" }));
  const reply = await model.ask(asked, sampling, new AbortController().signal);
  expect(reply).toMatchObject({ text: "6", thinking: "\\boxed{5}?" });
});

it("tokens that were only thought are counted where the server tells them", async () => {
  const model = await modelAt("gpt-5", () =>
    raw({ content: "6" }, { completion_tokens_details: { reasoning_tokens: 32 } }),
  );
  const reply = await model.ask(asked, sampling, new AbortController().signal);
  expect(reply.usage).toMatchObject({ outputTokens: 40, reasoningTokens: 32 });
});

it("a temperature that a server refuses is left out, also of later calls", async () => {
  const message =
    "Unsupported value: 'temperature' does not support 0.7 with this model. Only the default (1) value is supported.";
  const model = await modelAt("mine", ({ temperature }) =>
    temperature === undefined ? "6" : { status: 400, message },
  );
  const ask = () => model.ask(asked, sampling, new AbortController().signal);
  const replies = [await ask(), await ask()];
  expect(replies.map(({ text }) => text)).toEqual(["6", "6"]);
  expect(server!.requests.map(({ temperature }) => temperature)).toEqual([0.7, undefined, undefined]);
});

describe("Ollama's own protocol", () => {
  const thought = { text: "It is 6.\nSurely.", thinking: "Is it \\boxed{5}? <b>No</b>." };
  const whole = { text: thought.text, thinking: thought.thinking };

  it.each([undefined, true, false])("tells thinking apart, whole and streamed, with think: %s", async (think) => {
    ollama = await startOllamaServer(() => thought);
    const instance = new ChatOllama({
      model: "qwen3:4b",
      baseUrl: ollama.origin,
      ...(think === undefined ? {} : { think }),
    });
    for (const model of [await given(instance), await resolveModel(`ollama:qwen3:4b@${ollama.origin}`)]) {
      const { signal } = new AbortController();
      expect(await model.ask(asked, sampling, signal)).toMatchObject(whole);
      const told: string[] = [];
      expect(await model.ask(asked, sampling, signal, undefined, (piece) => told.push(piece))).toMatchObject(whole);
      expect(told.join("")).toBe(thought.text);
      expect(told.length).toBeGreaterThan(1);
    }
  });

  it("tells marks in the text apart, too, where the server does not know of thinking", async () => {
    ollama = await startOllamaServer(() => `<think>${thought.thinking}</think>\n${thought.text}`);
    const model = await resolveModel(`ollama:qwen3:4b@${ollama.origin}`);
    const told: string[] = [];
    const reply = await model.ask(asked, sampling, new AbortController().signal, undefined, (p) => told.push(p));
    expect({ ...reply, told: told.join("") }).toMatchObject({ ...whole, told: thought.text });
  });

  it("gives a model that thinks room beside its limit", async () => {
    ollama = await startOllamaServer(() => thought);
    const cope = createCope({
      small: `ollama:qwen3:4b@${ollama.origin}`,
      large: `ollama:llama3.2@${ollama.origin}`,
      family: "math",
      stages: "small",
      thinking: { tokens: 777 },
    }).compile();
    const limited = async (maxTokens: number) => {
      const { answer } = await cope.invoke({ question: "What is 2 + 4?", options: { maxTokens } });
      expect(answer).toMatchObject({ value: "6", text: thought.text });
      return ollama!.requests.at(-1)!.options.num_predict;
    };
    expect([await limited(40), await limited(50)]).toEqual([817, 827]);
  });

  it("says of a text that was thought away that it was cut", async () => {
    ollama = await startOllamaServer(() => ({ text: "", thinking: "Is it 5? Per", finish: "length" }));
    const model = await resolveModel(`ollama:qwen3:4b@${ollama.origin}`);
    const reply = await model.ask(asked, sampling, new AbortController().signal);
    expect(reply).toMatchObject({ text: "", thinking: "Is it 5? Per", finish: "length", usage: { outputTokens: 7 } });
  });
});
