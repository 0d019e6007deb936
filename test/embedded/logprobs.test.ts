import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { needs } from "../support/needs.js";
import { have, startLlamaServer, type RealServer } from "../support/servers.js";

/**
 * In natural logarithm. With the same kernels the two agree to 0.0001; on a processor for which only one of the two builds
 * has kernels of its own they differ by 0.06, as the library does from itself (docs/decoding.md). A wrong temperature, a
 * token off by one or a prompt rendered otherwise moves the mean by a whole unit and more.
 */
const TOLERANCE = { mean: 0.15, max: 1 };

/** Alternatives asked of the server for each token of a given text: all 49152 would be a megabyte for each token. */
const KNOWN = 2000;

const TEXT =
  "The old harbour lay still under a thin fog, and the boats that had come in at night rocked slowly against the wall. " +
  "A woman in a grey coat walked along the quay, counted the lamps as she passed them, and stopped at the ninth. There " +
  "she opened her bag, took out a letter, and read it once more, although she knew every word of it. Her brother had " +
  "written it in the spring of 1911, before the railway reached the valley: he had bought a mill with two wheels, a " +
  "garden of apple trees and a donkey that would not work on Sundays. He asked her to come before the first snow. In " +
  "the letter was a drawing of the house, with a door in blue and three windows, and below it a list of what she should " +
  "bring: seeds, a good saw, twelve candles, their mother's clock, and the book about bees. She folded the paper, looked " +
  "at the water for a while and smiled. Then she went down the wooden steps to the ferry, paid four coins, and sat at " +
  "the bow, where the wind was cold but one could see the mountains.";

const QUESTIONS = [
  "Why is the sky blue?",
  "How is bread made?",
  "Tell a story about a robot.",
  "What is a prime number?",
];

interface Alternative {
  id: number;
  token: string;
  logprob: number;
}

const parts = "the weights of smollm2-135m-instruct and llama.cpp's server (node scripts/test-servers.mjs)";

describe.runIf(needs(parts, have.weights && have.llamaServer))("log-probabilities beside llama.cpp's server", () => {
  const chat = new ChatLlama({ model: "smollm2-135m-instruct", contextSize: 1024, sequences: 1, gpu: false });
  let server: RealServer;
  const post = async (path: string, body: object): Promise<any> => {
    const response = await fetch(server.origin + path, { method: "POST", body: JSON.stringify(body) });
    return response.json();
  };

  beforeAll(async () => void (server = await startLlamaServer()), 120_000);
  afterAll(async () => {
    await server.stop();
    await ChatLlama.dispose();
  });

  it(
    "agree on each token of a given text, scored in one pass here and token by token there",
    { timeout: 300_000 },
    async () => {
      const { tokens } = await chat.score(TEXT);
      const { tokens: ids } = (await post("/tokenize", { content: TEXT })) as { tokens: number[] };
      expect(tokens.length).toBe(ids.length);
      expect(tokens.map(({ token }) => token).join("")).toBe(TEXT);
      expect(tokens[0]!.logprob).toBeNull();

      const differences: number[] = [];
      for (let place = 1; place < ids.length; place += 1) {
        const asked = {
          prompt: ids.slice(0, place),
          n_predict: 1,
          n_probs: KNOWN,
          temperature: 0,
          cache_prompt: true,
        };
        const { completion_probabilities } = await post("/completion", asked);
        const all = completion_probabilities[0].top_logprobs as Alternative[];
        const theirs = all.find(({ id }) => id === ids[place]);
        if (theirs) differences.push(Math.abs(theirs.logprob - tokens[place]!.logprob!));
      }
      expect(differences.length).toBeGreaterThanOrEqual(200);
      agree("a given text", differences);
    },
  );

  it("agree on drawn tokens and on the likeliest others", { timeout: 300_000 }, async () => {
    const chosen: number[] = [];
    const others: number[] = [];
    const strangers: number[] = [];
    for (const question of QUESTIONS) {
      const messages = [new SystemMessage("You are terse."), new HumanMessage(question)];
      const ours = await chat.invoke(messages, { temperature: 0, maxTokens: 80, topLogprobs: 5 });
      const mine = (ours.response_metadata["logprobs"] as { content: unknown }).content as (Alternative & {
        top_logprobs: Alternative[];
      })[];
      const { choices, usage } = await post("/v1/chat/completions", {
        messages: [
          { role: "system", content: "You are terse." },
          { role: "user", content: question },
        ],
        temperature: 0,
        max_tokens: 80,
        logprobs: true,
        top_logprobs: 5,
      });
      expect(ours.usage_metadata?.input_tokens).toBe(usage.prompt_tokens);
      const theirs = choices[0].logprobs.content as typeof mine;
      // Two greedy texts are the same until two tokens are as likely as each other; what follows has another context.
      const parted = theirs.findIndex(({ token }, place) => token !== mine[place]?.token);
      const same = parted < 0 ? theirs.length : parted;
      for (let place = 0; place < same; place += 1) {
        chosen.push(Math.abs(theirs[place]!.logprob - mine[place]!.logprob));
        const known = new Map(mine[place]!.top_logprobs.map(({ token, logprob }) => [token, logprob]));
        const least = Math.min(...known.values());
        for (const { token: text, logprob } of theirs[place]!.top_logprobs) {
          // The server writes the token that ends a message as nothing.
          const token = text || "<|im_end|>";
          if (known.has(token)) others.push(Math.abs(logprob - known.get(token)!));
          // The fifth likeliest here may be the sixth there, but no likelier one may.
          else strangers.push(logprob - least);
        }
      }
    }
    expect(chosen.length).toBeGreaterThanOrEqual(80);
    expect(others.length).toBeGreaterThan(4 * chosen.length);
    expect(Math.max(0, ...strangers)).toBeLessThan(TOLERANCE.max);
    agree("drawn tokens", chosen);
    agree("their alternatives", others);
  });
});

function agree(what: string, differences: number[]): void {
  const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
  const max = Math.max(...differences);
  console.log(`${what}: ${differences.length} values, mean difference ${mean.toFixed(4)}, greatest ${max.toFixed(4)}`);
  expect(mean).toBeLessThan(TOLERANCE.mean);
  expect(max).toBeLessThan(TOLERANCE.max);
}
