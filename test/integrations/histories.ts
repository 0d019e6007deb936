import { AIMessage, AIMessageChunk, HumanMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { Command, INTERRUPT, MemorySaver } from "@langchain/langgraph";
import {
  createAgent,
  humanInTheLoopMiddleware,
  modelCallLimitMiddleware,
  providerStrategy,
  tool,
  toolCallLimitMiddleware,
  toolStrategy,
  type AnyAgentMiddleware,
} from "langchain";
import { z } from "zod";
import { copeMiddleware } from "../../src/integrations/index.js";

/** What a model says at its steps, by the number of its messages that are there already. */
type Said = string | { text?: string; calls?: Call[] };
type Call = [name: string, args?: unknown, id?: string];

/** A model whose every draft is the same: it is sure. */
class Sure extends BaseChatModel {
  private readonly steps: readonly Said[];
  private readonly tools: string[] = [];

  constructor(steps: readonly Said[], tools: string[] = []) {
    super({});
    this.steps = steps;
    this.tools = tools;
  }

  override _llmType(): string {
    return "sure";
  }

  override bindTools(tools: BindToolsInput[]): this {
    const names = tools.map((one) => {
      const { name, function: inner } = one as { name?: string; function?: { name: string } };
      return inner?.name ?? name ?? "";
    });
    return new Sure(this.steps, names) as this;
  }

  private step(messages: BaseMessage[]): Exclude<Said, string> {
    // Where it is asked in words alone, it says nothing: nobody should ask.
    const nth = messages.filter((message) => message.getType() === "ai").length;
    const said = this.steps[nth] ?? "Out of steps.";
    return typeof said === "string" ? { text: said } : said;
  }

  override async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const { text = "", calls = [] } = this.step(messages);
    const last = this.tools.find((name) => /^extract-|^final_answer/.test(name));
    const tool_calls = calls.map(([name, args = {}, id = `id${Math.random()}`]) => ({
      name: name === "END" ? last! : name,
      args: args as Record<string, unknown>,
      id,
      type: "tool_call" as const,
    }));
    const message = new AIMessage({ content: text, tool_calls });
    return { generations: [{ text, message }] };
  }

  override async *_streamResponseChunks(messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    const { text = "", calls = [] } = this.step(messages);
    const pieces = calls.flatMap(([name, args = {}, id = `id${Math.random()}`], index) => {
      const json = JSON.stringify(args);
      return [
        { name, id, index, args: json.slice(0, 3), type: "tool_call_chunk" as const },
        { index, args: json.slice(3), type: "tool_call_chunk" as const },
      ];
    });
    yield new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text }) });
    for (const piece of pieces)
      yield new ChatGenerationChunk({
        text: "",
        message: new AIMessageChunk({ content: "", tool_call_chunks: [piece] }),
      });
  }
}

/** A large model that nobody should need. */
class Silent extends Sure {
  override bindTools(): this {
    return this;
  }

  override async _generate(): Promise<ChatResult> {
    throw new Error("nobody asks the large model");
  }
}

/** One history: an agent's tools and middleware, what its model says, and what people ask and decide. */
export interface History {
  steps: Said[];
  middleware?: () => AnyAgentMiddleware[];
  responseFormat?: unknown;
  /** What comes in, one after the other, in one thread. @default one question */
  turns?: (string | Command | BaseMessage[])[];
  /** Whoever calls streams messages, so that the agent's model does. */
  stream?: boolean;
}

/** Tools of an agent's day, with what they did. */
function toolbox() {
  const done: string[] = [];
  const make = (name: string, schema: unknown, run: (args: any, config: any) => unknown, more: object = {}) =>
    tool(
      async (args: any, config: any) => {
        done.push(`${name} ${JSON.stringify(args)}`);
        return run(args, config);
      },
      { name, description: `The tool ${name}.`, schema: schema as never, ...more },
    );
  const text = z.object({ text: z.string() });
  const tools = [
    make("write", text, ({ text: said }) => `wrote ${said}`),
    make("append", text, ({ text: said }) => `appended ${said}`),
    make("price", z.object({ of: z.string() }), ({ of }) => `${of} costs ${of.length}`),
    make("list", z.object({}), () => "a, b"),
    make("strict", z.strictObject({ n: z.number() }), ({ n }) => String(n)),
    make("loose", z.looseObject({ n: z.number() }), (args) => JSON.stringify(args)),
    make(
      "shaped",
      z.object({ n: z.coerce.number(), on: z.string().transform((s) => s.length), unit: z.string().default("m") }),
      (args) => JSON.stringify(args),
    ),
    make("either", z.object({ by: z.union([z.object({ id: z.number() }), z.object({ name: z.string() })]) }), (args) =>
      JSON.stringify(args),
    ),
    make(
      "json",
      {
        type: "object",
        properties: { q: { type: "string" }, limit: { type: "integer", default: 10 } },
        required: ["q"],
      },
      (args) => JSON.stringify(args),
    ),
    make("fails", z.object({ n: z.number() }), () => {
      throw new Error("the tool is broken");
    }),
    make("direct", z.object({}), () => "said directly", { returnDirect: true }),
    make(
      "command",
      z.object({}),
      (_args: unknown, config: any) =>
        new Command({
          update: {
            messages: [new ToolMessage({ content: "by a command", tool_call_id: config.toolCall.id, name: "command" })],
          },
        }),
    ),
    make(
      "code",
      z.object({ phone: z.string().regex(new RegExp("^\\d{3}\\-\\d{4}$")) }),
      ({ phone }) => `called ${phone}`,
    ),
  ];
  return { tools, done };
}

/** What a history ends in. */
export interface Ending {
  /** Content, calls and results, without ids and metadata. LangChain counts its tools for structured output up. */
  messages: unknown[];
  /** What the tools did. */
  done: string[];
  structured: unknown;
  /** What a person is asked. */
  waits: unknown[];
}

/** Plays a history: with the middleware, or by the plain agent. What it throws is an ending, too. */
export async function ending(history: History, withCope: boolean): Promise<Ending | { error: string }> {
  const { tools, done } = toolbox();
  const large = new Silent([]);
  // What only repeats the last step is not asked about again, as in a plain agent.
  const cope = copeMiddleware({ large, samples: 3, stages: "cope:direct", attempts: 1, mayRepeat: true });
  const agent = createAgent({
    model: new Sure(history.steps),
    tools,
    middleware: [...(history.middleware?.() ?? []), ...(withCope ? [cope] : [])],
    checkpointer: new MemorySaver(),
    ...(history.responseFormat ? { responseFormat: history.responseFormat as never } : {}),
  });
  const config = { configurable: { thread_id: "t" } };
  let last: any;
  for (const turn of history.turns ?? ["Do it."]) {
    const said = typeof turn === "string" ? [{ role: "user", content: turn }] : turn;
    const input = Array.isArray(said) ? { messages: said } : said;
    try {
      if (history.stream) {
        for await (const _ of await agent.stream(input as never, { ...config, streamMode: "messages" }));
        last = ((await agent.graph.getState(config)) as { values: unknown }).values;
      } else last = await agent.invoke(input as never, config);
    } catch (error) {
      return { error: String(error) };
    }
  }
  return {
    messages: (last.messages as BaseMessage[]).map(bare),
    done,
    structured: last.structuredResponse,
    waits: (last[INTERRUPT] ?? []).map(({ value }: any) => value.actionRequests),
  };
}

const ENDING = /^extract-\d+$/;
const nameOf = (name: string | undefined) => name?.replace(ENDING, "final_answer");

function bare(message: BaseMessage): unknown {
  const { tool_calls: calls = [] } = message as AIMessage;
  const { name, status } = message as ToolMessage;
  return {
    type: message.getType(),
    text: message.text,
    ...(calls.length > 0 ? { calls: calls.map((call) => [nameOf(call.name), call.args]) } : {}),
    ...(ToolMessage.isInstance(message) ? { name: nameOf(name), failed: status === "error" } : {}),
  };
}

const hitl =
  (...names: string[]) =>
  () => [humanInTheLoopMiddleware({ interruptOn: Object.fromEntries(names.map((name) => [name, true])) })];
const decide = (...types: object[]) => new Command({ resume: { decisions: types } });
const Sum = z.object({ sum: z.number() });

/** Histories that a plain agent survives. */
export const HISTORIES: Readonly<Record<string, History>> = {
  "one call": { steps: [{ calls: [["price", { of: "tea" }]] }, "3"] },
  "text beside a call": { steps: [{ text: "I look it up.", calls: [["price", { of: "tea" }]] }, "3"] },
  "parallel calls, in their order": {
    steps: [
      {
        calls: [
          ["write", { text: "head" }],
          ["append", { text: "tail" }],
        ],
      },
      "Done.",
    ],
  },
  "the same call twice in one message": {
    steps: [{ calls: [["price", { of: "tea" }], ["price", { of: "tea" }], ["list"]] }, "6"],
  },
  "the same call in two steps": { steps: [{ calls: [["list"]] }, { calls: [["list"]] }, { calls: [["list"]] }, "a"] },
  "one argument more": { steps: [{ calls: [["price", { of: "tea", currency: "EUR" }]] }, "3"] },
  "one argument more, strict, then right": {
    steps: [{ calls: [["strict", { n: 1, m: 2 }]] }, { calls: [["strict", { n: 1 }]] }, "1"],
  },
  "one argument more, loose": { steps: [{ calls: [["loose", { n: 1, m: 2 }]] }, "1"] },
  "no parameters": { steps: [{ calls: [["list"]] }, "a, b"] },
  "coercion, a transform, a default": { steps: [{ calls: [["shaped", { n: "5", on: "abc" }]] }, "5 m"] },
  "a union": {
    steps: [
      {
        calls: [
          ["either", { by: { name: "a" } }],
          ["either", { by: { id: 1 } }],
        ],
      },
      "Both.",
    ],
  },
  "a tool by JSON schema": { steps: [{ calls: [["json", { q: "a", more: true }]] }, "Found."] },
  "a pattern without the flag u": { steps: [{ calls: [["code", { phone: "555-1234" }]] }, "Called."] },
  "a tool that throws": { steps: [{ calls: [["fails", { n: 1 }]] }, { calls: [["list"]] }, "a"] },
  "a tool there is none of": { steps: [{ calls: [["fly", { to: "Linz" }]] }, "I cannot fly."] },
  "a missing argument, then right": { steps: [{ calls: [["price", {}]] }, { calls: [["price", { of: "tea" }]] }, "3"] },
  "a wrong kind beside a right call": { steps: [{ calls: [["list"], ["strict", { n: "many" }]] }, "Well."] },
  "a tool that answers itself": { steps: [{ calls: [["direct"]] }, "never said"] },
  "a tool that returns a command": { steps: [{ calls: [["command"], ["list"]] }, "Done."] },
  "one id for two calls": {
    steps: [
      {
        calls: [
          ["price", { of: "tea" }, "x"],
          ["price", { of: "milk" }, "x2"],
        ],
      },
      { calls: [["list", {}, "x"]] },
      "7",
    ],
  },
  "ids of odd forms": {
    steps: [
      {
        calls: [
          ["list", {}, "toolu_01:A/b+c=="],
          ["price", { of: "a" }, "0"],
        ],
      },
      "1",
    ],
  },
  "a call that a person rejects": {
    steps: [{ calls: [["write", { text: "a" }]] }, "Not written."],
    middleware: hitl("write"),
    turns: ["Do it.", decide({ type: "reject", message: "no" })],
  },
  "one of two calls rejected": {
    steps: [
      {
        calls: [
          ["write", { text: "a" }],
          ["append", { text: "b" }],
        ],
      },
      "Half.",
    ],
    middleware: hitl("write", "append"),
    turns: ["Do it.", decide({ type: "approve" }, { type: "reject", message: "no" }), "And now?"],
  },
  "a call that a person edits": {
    steps: [{ calls: [["write", { text: "a" }]] }, "Written."],
    middleware: hitl("write"),
    turns: ["Do it.", decide({ type: "edit", editedAction: { name: "write", args: { text: "b" } } })],
  },
  "a limit of calls of tools": {
    steps: [{ calls: [["list"], ["price", { of: "a" }], ["price", { of: "b" }]] }, "Enough.", "Well."],
    middleware: () => [toolCallLimitMiddleware({ runLimit: 1 })],
    turns: ["Do it.", "More?"],
  },
  "a limit of a tool's calls that ends the run": {
    steps: [
      {
        calls: [
          ["price", { of: "a" }],
          ["price", { of: "b" }],
        ],
      },
      "unsaid",
      "Well.",
    ],
    middleware: () => [toolCallLimitMiddleware({ toolName: "price", runLimit: 1, exitBehavior: "end" })],
    turns: ["Do it.", "More?"],
  },
  "a limit of calls of models": {
    steps: [{ calls: [["list"]] }, "unsaid", "Well."],
    middleware: () => [modelCallLimitMiddleware({ runLimit: 1 })],
    turns: ["Do it.", "More?"],
  },
  "a thread whose call has no result": {
    steps: ["unsaid", "Never mind."],
    turns: [
      [
        new HumanMessage("Do it."),
        new AIMessage({ content: "", tool_calls: [{ name: "list", args: {}, id: "a", type: "tool_call" }] }),
        new HumanMessage("Never mind?"),
      ],
    ],
  },
  "structured output by a tool": {
    steps: [{ calls: [["list"]] }, { calls: [["END", { sum: 5 }]] }],
    responseFormat: toolStrategy(Sum),
  },
  "structured output by a schema": { steps: [{ calls: [["END", { sum: 5 }]] }], responseFormat: Sum },
  "structured output by the provider": {
    steps: [{ calls: [["list"]] }, '{"sum":5}'],
    responseFormat: providerStrategy(Sum),
  },
  "calls without ids": {
    steps: [
      {
        calls: [
          ["list", {}, ""],
          ["price", { of: "a" }, ""],
        ],
      },
      "1",
    ],
  },
  "streamed parallel calls": {
    steps: [{ text: "I look.", calls: [["write", { text: "a" }], ["list"]] }, "Done."],
    stream: true,
  },
  "an empty last word": { steps: [{ calls: [["write", { text: "a" }]] }, ""] },
  "two turns": {
    steps: [{ calls: [["list"]] }, "a", { calls: [["price", { of: "a" }]] }, "1"],
    turns: ["Which?", "How much?"],
  },
};
