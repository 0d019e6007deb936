// Runs problems of our own through the cascade on the embedded pair, and records every call for tests that need real texts:
//   tsx scripts/record-runs.ts
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { BaseMessage } from "@langchain/core/messages";
import { ChatLlama, createCope, type Sampling } from "../src/index.js";
import { DEFAULT_LARGE, DEFAULT_SMALL } from "../src/models/llama/catalog.js";
import { askedKey, RECORDED, type RecordedRun } from "../test/support/recorded.js";

// Chosen so that between them they end in every stage.
const QUESTIONS = [
  {
    seed: 0,
    question:
      "A shop sells pens at 3 dollars each. Tom buys 4 pens and a notebook for 5 dollars. How much does he pay in all?",
  },
  {
    seed: 1,
    question:
      "Lena has 45 stickers. She gives 9 to her brother and then divides the rest equally among herself and two friends. How many stickers does each of them get?",
  },
  {
    seed: 0,
    question:
      "A gardener plants 3 rows of 12 tulips. Frost kills a quarter of them, and she then buys twice as many new tulips as were lost. How many tulips does she have in the end?",
  },
];

const runs: RecordedRun[] = [];
for (const { question, seed } of QUESTIONS) {
  const replies: Record<string, string> = {};
  // A model that notes what it is asked and answers; built anew for each sampling, as the door to models does.
  const recording = (name: string) => (sampling: Sampling) => {
    const model = new ChatLlama({ ...sampling, model: name });
    const generate = model._generate.bind(model);
    model._generate = async (messages: BaseMessage[], options: Parameters<typeof generate>[1]) => {
      const result = await generate(messages, options);
      const system = messages.find((message) => message.getType() === "system")?.text ?? "";
      replies[askedKey(system, messages.at(-1)!.text, options.seed ?? -1)] = result.generations[0]!.text;
      return result;
    };
    return model;
  };
  const small = recording(DEFAULT_SMALL);
  const large = recording(DEFAULT_LARGE);
  const { answer, stages } = await createCope({ small, large, seed }).compile().invoke({ question });
  runs.push({ question, seed, replies, answer, stages });
  // A text depends on what the engine computed before: each run has a fresh one.
  await ChatLlama.dispose();
  console.error(`${answer.value} in ${answer.stage}, ${Object.keys(replies).length} calls`);
}
writeFileSync(RECORDED, gzipSync(JSON.stringify(runs)));
