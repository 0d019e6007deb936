import {
  AIMessage,
  HumanMessage,
  RemoveMessage,
  SystemMessage,
  ToolMessage,
  type BaseMessage,
} from "@langchain/core/messages";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toReply } from "../../src/models/ask.js";
import { fromLangChain, toLangChain } from "../../src/models/messages.js";
import { toolSpecs } from "../../src/models/tool-specs.js";
import type { Message } from "../../src/state/message.js";

/** One step of an agent as each provider's class has it: text, one call, the tool's result. */
const SHAPES: Record<string, () => [AIMessage, BaseMessage]> = {
  "OpenAI's completions": () => [
    new AIMessage({
      id: "chatcmpl-C8",
      content: "Let me see.",
      tool_calls: [{ id: "call_mL6Xc", name: "look_up", args: { word: "tree" }, type: "tool_call" }],
      additional_kwargs: {
        tool_calls: [
          { id: "call_mL6Xc", type: "function", function: { name: "look_up", arguments: '{"word":"tree"}' } },
        ],
        refusal: null,
      },
      response_metadata: { system_fingerprint: "fp_9", finish_reason: "tool_calls" },
    }),
    new ToolMessage({ id: "m2", content: "a plant", tool_call_id: "call_mL6Xc", name: "look_up" }),
  ],
  "OpenAI's responses": () => [
    new AIMessage({
      id: "resp_68",
      content: [
        {
          type: "reasoning",
          id: "rs_1",
          summary: [{ type: "summary_text", text: "secret thoughts" }],
          encrypted_content: "gAAA",
        },
        { type: "text", text: "Let me see.", annotations: [] },
        { type: "function_call", id: "fc_1", call_id: "call_mL6Xc", name: "look_up", arguments: '{"word":"tree"}' },
      ],
      tool_calls: [{ id: "call_mL6Xc", name: "look_up", args: { word: "tree" }, type: "tool_call" }],
      additional_kwargs: { reasoning: { id: "rs_1", type: "reasoning", summary: [] } },
    }),
    new ToolMessage({ content: [{ type: "text", text: "a plant" }], tool_call_id: "call_mL6Xc", name: "look_up" }),
  ],
  "Anthropic's": () => [
    new AIMessage({
      id: "msg_01",
      content: [
        { type: "thinking", thinking: "secret thoughts", signature: "Eq8B" },
        { type: "redacted_thinking", data: "Zm9v" },
        { type: "text", text: "Let me see." },
        { type: "tool_use", id: "toolu_01A", name: "look_up", input: { word: "tree" } },
      ],
      tool_calls: [{ id: "toolu_01A", name: "look_up", args: { word: "tree" }, type: "tool_call" }],
      response_metadata: { model_provider: "anthropic", stop_reason: "tool_use" },
    }),
    new ToolMessage({ content: "a plant", tool_call_id: "toolu_01A", name: "look_up", status: "success" }),
  ],
  "Anthropic's, in content blocks alone": () => [
    new AIMessage({
      content: [
        { type: "text", text: "Let me see." },
        { type: "tool_use", id: "toolu_01A", name: "look_up", input: { word: "tree" } },
      ],
    }),
    new HumanMessage({ content: [{ type: "tool_result", tool_use_id: "toolu_01A", content: "a plant" }] }),
  ],
  "LangChain's standard blocks": () => [
    new AIMessage({
      contentBlocks: [
        { type: "reasoning", reasoning: "secret thoughts" },
        { type: "text", text: "Let me see." },
        { type: "tool_call", id: "lc_1", name: "look_up", args: { word: "tree" } },
      ],
      response_metadata: { output_version: "v1" },
    }),
    new ToolMessage({ content: "a plant", tool_call_id: "lc_1", name: "look_up", artifact: { raw: 1 } }),
  ],
  "Ollama's": () => [
    new AIMessage({
      content: "Let me see.",
      tool_calls: [
        { id: "7c1f0d3e-1111-4222-8333-944445555666", name: "look_up", args: { word: "tree" }, type: "tool_call" },
      ],
      additional_kwargs: { reasoning_content: "secret thoughts" },
      response_metadata: { done_reason: "stop", eval_count: 7 },
    }),
    new ToolMessage({ content: "a plant", tool_call_id: "7c1f0d3e-1111-4222-8333-944445555666", name: "look_up" }),
  ],
  "an embedded model's": () => [
    new AIMessage({
      content: "Let me see.",
      tool_calls: [{ id: "call_0123456789abcdef01234567", name: "look_up", args: { word: "tree" }, type: "tool_call" }],
      response_metadata: { model_provider: "llama", finish_reason: "tool_calls" },
    }),
    new ToolMessage({ content: "a plant", tool_call_id: "call_0123456789abcdef01234567", name: "look_up" }),
  ],
};

const STEP: Message[] = [
  {
    role: "assistant",
    content: "Let me see.",
    toolCalls: [{ id: "call00001", name: "look_up", args: { word: "tree" } }],
  },
  { role: "tool", content: "a plant", toolCallId: "call00001", name: "look_up" },
];

describe("a step of an agent", () => {
  it.each(Object.entries(SHAPES))("in %s form is kept, and nothing else that its provider put there", (_, shape) => {
    expect(fromLangChain(shape())).toEqual(STEP);
  });

  it("goes to another model as LangChain's plain messages", () => {
    const [said, result] = toLangChain(STEP);
    expect(said).toMatchObject({ content: "Let me see.", additional_kwargs: {}, response_metadata: {} });
    expect(said!.id).toBeUndefined();
    expect(result).toMatchObject({ content: "a plant", tool_call_id: "call00001", additional_kwargs: {} });
  });

  it("is a reply with the same call, numbered on from the conversation", () => {
    for (const shape of Object.values(SHAPES)) {
      const { text, toolCalls } = toReply(shape()[0], { ms: 1, calls: 4 });
      expect(text).toBe("Let me see.");
      expect(toolCalls).toEqual([{ id: "call00005", name: "look_up", args: { word: "tree" } }]);
    }
  });
});

describe("LangChain's messages", () => {
  it("keep calls and results together where a provider gives one id twice, or none", () => {
    const call = (id: string | undefined, word: string) =>
      new AIMessage({ content: "", tool_calls: [{ ...(id ? { id } : {}), name: "look_up", args: { word } }] });
    const said = [
      call("same", "tree"),
      new ToolMessage({ content: "a plant", tool_call_id: "same" }),
      call("same", "oak"),
      new ToolMessage({ content: "a tree", tool_call_id: "same" }),
      call(undefined, "elm"),
      new ToolMessage({ content: "another", tool_call_id: "" }),
    ];
    const ids = fromLangChain(said).map((message) =>
      message.role === "assistant" ? message.toolCalls![0]!.id : message.role === "tool" ? message.toolCallId : "",
    );
    expect(ids).toEqual(["call00001", "call00001", "call00002", "call00002", "call00003", "call00003"]);
  });

  it("lose no words: instructions stay, of an image its kind", () => {
    const said = [
      new SystemMessage("Be brief."),
      new HumanMessage({
        content: [
          { type: "text", text: "What is it?" },
          { type: "image_url", image_url: { url: "data:," } },
        ],
      }),
      new RemoveMessage({ id: "x" }),
      new AIMessage(""),
    ];
    expect(fromLangChain(said)).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: expect.stringMatching(/^What is it\?\n\[image/) },
    ]);
  });

  it("come back as they went, whatever the conversation is", () => {
    const text = fc.string({ minLength: 1 }).filter((said) => said.trim() !== "");
    const json = fc.dictionary(fc.string(), fc.jsonValue()).map((args) => JSON.parse(JSON.stringify(args)));
    const step = fc.record({
      text: fc.string(),
      calls: fc.array(json, { minLength: 1, maxLength: 3 }),
      result: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, step), { maxLength: 8 }), (parts) => {
        let count = 0;
        const said = parts.flatMap((part): Message[] => {
          if (typeof part === "string") return [{ role: "user", content: part }];
          const calls = part.calls.map((args) => ({
            id: `call${String((count += 1)).padStart(5, "0")}`,
            name: "f",
            args,
          }));
          const results = calls.map(({ id }): Message => ({
            role: "tool",
            content: part.result,
            toolCallId: id,
            name: "f",
          }));
          return [{ role: "assistant", content: part.text, toolCalls: calls }, ...results];
        });
        expect(fromLangChain(toLangChain(said))).toEqual(said);
      }),
    );
  });
});

describe("a reply", () => {
  it("keeps what a call was meant to be where its arguments are no JSON", () => {
    const answer = new AIMessage({
      content: "",
      invalid_tool_calls: [
        { id: "1", name: "look_up", args: '{"word": tree', error: "Malformed", type: "invalid_tool_call" },
      ],
    });
    expect(toReply(answer, { ms: 1 })).toMatchObject({ brokenCalls: [{ name: "look_up", args: '{"word": tree' }] });
    expect(toReply(answer, { ms: 1 }).toolCalls).toBeUndefined();
  });

  it("counts no tokens, rather than 0, for a call that a server does not count", () => {
    const answer = new AIMessage({
      content: "",
      tool_calls: [{ id: "1", name: "f", args: {} }],
      usage_metadata: { input_tokens: 9, output_tokens: 0, total_tokens: 9 },
    });
    expect(toReply(answer, { ms: 1 }).usage).toEqual({ inputTokens: 9, outputTokens: null });
  });
});

describe("tools", () => {
  const schema = { type: "object", properties: { word: { type: "string" } }, required: ["word"] };
  const plain = { name: "look_up", description: "Looks a word up.", schema };

  it.each<[string, object]>([
    [
      "OpenAI's",
      { type: "function", function: { name: "look_up", description: "Looks a word up.", parameters: schema } },
    ],
    ["Anthropic's", { name: "look_up", description: "Looks a word up.", input_schema: schema }],
    ["LangChain's plain", { name: "look_up", description: "Looks a word up.", schema }],
  ])("in %s form are the same plain description", (_, tool) => {
    expect(toolSpecs([tool as never])).toEqual([plain]);
  });
});
