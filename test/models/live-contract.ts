import { expect, it } from "vitest";
import { createCaller } from "../../src/models/call.js";
import { memoryJournal } from "../../src/models/journal.js";
import type { ChatHandle, Sampling } from "../../src/models/types.js";
import type { Message } from "../../src/state/message.js";
import { callContext, callRequest } from "./calls.js";

const USER: Message[] = [{ role: "user", content: "Say hello to Anna." }];
const SAMPLING: Sampling = { temperature: 0.8, maxTokens: 16, seed: 7 };

const askerOf =
  (handle: ChatHandle) =>
  (messages = USER, more: Partial<Sampling> = {}) =>
    handle.ask(messages, { ...SAMPLING, ...more }, new AbortController().signal);

/** What every adapter keeps on a real model, whatever the model says. */
export function liveContract(open: () => Promise<ChatHandle>): void {
  const asker = async () => askerOf(await open());

  it("answers with text, counted tokens and the reason of its end", async () => {
    const reply = await (await asker())();
    expect(reply.text.length).toBeGreaterThan(0);
    expect(reply.usage.inputTokens).toBeGreaterThan(5);
    expect(reply.usage.outputTokens).toBeGreaterThan(0);
    expect(["stop", "length"]).toContain(reply.finish);
  });

  it("ends at the output limit, and says so", async () => {
    const reply = await (await asker())([{ role: "user", content: "Count to one hundred." }], { maxTokens: 4 });
    expect(reply.finish).toBe("length");
    expect(reply.usage.outputTokens).toBe(4);
  });

  it("takes seed and temperature: a seed repeats itself, eight seeds differ, temperature 0 does not heed them", async () => {
    const ask = await asker();
    const texts = async (temperature: number, seeds: number[]) => {
      const all: string[] = [];
      for (const seed of seeds) all.push((await ask(USER, { temperature, seed })).text);
      return new Set(all).size;
    };
    // Two, not one: a server that has the prompt in its cache sums in another order than one that reads it anew.
    expect(await texts(0.8, [3, 3, 3, 3])).toBeLessThanOrEqual(2);
    expect(await texts(1.5, [1, 2, 3, 4, 5, 6, 7, 8])).toBeGreaterThan(2);
    expect(await texts(0, [1, 2, 3, 4])).toBeLessThanOrEqual(2);
  });

  it("ends before a stop string, which is no part of the text", async () => {
    const ask = await asker();
    const whole = (await ask(USER, { temperature: 0 })).text;
    const stop = whole.trim().slice(3, 6);
    const cut = await ask(USER, { temperature: 0, stop: [stop] });
    expect(cut.text).not.toContain(stop);
    expect(cut.text.length).toBeLessThan(whole.length);
    expect(cut.finish).toBe("stop");
  });

  it("reads system messages and text of any script: the prompt grows by them", async () => {
    const ask = await asker();
    const short = await ask(USER, { maxTokens: 1 });
    const system: Message = { role: "system", content: "Antworte höflich. 数を数える。 😀 <|im_end|>" };
    const long = await ask([system, ...USER], { maxTokens: 1 });
    expect(long.usage.inputTokens).not.toBe(short.usage.inputTokens);
  });

  it("keeps calls at once apart", async () => {
    const ask = await asker();
    const replies = await Promise.all([1, 2, 3, 4].map((n) => ask([{ role: "user", content: `Say ${n}.` }])));
    expect(replies.map(({ usage }) => (usage.outputTokens ?? 0) > 0)).toEqual([true, true, true, true]);
  });

  it("ends an aborted call in its midst, and answers the next", async () => {
    const handle = await open();
    const abort = new AbortController();
    const caller = createCaller({ journal: memoryJournal() });
    const request = callRequest({ messages: USER, sampling: { ...SAMPLING, maxTokens: 1000 } });
    const call = caller(request, callContext(handle, { signal: abort.signal }));
    setTimeout(() => abort.abort(new Error("enough")), 100);
    await expect(call).rejects.toThrow("enough");
    expect((await (await asker())()).text).not.toBe("");
  });
}

/** The part for a model that reports log-probabilities. */
export function hasLogprobs(open: () => Promise<ChatHandle>): void {
  it("gives the log-probability of every token when asked", async () => {
    const handle = await open();
    expect(await handle.ability?.("logprobs")).toMatchObject({ has: true });
    const reply = await askerOf(handle)(USER, { logprobs: true, topLogprobs: 2, temperature: 0 });
    expect(reply.logprobs!.length).toBeGreaterThan(0);
    expect(reply.logprobs!.every((value) => value <= 0)).toBe(true);
    // The likeliest token is the one that is chosen at temperature 0.
    reply.topLogprobs!.forEach((top, i) => expect(top[0]!.logprob).toBeCloseTo(reply.logprobs![i]!, 4));
  });
}

/** The part for a model that reports none. */
export function lacksLogprobs(open: () => Promise<ChatHandle>): void {
  it("says that it has no log-probabilities, and fails rather than pass without", async () => {
    const handle = await open();
    expect(await handle.ability?.("logprobs")).toMatchObject({ has: false, remedy: expect.any(String) });
    await expect(askerOf(handle)(USER, { logprobs: true })).rejects.toMatchObject({ code: "ABILITY_MISSING" });
  });
}
