import { afterEach, expect, it } from "vitest";
import { resolveModel } from "../../../src/models/resolve.js";
import {
  startOpenAiServer,
  type ChatRequest,
  type OpenAiServer,
  type ServerReply,
} from "../../support/openai-server.js";

let server: OpenAiServer | undefined;
afterEach(() => server?.close());

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
