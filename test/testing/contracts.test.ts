import { ChatOpenAI } from "@langchain/openai";
import { afterAll, describe, expect, it } from "vitest";
import { createMath, memoryJournal, vote, type Journal, type Sampling, type Scorer } from "../../src/index.js";
import {
  chatModelContract,
  familyContract,
  journalContract,
  samplesOf,
  scorerContract,
  scriptedModel,
  type Runner,
} from "../../src/testing/index.js";
import { plain } from "../support/plain-family.js";
import { StreamingModel } from "../support/streaming-model.js";
import { startOpenAiServer } from "../support/openai-server.js";

// A case that does not apply to a part is no test that was left out: it does not count as skipped here.
const applicable = Object.assign(it.bind(undefined), { skip: () => {} });
const runner: Runner = { describe, it: applicable };

familyContract(
  "math",
  () => createMath(),
  {
    tasks: [{ question: "What is 6 * 7?" }],
    readable: [
      { text: "So it is $\\boxed{42}$.", value: "42" },
      { text: "The answer is 1/2.", value: "1/2" },
    ],
    unreadable: ["I do not know."],
    same: [
      ["1/2", "0.5"],
      ["2(n+3)", "2n+6"],
    ],
    different: [["1/2", "0.51"]],
  },
  { runner },
);
familyContract(
  "a family of one's own",
  () => plain,
  { tasks: [{ question: "q" }], readable: [{ text: "42", value: "42" }], unreadable: ["?"], different: [["a", "b"]] },
  { runner, skip: { "reads nothing where nothing is to be read": "blanks are answers here" } },
);

const server = await startOpenAiServer(({ seed = 0, max_tokens = 0, temperature = 0 }) => {
  const words = `A fox of ${temperature === 0 ? 0 : seed} winters slept.`.split(" ");
  const said = words.slice(0, max_tokens);
  const finish = said.length < words.length ? "length" : "stop";
  return { text: said.join(" "), finish, usage: { prompt_tokens: 9, completion_tokens: said.length } };
});
afterAll(() => server.close());
const PLAIN_SERVER = {
  "tells log-probabilities when asked: one for each token, none above 0": "this server has none",
  "keeps what it thinks apart from its text, whole and streamed": "this server does not stream",
};
chatModelContract(
  "a ChatOpenAI",
  () => new ChatOpenAI({ model: "some", apiKey: "none", temperature: 0, configuration: { baseURL: server.url } }),
  { runner, skip: PLAIN_SERVER },
);
chatModelContract(
  "a scripted model",
  () =>
    scriptedModel(({ options, seed, signal }) => {
      const { temperature, maxTokens } = options as unknown as Sampling;
      signal?.throwIfAborted();
      const logprobs = Array<number>(Math.min(maxTokens, 12)).fill(-0.5);
      const usage = { inputTokens: 9, outputTokens: logprobs.length };
      return {
        text: temperature === 0 ? "still" : `story ${seed}`,
        finish: maxTokens < 12 ? "length" : "stop",
        usage,
        logprobs,
      };
    }),
  { runner, skip: { "ends a call that is aborted, and no other": "its answer is there before the abort" } },
);

/** Runs a contract as a test runner would, and returns the cases that failed. */
async function failing(contract: (runner: Runner) => void): Promise<string[]> {
  const cases: [string, () => Promise<void>][] = [];
  const take = (title: string, body: () => Promise<void>) => void cases.push([title, body]);
  contract({ describe: (_, body) => body(), it: Object.assign(take, { skip: () => {} }) });
  const results = await Promise.allSettled(cases.map(([, body]) => body()));
  return cases.filter((_, i) => results[i]!.status === "rejected").map(([title]) => title);
}

describe("a contract finds", () => {
  const scored = (scorer: Scorer) =>
    failing((own) => scorerContract("broken", scorer, () => samplesOf("1", "2", "1"), { runner: own }));

  it("a scorer that is sure too early", async () => {
    const hasty: Scorer = async (samples, draw) => ({ ...(await vote(samples, draw)), winner: samples.at(-1)?.id });
    expect(await scored(hasty)).toContain("a winner is the leader, and stays it");
  });

  it("a scorer whose confidence falls outside its interval", async () => {
    const wide: Scorer = (samples) => ({ low: samples.length / 2, high: 1, leader: samples[0]?.id, why: "counted" });
    expect(await scored(wide)).toEqual(expect.arrayContaining(["confidence lies in 0..1, low never above high"]));
  });

  it("a scorer that changes its samples", async () => {
    const meddling: Scorer = (samples, draw) => {
      for (const sample of samples) sample.text = "";
      return vote(samples, draw);
    };
    expect(await scored(meddling)).toEqual(["samples are not changed"]);
  });

  it("a model whose stream tells what it only thought, and none that marks its beginning", async () => {
    const found = (text: string) =>
      failing((own) => chatModelContract("thinking", () => new StreamingModel(async () => text), { runner: own }));
    const apart = "keeps what it thinks apart from its text, whole and streamed";
    expect(await found("I think of a fox.\n</think>\nA fox slept.")).toContain(apart);
    expect(await found("<think>I think of a fox.\n</think>\nA fox slept.")).not.toContain(apart);
  });

  it("a journal that lets an answer be replaced", async () => {
    const forgetful = (): Journal => {
      const kept = memoryJournal();
      const write: Journal["write"] = async (key, attempt) => {
        const rest = (await kept.list(key.thread)).filter(
          (row) => row.call !== key.call || row.attempt.attempt !== attempt.attempt,
        );
        await kept.forget(key.thread);
        for (const { attempt: old, ...place } of rest) await kept.write(place, old);
        await kept.write(key, attempt);
      };
      return { ...kept, write };
    };
    const broken = await failing((own) => journalContract("broken", forgetful, { runner: own }));
    expect(broken).toContain("never replaces an answer");
  });

  it("a family that puts plans before the question, throws while reading, or calls nothing the same", async () => {
    const tried = (more: Partial<typeof plain>) =>
      failing((own) =>
        familyContract(
          "broken",
          () => ({ ...plain, ...more }),
          { tasks: [{ question: "q" }], readable: [{ text: "42", value: "42" }] },
          { runner: own, skip: { "reads nothing where nothing is to be read": "as above" } },
        ),
      );
    expect(await tried({})).toEqual([]);
    const early: typeof plain.prompts.execute = ({ question }, { goal = "", guideline = "" }) => [
      { role: "user", content: `${goal}${guideline}\n${question}` },
    ];
    expect(await tried({ prompts: { ...plain.prompts, execute: early } })).toEqual([
      "shows an executor the plans it is given, after the question",
    ]);
    const strict: typeof plain.read = (text, task) => {
      if (text.length > 1_000) throw new Error("too long");
      return plain.read(text, task);
    };
    expect(await tried({ read: strict })).toEqual(["reads any text without throwing, into plain JSON"]);
    expect(await tried({ same: () => false })).toEqual(["takes every value for the same as itself"]);
  });

  it("a chat model that agrees with itself whatever the seed, counts 0 tokens and lets itself be asked in vain", async () => {
    const stuck = () => scriptedModel(() => ({ text: "always", usage: { inputTokens: 0, outputTokens: 6 } }));
    const broken = await failing((own) => chatModelContract("broken", stuck, { runner: own }));
    expect(broken).toEqual(
      expect.arrayContaining([
        "says different things to different seeds",
        "keeps to the output limit of each call",
        "tells log-probabilities when asked: one for each token, none above 0",
      ]),
    );
    expect(broken).not.toContain("answers with a text");
  });
});

describe("a contract", () => {
  it("refuses to skip a case that there is not", () => {
    const skip = { "is always right": "nobody is" };
    expect(() => scorerContract("vote", vote, () => [], { runner, skip })).toThrow(/OPTIONS_INVALID.*is always right/);
  });

  it("says what to do where there is no test runner", () => {
    expect(() => scorerContract("vote", vote, () => [])).toThrow(/OPTIONS_INVALID.*runner: \{ describe, it \}/);
  });
});
