import { expect, it, describe, onTestFinished } from "vitest";
import { createCaller, type CallContext, type CallRequest } from "../../src/models/call.js";
import { memoryJournal } from "../../src/models/journal.js";
import type { ChatHandle, Sampling } from "../../src/models/types.js";
import type { Message } from "../../src/state/message.js";
import type { ServerReply } from "../support/openai-server.js";
import { callContext, callRequest, until } from "./calls.js";

/** A request as it came in, in one form for all protocols. */
export interface Arrived {
  messages: { role: string; content: string }[];
  temperature?: number;
  topP?: number;
  maxTokens?: number;
  stop?: string[];
  seed?: number;
}

/** A model on one side and what it talks to on the other. */
export interface Adapted {
  handle: ChatHandle;
  arrived: Arrived[];
  /** Requests whose client left before the answer was whole; undefined where there is no connection to leave. */
  left?: () => number;
  close?: () => Promise<void>;
}

export type Handler = (request: Arrived, count: number) => ServerReply | Promise<ServerReply>;

const USER: Message[] = [{ role: "user", content: "What is six times seven?" }];
const SAMPLING: Sampling = { temperature: 0.4, maxTokens: 256, seed: 7 };

/** What every way to give a model must keep. `skip`: titles of cases that do not apply, with the reason. */
export function adapterContract(
  name: string,
  open: (handler: Handler) => Promise<Adapted>,
  skip: Readonly<Record<string, string>> = {},
): void {
  const start = async (handler: Handler) => {
    const adapted = await open(handler);
    onTestFinished(() => adapted.close?.());
    const ask = (messages = USER, sampling = SAMPLING) =>
      adapted.handle.ask(messages, sampling, new AbortController().signal);
    // Retries and aborts as the graph meets them: through the door.
    const caller = createCaller({ journal: memoryJournal(), retryWaitMs: 1 });
    const call = (request: Partial<CallRequest> = {}, context: Partial<CallContext> = {}) =>
      caller(callRequest(request), callContext(adapted.handle, context));
    return { ...adapted, ask, call };
  };

  const cases: Record<string, () => Promise<void>> = {
    "gives back the text, its length in tokens and why it ended": async () => {
      const { ask } = await start(() => ({ text: "forty-two", usage: { prompt_tokens: 31, completion_tokens: 9 } }));
      expect(await ask()).toEqual({
        text: "forty-two",
        usage: { inputTokens: 31, outputTokens: 9 },
        finish: "stop",
        ms: expect.any(Number),
      });
    },
    "tells a text cut by the output limit": async () => {
      const { ask } = await start(() => ({ text: "forty", finish: "length" }));
      expect((await ask()).finish).toBe("length");
    },
    "reports null tokens, never 0, where the server counts none": async () => {
      const { ask } = await start(() => ({ text: "forty-two", usage: null }));
      expect((await ask()).usage).toEqual({ inputTokens: null, outputTokens: null });
    },
    "takes an empty text for a reply, of 0 tokens where the server says so": async () => {
      const { ask } = await start(() => ({ text: "", usage: { prompt_tokens: 31, completion_tokens: 0 } }));
      expect(await ask()).toMatchObject({ text: "", usage: { inputTokens: 31, outputTokens: 0 } });
    },
    "keeps text of any script": async () => {
      const odd = `"\\\n\t😀 数 ${"é".repeat(40)}`;
      const { ask, arrived } = await start(({ messages }) => messages.at(-1)!.content);
      expect((await ask([{ role: "user", content: odd }])).text).toBe(odd);
      expect(arrived[0]!.messages.at(-1)!.content).toBe(odd);
    },
    "sends messages in order, each under its role": async () => {
      const { ask, arrived } = await start(() => "ok");
      const messages: Message[] = [
        { role: "system", content: "You count." },
        { role: "user", content: "one" },
        { role: "assistant", content: "two" },
        { role: "user", content: "three" },
      ];
      await ask(messages);
      expect(arrived[0]!.messages).toEqual(messages);
    },
    "asks every call at its own temperature, limit, stop strings and seed": async () => {
      const { ask, arrived } = await start(() => "ok");
      const first: Sampling = { temperature: 0.9, topP: 0.8, maxTokens: 33, stop: ["\n\n", "END"], seed: 11 };
      const second: Sampling = { temperature: 0, maxTokens: 44, seed: 12 };
      await ask(USER, first);
      await ask(USER, second);
      expect(arrived[0]).toMatchObject(first);
      expect(arrived[1]).toMatchObject(second);
      expect(arrived[1]!.stop).toBeUndefined();
    },
    "keeps eight calls at once apart": async () => {
      const { ask } = await start(async ({ seed }) => {
        await new Promise((done) => setTimeout(done, 8 - seed!));
        return `number ${seed}`;
      });
      const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
      const replies = await Promise.all(seeds.map((seed) => ask(USER, { ...SAMPLING, seed })));
      expect(replies.map(({ text }) => text)).toEqual(seeds.map((seed) => `number ${seed}`));
    },
    "fails rather than pass without log-probabilities that it was asked for": async () => {
      const { ask } = await start(() => "forty-two");
      await expect(ask(USER, { ...SAMPLING, logprobs: true })).rejects.toMatchObject({
        code: "ABILITY_MISSING",
        remedy: expect.any(String),
      });
    },
    "stops the run at a key that is refused, at the first attempt": async () => {
      const { call, arrived } = await start(() => ({ status: 401 }));
      await expect(call()).rejects.toMatchObject({ code: "AUTH_REJECTED" });
      expect(arrived).toHaveLength(1);
    },
    "asks again after 429, as late as the server wishes": async () => {
      const { call, arrived } = await start((_, count) =>
        count === 0 ? { status: 429, headers: { "retry-after": "0.05" } } : "forty-two",
      );
      const { reply, entries } = await call();
      expect(reply?.text).toBe("forty-two");
      expect(entries.map(({ error }) => error)).toEqual(["RATE_LIMITED", undefined]);
      expect(arrived).toHaveLength(2);
    },
    "asks again where the connection drops in the midst of an answer, and says so": async () => {
      const { call } = await start((_, count) => (count === 0 ? { fault: "cut" } : "forty-two"));
      const { reply, entries } = await call();
      expect(reply?.text).toBe("forty-two");
      expect(entries.map(({ error }) => error)).toEqual(["CONNECTION_LOST", undefined]);
    },
    "takes what is no JSON, and JSON without an answer, for a failure of the model": async () => {
      for (const raw of ["<html>sorry</html>", '{"choices":[]}']) {
        const { call } = await start(() => ({ raw }));
        const { reply, failed } = await call({}, { attempts: 1 });
        expect({ raw, text: reply?.text, failed: failed !== undefined }).toEqual({
          raw,
          text: undefined,
          failed: true,
        });
      }
    },
    "stops the run at a model that only embeds texts": async () => {
      const { call, arrived } = await start(() => ({
        status: 400,
        message: '"nomic-embed-text" does not support chat',
      }));
      await expect(call()).rejects.toMatchObject({ code: "ABILITY_MISSING", isUsage: true });
      expect(arrived).toHaveLength(1);
    },
    "leaves retries to the door: a failing server sees as many requests as there are attempts": async () => {
      const { call, arrived } = await start(() => ({ status: 500 }));
      const { failed, entries } = await call();
      expect(failed?.code).toBe("SERVER_FAILED");
      expect(entries).toHaveLength(3);
      expect(arrived).toHaveLength(3);
    },
    "ends a call that is aborted, and no other call": async () => {
      const released = Promise.withResolvers<ServerReply>();
      const { call, arrived } = await start(({ seed }) => (seed === 1 ? { fault: "stall" } : released.promise));
      const abort = new AbortController();
      const aborted = call({ sampling: { ...SAMPLING, seed: 1 } }, { signal: abort.signal });
      const other = call({ sampling: { ...SAMPLING, seed: 2 } });
      await until(() => arrived.length === 2);
      abort.abort(new Error("enough"));
      await expect(aborted).rejects.toThrow("enough");
      released.resolve("still here");
      expect(await other).toMatchObject({ reply: { text: "still here" }, entries: [{ attempt: 1 }] });
    },
    "lets the server know that an aborted call is over": async () => {
      const { call, arrived, left } = await start(() => ({ fault: "stall" }));
      const abort = new AbortController();
      const aborted = call({}, { signal: abort.signal });
      await until(() => arrived.length === 1);
      abort.abort(new Error("enough"));
      await expect(aborted).rejects.toThrow("enough");
      await until(() => left!() === 1);
    },
  };

  const unknown = Object.keys(skip).filter((title) => !(title in cases));
  if (unknown.length > 0) throw new Error(`no such case: ${unknown.join(", ")}`);
  describe(`${name} keeps the adapter contract:`, () => {
    const applicable = Object.entries(cases).filter(([title]) => skip[title] === undefined);
    it.each(applicable)("%s", async (_, run) => {
      await expect(run()).resolves.toBeUndefined();
    });
  });
}
