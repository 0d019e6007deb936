import { expect, it } from "vitest";
import { embedText } from "../../../src/models/llama/embed.js";
import type { Engine } from "../../../src/models/llama/engine.js";

/** A model of one token a letter, whose context refuses longer texts as llama.cpp's does. */
function fakeModel() {
  const made: number[] = [];
  const model = {
    tokenize: (text: string) => [...text],
    async createEmbeddingContext({ contextSize }: { contextSize: number }) {
      made.push(contextSize);
      return {
        async getEmbeddingFor(tokens: string[]) {
          if (tokens.length > contextSize) throw new Error("longer than the context");
          return { vector: [3, 4] };
        },
      };
    },
  };
  const engine = (contextSize: number) => ({ model, contextSize, threads: 1, giveWay() {} }) as unknown as Engine;
  return { engine, made };
}

it("is made in a context of the size asked for, whatever size was asked for before, and of unit length", async () => {
  const { engine, made } = fakeModel();
  expect(await embedText(engine(8), "short")).toEqual([0.6, 0.8]);
  expect(await embedText(engine(64), "a text of more than eight letters")).toEqual([0.6, 0.8]);
  await embedText(engine(8), "again");
  expect(made).toEqual([8, 64]);
});

it("is refused with a code for a text longer than the context", async () => {
  const { engine } = fakeModel();
  await expect(embedText(engine(8), "longer than eight")).rejects.toMatchObject({ code: "CONTEXT_OVERFLOW" });
});
