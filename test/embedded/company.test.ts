import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { afterAll, describe, expect, it } from "vitest";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { listModels } from "../../src/models/llama/library.js";
import { needs } from "../support/needs.js";

const model = "smollm2-135m-instruct";
const present = listModels().some((listed) => listed.name === model && listed.present);

// Copying is what the smallest model does without fail, so that an answer tells whose cache it was made from.
const example = (number: number) => [new HumanMessage(`Repeat the number: ${number}`), new AIMessage(String(number))];
const repeat = (number: number) => [
  ...[417, 902, 158].flatMap(example),
  new HumanMessage(`Repeat the number: ${number}`),
];
const endless = [new HumanMessage("Count upwards from one, for ever.")];

afterAll(() => ChatLlama.dispose());

describe.runIf(needs(`the weights of ${model} (cope models pull ${model})`, present))("200 calls at once", () => {
  it("on eight sequences, half of them aborted, leave every other answer right", { timeout: 300_000 }, async () => {
    const chat = new ChatLlama({ model, temperature: 0, maxTokens: 6, sequences: 8 });
    const numbers = Array.from({ length: 100 }, (_, index) => 100 + ((index * 37) % 900));
    const inputTokens = await chat.countPromptTokens(repeat(numbers[0]!));

    const kept: Promise<AIMessage>[] = [];
    const ends: { reason: Error; call: Promise<unknown> }[] = [];
    for (const [index, number] of numbers.entries()) {
      kept.push(chat.invoke(repeat(number)));
      const stop = new AbortController();
      const reason = new Error(`not wanted: ${number}`);
      let pieces = 0;
      // Some never begin, some end while they wait or read their prompt, some after their third token.
      if (index % 3 === 0) stop.abort(reason);
      if (index % 3 === 1) setTimeout(() => stop.abort(reason), index * 20);
      const callbacks = [
        {
          handleLLMNewToken() {
            pieces += 1;
            if (pieces === 3) stop.abort(reason);
          },
        },
      ];
      const call = (async () => {
        for await (const _ of await chat.stream(endless, { maxTokens: 1000, signal: stop.signal, callbacks }));
      })();
      ends.push({ reason, call: call.catch((caught: unknown) => caught) });
    }

    const answers = await Promise.all(kept);
    expect(answers.map(({ text }) => text.trim())).toEqual(numbers.map(String));
    for (const { usage_metadata: usage } of answers) {
      expect(usage?.input_tokens).toBe(inputTokens);
      expect(usage?.output_tokens).toBeLessThanOrEqual(6);
    }
    for (const { reason, call } of ends) expect(String(await call)).toMatch(new RegExp(`${reason.message}|abort`, "i"));

    // All eight places are free again: with one lost, the last of these would wait for ever.
    const after = await Promise.all(numbers.slice(0, 8).map((number) => chat.invoke(repeat(number))));
    expect(after.map(({ text }) => text.trim())).toEqual(numbers.slice(0, 8).map(String));
  });

  it(
    "beyond the bound of waiting calls are refused at once, and the others answered",
    { timeout: 120_000 },
    async () => {
      const chat = new ChatLlama({ model, temperature: 0, maxTokens: 6, sequences: 2, maxQueue: 3 });
      const calls = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => chat.invoke(repeat(200 + index))));
      const refused = calls.flatMap((call) => (call.status === "rejected" ? [call.reason] : []));
      expect(refused.length).toBe(4);
      for (const error of refused) expect(error).toMatchObject({ code: "RATE_LIMITED" });
      const answers = calls.flatMap((call, index) =>
        call.status === "fulfilled" ? [[call.value.text.trim(), index]] : [],
      );
      for (const [text, index] of answers) expect(text).toBe(String(200 + Number(index)));
    },
  );
});
