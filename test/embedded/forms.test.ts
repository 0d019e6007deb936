import { afterAll, describe, expect, it } from "vitest";
import { createAction } from "../../src/families/action/index.js";
import { executeRequest } from "../../src/nodes/requests.js";
import { ChatLlama } from "../../src/models/llama/chat.js";
import { LlamaEmbeddings } from "../../src/models/llama/embeddings.js";
import { listModels } from "../../src/models/llama/library.js";
import { openLlama } from "../../src/models/llama/open.js";
import { needs } from "../support/needs.js";

const model = "smollm2-135m-instruct";
const present = listModels().some((listed) => listed.name === model && listed.present);
const chat = () => new ChatLlama({ model, maxTokens: 24, sequences: 2 });

afterAll(() => ChatLlama.dispose());

describe.runIf(needs(`the weights of ${model} (cope models pull ${model})`, present))("a grammar", () => {
  const grammar = 'root ::= ("yes" | "no") " for " [0-9] [0-9] " years"';

  it("holds an answer, invoked and streamed, and ends it where it is complete", async () => {
    const { text, response_metadata } = await chat().invoke("Is the sky blue?", { grammar });
    expect(text).toMatch(/^(yes|no) for \d\d years$/);
    expect(response_metadata).toMatchObject({ finish_reason: "stop" });
    let streamed = "";
    for await (const chunk of await chat().stream("Is the sky blue?", { grammar })) streamed += chunk.text;
    expect(streamed).toBe(text);
  });

  it("is refused with a code where it does not parse, or stands beside a schema", async () => {
    for (const wrong of [{ grammar: "root ::= (" }, { grammar: "" }, { grammar, jsonSchema: { type: "object" } }]) {
      await expect(chat().invoke("Hi", wrong)).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    }
  });

  it("of an agent's commands has even a tiny model name a possible one, however they are written", async () => {
    const actions = ["look", 'say "sesame"', "go to C:\\cellar", "öffne Tür 1", "take key 1 from shelf 10"];
    const task = { question: "You are in a hall with a locked door and a shelf.", actions };
    const stage = { name: "solo", execute: { by: "small", temperature: 1.5, maxTokens: 128 } } as never;
    const family = createAction();
    const opened = await openLlama(model, { sequences: 2 });
    for (const seed of [1, 2, 3, 4]) {
      const { messages, sampling } = executeRequest({ family, task, stage, seed, id: "0/solo/0" }, {});
      const { text, finish } = await opened.ask(messages, sampling, new AbortController().signal);
      const reading = await family.read(text, task);
      expect(actions).toContain((reading?.value as { command?: string })?.command);
      expect(finish).toBe("stop");
    }
  });
});

describe.runIf(present)("an embedding", () => {
  it("has unit length, is the same again, and is nearer to a text alike in meaning", async () => {
    const embeddings = new LlamaEmbeddings({ model, contextSize: 256 });
    const [cat, kitten, tax] = await embeddings.embedDocuments([
      "The cat sleeps on the sofa.",
      "A kitten is sleeping on the couch.",
      "Quarterly tax returns are due in April.",
    ]);
    expect(Math.hypot(...cat!)).toBeCloseTo(1, 5);
    expect(await embeddings.embedQuery("The cat sleeps on the sofa.")).toEqual(cat);
    expect(dot(cat!, kitten!)).toBeGreaterThan(dot(cat!, tax!));
    await expect(embeddings.embedQuery("long ".repeat(300))).rejects.toMatchObject({ code: "CONTEXT_OVERFLOW" });
  });
});

const dot = (a: number[], b: number[]) => a.reduce((sum, value, index) => sum + value * b[index]!, 0);
