import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { concat } from "@langchain/core/utils/stream";
import { expect } from "vitest";
import type { Point } from "../chat-model-contract.js";

const QUESTION = "Tell a story about a robot that learns to bake bread.";

/** Making a model, asking it, and what an answer says about itself. */
export const basics: Record<string, Point> = {
  "is made with the standard options": ({ create }) => {
    const model = create({ temperature: 0, maxTokens: 10, stop: ["\n"], streaming: true, tags: ["a"] });
    expect(model._modelType()).toBe("base_chat_model");
    expect(model.tags).toEqual(["a"]);
  },
  "says its name, type and options, and serialises": ({ create, lcName }) => {
    const model = create({ maxTokens: 10 });
    expect((model.constructor as typeof AIMessage).lc_name()).toBe(lcName);
    expect(model._llmType()).toMatch(/^[a-z_-]+$/);
    expect(JSON.parse(JSON.stringify(model))).toMatchObject({ lc: 1, id: expect.arrayContaining([lcName]) });
    expect(model.invocationParams({} as never)).toMatchObject({ maxTokens: 10 });
  },
  "tells tracers provider, model, temperature, token limit and stops": ({ create }) => {
    const model = create({ temperature: 0.5, maxTokens: 10, stop: ["\n"] });
    expect(model.getLsParams({} as never)).toEqual({
      ls_provider: expect.any(String),
      ls_model_name: expect.any(String),
      ls_model_type: "chat",
      ls_temperature: 0.5,
      ls_max_tokens: 10,
      ls_stop: ["\n"],
    });
  },
  "answers a string, a message, a pair of role and text, and a prompt template": async ({ create }) => {
    const model = create();
    const template = await ChatPromptTemplate.fromMessages([["human", "{question}"]]).invoke({ question: QUESTION });
    const answers = [];
    for (const input of [QUESTION, [new HumanMessage(QUESTION)], [["human", QUESTION] as const], template]) {
      answers.push(await model.invoke(input as string));
    }
    for (const answer of answers) {
      expect(answer).toBeInstanceOf(AIMessage);
      expect(typeof answer.content).toBe("string");
      expect(answer.text).toBe(answers[0]!.text);
    }
    expect(answers[0]!.text).not.toBe("");
  },
  "streams chunks that join to the answer": async ({ create }) => {
    const model = create();
    const chunks = [];
    for await (const chunk of await model.stream(QUESTION)) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(3);
    for (const chunk of chunks) expect(chunk).toBeInstanceOf(AIMessageChunk);
    expect(chunks.reduce((all, chunk) => concat(all, chunk)).text).toBe((await model.invoke(QUESTION)).text);
  },
  "streams when invoked with a callback that prefers it, as graphs do": async ({ create }) => {
    const pieces: string[] = [];
    const callbacks = [{ lc_prefer_streaming: true, handleLLMNewToken: (piece: string) => void pieces.push(piece) }];
    const { text, usage_metadata } = await create().invoke(QUESTION, { callbacks });
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join("")).toBe(text);
    expect(usage_metadata?.output_tokens).toBeGreaterThan(3);
  },
  "answers a batch in order, also with a limit on how many run at once": async ({ create }) => {
    const model = create({ maxTokens: 6 });
    const questions = ["Hello", "Say a colour.", "Count to three."];
    const answers = await model.batch(questions);
    const narrow = await model.batch(questions, { maxConcurrency: 1 });
    expect(answers.length).toBe(3);
    for (const answer of [...answers, ...narrow]) {
      expect(answer).toBeInstanceOf(AIMessage);
      expect(answer.text).not.toBe("");
    }
    for (const [index, answer] of narrow.entries()) {
      expect(answer.usage_metadata?.input_tokens).toBe(answers[index]!.usage_metadata?.input_tokens);
    }
  },
  "returns a batch's failures beside its answers where that is asked for": async ({ create }) => {
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } };
    const batch = [[new HumanMessage("Hello")], [new HumanMessage({ content: [image] })]];
    const [answer, error] = await create({ maxTokens: 4 }).batch(batch, undefined, { returnExceptions: true });
    expect(answer).toBeInstanceOf(AIMessage);
    expect(error).toBeInstanceOf(Error);
  },
  "streams events: a start, pieces, an end with the whole answer": async ({ create }) => {
    const events = [];
    for await (const event of create().streamEvents(QUESTION, { version: "v2" })) events.push(event);
    expect(events[0]?.event).toBe("on_chat_model_start");
    expect(events.at(-1)?.event).toBe("on_chat_model_end");
    const pieces = events.filter(({ event }) => event === "on_chat_model_stream");
    expect(pieces.length).toBeGreaterThan(3);
    const text = pieces.map(({ data }) => (data.chunk as AIMessageChunk).text).join("");
    expect((events.at(-1)!.data.output as AIMessage).text).toBe(text);
  },
  "goes on in a conversation": async ({ create }) => {
    const messages = [new SystemMessage("You are terse."), new HumanMessage("hello"), new AIMessage("hello")];
    const answer = await create().invoke([...messages, new HumanMessage("how are you")]);
    expect(answer).toBeInstanceOf(AIMessage);
    expect(answer.text).not.toBe("");
  },
  "takes several human and several system messages in a row": async ({ create }) => {
    const model = create({ maxTokens: 8 });
    const rows = [new SystemMessage("Be kind."), new SystemMessage("Be terse.")];
    const human = [new HumanMessage("hello"), new HumanMessage({ content: "how are you", name: "Ada" })];
    expect((await model.invoke(human)).text).not.toBe("");
    expect((await model.invoke([...rows, ...human])).text).not.toBe("");
    const turns = [new HumanMessage("hi"), new AIMessage("hello"), new AIMessage("there"), ...human];
    expect((await model.invoke(turns)).text).not.toBe("");
  },
  "reports usage, the reason it ended and the model's name": async ({ create }) => {
    const { usage_metadata: usage, response_metadata } = await create({ maxTokens: 5 }).invoke(QUESTION);
    expect(usage?.input_tokens).toBeGreaterThan(5);
    expect(usage?.output_tokens).toBe(5);
    expect(usage?.total_tokens).toBe(usage!.input_tokens + 5);
    expect(response_metadata).toMatchObject({ finish_reason: "length", model_name: expect.any(String) });
  },
  "streams usage and the reason it ended, once and alike": async ({ create }) => {
    const model = create({ maxTokens: 5 });
    const chunks = [];
    for await (const chunk of await model.stream(QUESTION)) chunks.push(chunk);
    expect(chunks.filter(({ usage_metadata }) => usage_metadata !== undefined).length).toBe(1);
    const { usage_metadata, response_metadata } = chunks.reduce((all, chunk) => concat(all, chunk));
    expect(usage_metadata).toMatchObject((await model.invoke(QUESTION)).usage_metadata!);
    expect(response_metadata).toMatchObject({ finish_reason: "length", model_name: expect.any(String) });
  },
  "stops at a stop string of the call and of the model": async ({ create }) => {
    const whole = (await create({ maxTokens: 12 }).invoke(QUESTION)).text;
    const stop = [whole.slice(8, 14)];
    const kept = whole.slice(0, whole.indexOf(stop[0]!));
    const model = create({ maxTokens: 12 });
    expect((await model.invoke(QUESTION, { stop })).text).toBe(kept);
    expect((await create({ maxTokens: 12, stop }).invoke(QUESTION)).text).toBe(kept);
    const pieces = [];
    for await (const chunk of await model.stream(QUESTION, { stop })) pieces.push(chunk.text);
    expect(pieces.join("")).toBe(kept);
  },
};
