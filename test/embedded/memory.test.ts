import { describe, expect, it } from "vitest";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { listModels } from "../../src/models/llama/library.js";
import { needs } from "../support/needs.js";

const model = "smollm2-135m-instruct";
const present = listModels().some((listed) => listed.name === model && listed.present);
const MEBIBYTE = 2 ** 20;

describe.runIf(needs(`the weights of ${model} (cope models pull ${model})`, present))("memory", () => {
  it("is given back: twenty times loaded, used and disposed hold no more than five", { timeout: 300_000 }, async () => {
    const held: number[] = [];
    for (let time = 1; time <= 20; time += 1) {
      const chat = new ChatLlama({ model, maxTokens: 4 });
      await Promise.all([1, 2, 3].map((seed) => chat.invoke(`Say hello, number ${seed}.`)));
      for await (const _ of await chat.stream("Hello", { maxTokens: 2 }));
      await ChatLlama.dispose();
      held.push(process.memoryUsage().rss);
    }
    console.log(`resident after 5, 10, 15, 20 times: ${[5, 10, 15, 20].map((time) => mebibytes(held[time - 1]!))} MiB`);
    // One more copy of weights or context, 100 to 200 MiB, in fifteen times would be a leak; what the collector of
    // JavaScript's objects has not come to yet is a few MiB.
    expect(held[19]! - held[4]!).toBeLessThan(60 * MEBIBYTE);
  });
});

function mebibytes(bytes: number): number {
  return Math.round(bytes / MEBIBYTE);
}
