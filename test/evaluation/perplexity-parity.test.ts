import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import type { Problem } from "../../src/evaluation/problem.js";
import { scoringOf } from "../../src/evaluation/scoring.js";
import { createCope, openTape } from "../../src/index.js";
import { temporaryFolder } from "../support/folder.js";
import { startOpenAiServer, type ChatRequest } from "../support/openai-server.js";
import { fraction } from "./random-models.js";

const LISTS = ["cope", "cope:s2s3", "cope:direct", "majority", "large"];

const problems: Problem[] = Array.from({ length: 6 }, (_, i) => ({
  id: `p${i}`,
  family: "chat",
  task: { question: `Tell me something about the number ${i}.` },
  gold: null,
  about: {},
}));

/** Stands for minus infinity, which `JSON.stringify` cannot write. */
const NOT_POSSIBLE = "not possible";

/** Some texts are sure, some are cut, some hardly likely, some told in part, some not possible, some empty. What is asked for beside a text changes nothing. */
async function serve() {
  vi.stubEnv("OPENAI_API_KEY", "unused");
  const server = await startOpenAiServer((request: ChatRequest) => {
    const chance = fraction(JSON.stringify([request.messages, (request as { seed?: number }).seed]));
    const content = chance > 0.95 ? "" : `A text ${String(chance).slice(2, 8)}.`;
    const logprob = chance > 0.8 ? -50 : -0.6 * chance;
    const first = { token: content, logprob, top_logprobs: [] };
    const second = { ...first, logprob: chance > 0.7 ? NOT_POSSIBLE : chance > 0.4 && chance < 0.6 ? null : logprob };
    return {
      raw: JSON.stringify({
        id: "1",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content },
            logprobs: content === "" ? null : { content: [first, second] },
            finish_reason: chance < 0.2 ? "length" : "stop",
          },
        ],
        usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
      }).replace(`"${NOT_POSSIBLE}"`, "-1e999"),
    };
  });
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });
  return `openai:m@${server.url}`;
}

describe("perplexity on recorded draws", () => {
  it("decides and answers as the graph does", async () => {
    const model = await serve();
    const models = { small: model, large: model };
    const file = join(temporaryFolder(), "tape.sqlite");
    const methods = resolveMethods(LISTS, { samples: 4, scoring: scoringOf("chat", { logprobs: true }) });
    const { outcomes } = await evaluate({
      data: "d",
      problems,
      methods,
      models,
      tape: file,
      logprobs: true,
      attempts: 1,
    });
    const ends = new Set<string>();
    const tape = openTape(file);
    for (const name of LISTS) {
      for (const [i, { task }] of problems.entries()) {
        const { answer } = await createCope({ ...models, tape, family: "chat", stages: name, samples: 4, attempts: 1 })
          .compile()
          .invoke({ question: task.question });
        const { value, ended: stage, confidence } = outcomes.get(name)![i]!;
        expect({ value, stage, confidence }, `${name}, problem ${i}`).toEqual({
          value: answer.value,
          stage: answer.stage,
          confidence: answer.confidence,
        });
        ends.add(stage);
      }
    }
    tape.close();
    expect(ends.size).toBeGreaterThan(3);
  });
});
