import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import { readRecording } from "../../src/evaluation/recorded.js";
import { probabilityOfYes, selfGrade } from "../../src/evaluation/self-grade.js";
import { compareScorers } from "../../src/evaluation/compare-scorers/index.js";
import { startOpenAiServer, type ChatRequest } from "../support/openai-server.js";
import { temporaryFolder } from "../support/folder.js";
import { fallibleModel, numberProblems } from "./random-models.js";

const told = (of: Record<string, number>) =>
  Object.entries(of).map(([token, p]) => ({ token, logprob: Math.log(p), top_logprobs: [] }));

/** A server whose model answers 10 to everything, and finds that right with a probability of 0.6 against 0.2. */
async function serveTen() {
  vi.stubEnv("OPENAI_API_KEY", "unused");
  const server = await startOpenAiServer((request: ChatRequest & { logprobs?: boolean; top_logprobs?: number }) => {
    const judging = request.messages.some(({ content }) => content.includes("Reply yes or no."));
    const token = judging ? "Yes" : "The final answer is $\\boxed{10}$.";
    const top = judging ? told({ Yes: 0.5, " yes": 0.1, No: 0.2, Maybe: 0.1 }) : told({ The: 0.5, A: 0.25, It: 0.1 });
    const logprobs = request.logprobs
      ? { content: [{ token, logprob: Math.log(0.5), top_logprobs: top.slice(0, request.top_logprobs ?? 0) }] }
      : null;
    const message = { role: "assistant", content: token };
    return {
      raw: JSON.stringify({
        id: "1",
        choices: [{ index: 0, message, logprobs, finish_reason: "stop" }],
        usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
      }),
    };
  });
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });
  return { server, model: `openai:m@${server.url}` };
}

describe("a model's grade of its own answer", () => {
  it("is how likely yes is against no, however they are written", () => {
    expect(probabilityOfYes(told({ Yes: 0.3, "▁yes": 0.1, "**No": 0.1, Well: 0.4 }))).toBeCloseTo(0.8, 12);
    expect(probabilityOfYes(told({ yes: 0.9 }))).toBe(1);
    expect(probabilityOfYes(told({ "No.": 0.9, Notably: 0.1 }))).toBe(0);
  });

  it("is unknown where neither word is likely, or nothing is told", () => {
    for (const none of [undefined, [], told({ Well: 0.9 }), [{ token: "yes", logprob: -Infinity }]])
      expect(probabilityOfYes(none)).toBeUndefined();
    expect(selfGrade.read("Yes", { question: "q" })).toBeNull();
  });

  it("shows the question, what was said before it, and the answer", () => {
    const history = [
      { role: "user" as const, content: "Hello" },
      { role: "assistant" as const, content: "Hi" },
    ];
    const messages = selfGrade.messages({ question: "And 2 + 2?", history }, { answer: { index: 0, text: "Four." } });
    expect(messages.slice(1, 3)).toEqual(history);
    expect(messages.at(-1)!.content).toMatch(/And 2 \+ 2\?.*Four\./s);
  });

  it("is recorded by the method self-grade, which takes the answer or hands it over, and is compared with others", async () => {
    const { server, model } = await serveTen();
    const tape = join(temporaryFolder(), "tape.sqlite");
    const common = { data: "numbers", problems: numberProblems(2), models: { small: model, large: model }, tape };
    const methods = resolveMethods(["self-grade", "cope"], { samples: 2 });
    const { outcomes } = await evaluate({ ...common, methods, logprobs: true, allDraws: true });
    for (const outcome of outcomes.get("self-grade")!)
      expect(outcome).toMatchObject({ ended: "self-grade", value: "10", confidence: 0.75 });
    const asked = server.requests.map((request) => (request as { top_logprobs?: number }).top_logprobs);
    // 1 is what asks the server whether it tells them at all; goals need none.
    expect(new Set(asked)).toEqual(new Set([1, 20, 2, undefined]));

    const compared = compareScorers(await readRecording(tape), { samples: 2 });
    const figures = Object.fromEntries(compared.rows.map((row) => [row.name, row.figures]));
    expect(figures["self-grade"]).toMatchObject({ draws: 2, accepted: 2, right: 1 });
    expect(figures["perplexity"]).toMatchObject({ asBase: true, draws: 2, threshold: 0.5 });
    expect(figures["token margin"]!.threshold).toBeCloseTo(Math.LN2, 12);
  });

  it("is refused, before any call, of a model that tells no log-probabilities", async () => {
    const small = fallibleModel("small", 0.5);
    const tape = join(temporaryFolder(), "tape.sqlite");
    const methods = resolveMethods(["self-grade"]);
    const models = { small, large: small };
    await expect(evaluate({ data: "n", problems: numberProblems(1), methods, models, tape })).rejects.toThrow(
      /\[ABILITY_MISSING\].*a method that reads probabilities/s,
    );
    expect(small.asked).toEqual([]);
  });
});
