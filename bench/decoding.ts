/**
 * Decoding speed of an embedded model: one sample, eight one after another, eight at once.
 *
 * Usage: tsx bench/decoding.ts [model] [rounds]. Prints one line a round and way; run it on an otherwise idle machine.
 * A prompt is evaluated once before the clock starts (it stays in the cache of each sequence it is met on), so that
 * "warm" lines are decoding alone; "cold" lines put a number in front, so that nothing is held, and include prompts.
 */
import { HumanMessage } from "@langchain/core/messages";
import { loadavg } from "node:os";
import { ChatLlama } from "../src/models/llama/chat.js";
import { physicalCores } from "../src/models/llama/cores.js";

const TOKENS = 96;
const model = process.argv[2] ?? "qwen2.5-coder-0.5b-instruct";
const rounds = Number(process.argv[3] ?? 2);
const chat = new ChatLlama({ model, temperature: 0.8, maxTokens: TOKENS });
const question =
  "A baker makes 24 loaves on Monday, twice as many on Tuesday and half as many on Wednesday, and sells each for " +
  "3 dollars. Tell at length, step by step and with reasons, how much is earned on each day and in all.";

let prompts = 0;
/** Draws one sample; returns its output tokens. */
async function draw(seed: number, cold: boolean): Promise<number> {
  const text = cold ? `Problem ${(prompts += 1)}. ${question}` : question;
  const { usage_metadata } = await chat.invoke([new HumanMessage(text)], { seed });
  return usage_metadata?.output_tokens ?? 0;
}

async function inTurn(count: number, cold: boolean): Promise<number> {
  let tokens = 0;
  for (let seed = 0; seed < count; seed += 1) tokens += await draw(seed, cold);
  return tokens;
}

async function atOnce(count: number, cold: boolean): Promise<number> {
  const drawn = await Promise.all(Array.from({ length: count }, (_, seed) => draw(seed, cold)));
  return drawn.reduce((sum, tokens) => sum + tokens, 0);
}

await atOnce(8, false);
console.log(`${model}, ${physicalCores()} threads, ${TOKENS} tokens a sample, load ${loadavg()[0]?.toFixed(1)}`);
for (let round = 1; round <= rounds; round += 1) {
  for (const [name, run] of [
    ["one sample", (cold: boolean) => inTurn(1, cold)],
    ["eight in turn", (cold: boolean) => inTurn(8, cold)],
    ["eight at once", (cold: boolean) => atOnce(8, cold)],
  ] as const) {
    for (const cold of [false, true]) {
      const began = performance.now();
      const tokens = await run(cold);
      const seconds = (performance.now() - began) / 1000;
      console.log(`${round} ${name}, ${cold ? "cold" : "warm"}: ${(tokens / seconds).toFixed(1)} tokens/s`);
    }
  }
}
await ChatLlama.dispose();
