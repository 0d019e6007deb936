import { existsSync } from "node:fs";
import { HumanMessage } from "@langchain/core/messages";
import type { LlamaContextSequence, Token } from "node-llama-cpp";
import { afterAll, describe, expect, it } from "vitest";
import { catalogEntry, weightsPath } from "../../src/models/llama/catalog.js";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { withEngine } from "../../src/models/llama/engine.js";
import type { TokenLogprob } from "../../src/models/llama/shapes.js";
import { needs } from "../support/needs.js";

const model = "smollm2-135m-instruct";
const path = weightsPath(catalogEntry(model));
const present = needs(`the weights of ${model} (cope models pull ${model})`, existsSync(path));
const options = { contextSize: 512, deterministic: true };

/** In natural logarithm: one engine, one thread and the same kernels, so that only the order of sums is left. */
const TOLERANCE = 0.005;

const TEXT =
  "The old harbour lay still under a thin fog, and the boats that had come in at night rocked slowly against the wall. " +
  "A woman in a grey coat walked along the quay, counted the lamps as she passed them, and stopped at the ninth. There " +
  "she opened her bag, took out a letter, and read it once more.";

afterAll(() => ChatLlama.dispose());

describe.skipIf(!present)("log-probabilities from one pass", { timeout: 120_000 }, () => {
  const chat = present ? new ChatLlama({ model, ...options }) : (undefined as never);

  it("are those of reading the text token by token, over the whole vocabulary", async () => {
    const { tokens } = await chat.score(TEXT, { topLogprobs: 3 });
    expect(tokens.length).toBeGreaterThan(50);
    const steps = await withEngine(path, options, async ({ model: weights, pool }) => {
      const slot = await pool.acquire([]);
      slot.promptTokens = 0;
      await slot.sequence.clearHistory();
      const ids = weights.tokenize(TEXT);
      const found: { logprob: number; top: number[] }[] = [];
      for (const [place, id] of ids.slice(0, -1).entries()) {
        const all = await distribution(slot.sequence, id);
        const top = [...all.values()].toSorted((a, b) => b - a).slice(0, 3);
        found.push({ logprob: all.get(ids[place + 1]!)!, top });
      }
      pool.release(slot);
      return found;
    });
    expect(steps.length).toBe(tokens.length - 1);
    for (const [place, { logprob, top }] of steps.entries()) {
      const { logprob: mine, top_logprobs } = tokens[place + 1]!;
      expect(Math.abs(mine! - logprob)).toBeLessThan(TOLERANCE);
      top.forEach((each, rank) => expect(Math.abs(each - top_logprobs[rank]!.logprob)).toBeLessThan(TOLERANCE));
    }
  });

  it("have what was drawn greedily on top, at every place", async () => {
    const messages = [new HumanMessage("Why is the sky blue?")];
    const { response_metadata } = await chat.invoke(messages, { temperature: 0, maxTokens: 60, topLogprobs: 2 });
    const { content } = response_metadata["logprobs"] as { content: TokenLogprob[] };
    expect(content.length).toBeGreaterThan(20);
    for (const { logprob, top_logprobs } of content) {
      // Two that are as likely as each other may change places.
      expect(top_logprobs[0]!.logprob - logprob!).toBeLessThan(2 * TOLERANCE);
    }
  });
});

/** Logarithms of the probabilities of all words after one more token, without the engine's own sums. */
async function distribution(sequence: LlamaContextSequence, token: Token): Promise<Map<Token, number>> {
  const [result] = await sequence.controlledEvaluate([[token, { generateNext: { logits: true } }]]);
  const logits = result!.next.logits!;
  let most = -Infinity;
  for (const logit of logits.values()) most = Math.max(most, logit);
  let sum = 0;
  for (const logit of logits.values()) sum += Math.exp(logit - most);
  return new Map([...logits].map(([id, logit]) => [id, logit - most - Math.log(sum)]));
}
