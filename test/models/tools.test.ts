import { ChatOllama } from "@langchain/ollama";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createCaller } from "../../src/models/call.js";
import { given } from "../../src/models/given.js";
import { memoryJournal } from "../../src/models/journal.js";
import { resolveModel } from "../../src/models/resolve.js";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";
import { openTape } from "../../src/models/tape.js";
import type { ChatHandle, Sampling } from "../../src/models/types.js";
import { mostTokens } from "../../src/nodes/limits.js";
import type { Message } from "../../src/state/message.js";
import type { ToolSpec } from "../../src/state/tool.js";
import { scriptedModel } from "../../src/testing/index.js";
import { FakeModel } from "../support/fake-model.js";
import { startOllamaServer } from "../support/ollama-server.js";
import { startOpenAiServer } from "../support/openai-server.js";
import { callContext, callRequest } from "./calls.js";

const LOOK: ToolSpec = {
  name: "look_up",
  description: "Looks a word up.",
  schema: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
};
const CALL = {
  role: "assistant" as const,
  content: "",
  toolCalls: [{ id: "call00001", name: "look_up", args: { word: "tree" } }],
};
const STEP: Message[] = [
  { role: "user", content: "What is a tree?" },
  CALL,
  { role: "tool", content: "a plant", toolCallId: "call00001", name: "look_up" },
];
const SAMPLING: Sampling = { temperature: 0.4, maxTokens: 64, seed: 7 };

const openAiAnswer = (calls: [name: string, args: string][]) =>
  JSON.stringify({
    choices: [
      {
        index: 0,
        finish_reason: "tool_calls",
        message: {
          role: "assistant",
          content: null,
          tool_calls: calls.map(([name, args], i) => ({
            id: `call_x${i}`,
            type: "function",
            function: { name, arguments: args },
          })),
        },
      },
    ],
    usage: { prompt_tokens: 40, completion_tokens: 9, total_tokens: 49 },
  });

const ollamaAnswer = (name: string, args: object) =>
  [
    { message: { role: "assistant", content: "", tool_calls: [{ function: { name, arguments: args } }] }, done: false },
    {
      message: { role: "assistant", content: "" },
      done: true,
      done_reason: "stop",
      prompt_eval_count: 40,
      eval_count: 9,
    },
  ]
    .map((line) => `${JSON.stringify({ model: "qwen3:4b", created_at: "2026-01-01T00:00:00Z", ...line })}\n`)
    .join("");

const ask = (handle: ChatHandle, messages: readonly Message[] = STEP, tools: readonly ToolSpec[] = [LOOK]) =>
  handle.ask(messages, SAMPLING, new AbortController().signal, tools);

async function openAi(raw: string) {
  const server = await startOpenAiServer(() => ({ raw }));
  onTestFinished(() => server.close());
  vi.stubEnv("OPENAI_API_KEY", "unused");
  vi.stubEnv("OPENAI_BASE_URL", server.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  return server;
}

async function ollama(raw: string) {
  const server = await startOllamaServer(() => ({ raw }));
  onTestFinished(() => server.close());
  return server;
}

describe("tools through a ChatOpenAI and through its name", () => {
  const ways: [string, (url: string) => Promise<ChatHandle>][] = [
    [
      "an instance",
      (url) =>
        given(new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "x", temperature: 0, configuration: { baseURL: url } })),
    ],
    [
      "a function",
      (url) => given(() => new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "x", configuration: { baseURL: url } })),
    ],
    ["a string", () => resolveModel("openai:gpt-4o-mini")],
  ];
  it.each(ways)(
    "%s: are offered with the conversation's calls and results, and come back as calls",
    async (_, open) => {
      const server = await openAi(openAiAnswer([["look_up", '{"word":"oak"}']]));
      const reply = await ask(await open(server.url));
      expect(reply).toMatchObject({
        text: "",
        toolCalls: [{ id: "call00002", name: "look_up", args: { word: "oak" } }],
        usage: { inputTokens: 40, outputTokens: 9 },
        finish: "tool_calls",
      });
      const sent = server.requests[0] as unknown as { messages: object[]; tools: object[] };
      expect(sent.tools).toEqual([
        { type: "function", function: { name: "look_up", description: "Looks a word up.", parameters: LOOK.schema } },
      ]);
      expect(sent.messages[1]).toMatchObject({
        role: "assistant",
        tool_calls: [
          { id: "call00001", type: "function", function: { name: "look_up", arguments: '{"word":"tree"}' } },
        ],
      });
      expect(sent.messages[2]).toMatchObject({ role: "tool", content: "a plant", tool_call_id: "call00001" });
    },
  );

  it("a request without tools offers none", async () => {
    const server = await openAi(openAiAnswer([]));
    await ask(await resolveModel("openai:gpt-4o-mini"), [{ role: "user", content: "?" }], []);
    expect(Object.keys(server.requests[0]!)).not.toContain("tools");
  });

  it("a call whose arguments are no JSON is told as it came, and throws nothing", async () => {
    const server = await openAi(openAiAnswer([["look_up", '{"word": oak']]));
    const handle = await ways[0]![1](server.url);
    expect(await ask(handle)).toMatchObject({ brokenCalls: [{ name: "look_up", args: '{"word": oak' }] });
  });
});

describe("tools through Ollama", () => {
  it.each<[string, (url: string) => Promise<ChatHandle>]>([
    ["an instance", (url) => given(new ChatOllama({ model: "qwen3:4b", baseUrl: url, temperature: 0 }))],
    ["a string", (url) => resolveModel(`ollama:qwen3:4b@${url}`)],
  ])("%s: are offered with the conversation's calls and results, and come back as calls", async (_, open) => {
    const server = await ollama(ollamaAnswer("look_up", { word: "oak" }));
    const reply = await ask(await open(server.origin));
    expect(reply).toMatchObject({
      toolCalls: [{ id: "call00002", name: "look_up", args: { word: "oak" } }],
      usage: { inputTokens: 40, outputTokens: 9 },
    });
    const sent = server.requests[0] as unknown as { messages: { role: string }[]; tools: object[] };
    expect(sent.tools).toMatchObject([{ type: "function", function: { name: "look_up", parameters: LOOK.schema } }]);
    expect(sent.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(JSON.stringify(sent.messages[1])).toContain('"look_up"');
  });
});

describe("whether a model can call tools", () => {
  it("a class without bindTools cannot, one that has it can", async () => {
    const none = await given(new FakeModel(() => "ok") as never);
    expect(await none.ability!("tools")).toMatchObject({ has: false, remedy: expect.stringContaining("bindTools") });
    await expect(ask(none)).rejects.toMatchObject({ code: "ABILITY_MISSING" });
    expect(await (await given(scriptedModel([]))).ability!("tools")).toMatchObject({ has: true });
  });

  it("a server that is named by its address is asked", async () => {
    const server = await startOpenAiServer(() => ({ raw: openAiAnswer([["look_up", '{"word":"tree"}']]) }));
    onTestFinished(() => server.close());
    const handle = await resolveModel(`openai:some-model@${server.url}`);
    expect(await handle.ability!("tools")).toMatchObject({ has: true, from: "probed" });
  });
});

describe("a reply with calls", () => {
  const reply = {
    text: "",
    toolCalls: [{ id: "call00001", name: "look_up", args: { word: "oak", deep: [1, { x: null }] } }],
    brokenCalls: [{ name: "find", args: "{" }],
    usage: { inputTokens: 40, outputTokens: 9 },
    ms: 3,
  };
  const handle = (): { asked: unknown[]; model: ChatHandle } => {
    const asked: unknown[] = [];
    const model: ChatHandle = {
      identity: { provider: "openai", model: "gpt-4o" },
      ask: async (...all) => (asked.push(all[3]), reply),
    };
    return { asked, model };
  };

  it.each([
    ["in memory", memoryJournal],
    ["in a file", () => sqliteJournal(":memory:")],
  ])("is not asked for again where a journal %s has it, and comes back whole", async (_, open) => {
    const journal = open();
    onTestFinished(() => journal.close());
    const { asked, model } = handle();
    const call = createCaller({ journal });
    const request = callRequest({ tools: [LOOK] });
    const first = await call(request, callContext(model));
    const again = await call(request, callContext(model));
    expect(again.reply).toEqual(reply);
    expect(again.entries).toEqual(first.entries);
    expect(first.entries).toMatchObject([{ status: "answered", inputTokens: 40, outputTokens: 9 }]);
    expect(asked).toEqual([[LOOK]]);
    await call(callRequest({ tools: [{ ...LOOK, name: "find" }] }), callContext(model));
    expect(asked).toHaveLength(2);
  });

  it("is kept by a tape, for the same tools alone", async () => {
    const tape = openTape(":memory:");
    onTestFinished(() => tape.close());
    const { asked, model } = handle();
    const call = createCaller({ journal: memoryJournal(), tape });
    for (const thread of ["a", "b"]) {
      expect((await call(callRequest({ tools: [LOOK] }), callContext(model, { thread }))).reply).toEqual(reply);
    }
    expect(asked).toHaveLength(1);
    await call(callRequest(), callContext(model, { thread: "c" }));
    expect(asked).toEqual([[LOOK], undefined]);
  });
});

describe("the worst case of a prompt", () => {
  it("counts tools and calls as the text that they are sent as, and is what it was without them", () => {
    const bare = mostTokens([{ role: "user", content: "What is a tree?" }]);
    expect(bare).toBe(15 + 2 * 16);
    expect(mostTokens([{ role: "user", content: "What is a tree?" }], [LOOK])).toBeGreaterThan(
      bare + JSON.stringify(LOOK).length,
    );
    const long: ToolSpec = { ...LOOK, schema: { ...LOOK.schema, description: "é".repeat(1_000) } };
    expect(mostTokens([], [long]) - mostTokens([], [LOOK])).toBeGreaterThanOrEqual(2_000);
    const words = [STEP[0]!, { ...CALL, toolCalls: [] }, STEP[2]!];
    expect(mostTokens(STEP) - mostTokens(words)).toBeGreaterThan(JSON.stringify(CALL.toolCalls).length);
  });
});
