import { ChatOllama } from "@langchain/ollama";
import { expect, it, onTestFinished, vi } from "vitest";
import { createCope, vote, type Scorer } from "../../src/index.js";
import { startOpenAiServer, type ChatRequest, type ServerReply } from "../support/openai-server.js";

const scored: (number[] | undefined)[] = [];

/** A vote that needs log-probabilities, and remembers those it saw. */
const sure: Scorer = Object.assign(
  async (...args: Parameters<Scorer>) => {
    scored.push(...args[0].map((sample) => sample.logprobs));
    return vote(...args);
  },
  { needs: ["logprobs"] as const },
);

const withLogprobs = (text: string, ...more: { token: string; logprob: null }[]): ServerReply => ({
  raw: JSON.stringify({
    id: "1",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: text },
        logprobs: { content: [{ token: text, logprob: -0.25 }, ...more] },
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
  }),
});

async function serve(handler: (request: ChatRequest & { logprobs?: boolean }, count: number) => ServerReply) {
  vi.stubEnv("OPENAI_API_KEY", "unused");
  const server = await startOpenAiServer(handler);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });
  return { server, small: `openai:m@${server.url}` };
}

const input = { question: "What is six times seven?" };

it("a scorer that needs log-probabilities has them in every sample", async () => {
  const { server, small } = await serve((request) => (request.logprobs ? withLogprobs("\\boxed{42}") : "a goal"));
  const { answer } = await createCope({ small, large: small, scorer: sure, samples: 2, family: "math" })
    .compile()
    .invoke(input);
  expect(answer.value).toBe("42");
  expect(scored).toEqual([[-0.25], [-0.25]]);
  const asked = server.requests.map((request) => (request as { logprobs?: boolean }).logprobs ?? false);
  // One question whether the server has them; then goals without and samples with.
  expect(asked).toEqual([true, false, false, true, true]);
});

it("a model that its provider declares to lack them is refused at construction", () => {
  for (const small of ["anthropic:claude-haiku", new ChatOllama({ model: "m" })]) {
    expect(() => createCope({ small, scorer: sure })).toThrow(
      expect.objectContaining({ code: "ABILITY_MISSING", isUsage: true }),
    );
  }
  expect(() => createCope({ small: new ChatOllama({ model: "m" }), scorer: sure })).toThrow(/v1/);
});

it("a server that shows none is refused before any call of the run", async () => {
  const { server, small } = await serve(() => "hello");
  const run = createCope({ small, large: small, scorer: sure, family: "math" }).compile().invoke(input);
  await expect(run).rejects.toMatchObject({ code: "ABILITY_MISSING" });
  expect(server.requests).toHaveLength(1);
});

it("a server that showed them and then returns none ends the run, instead of being scored on nothing", async () => {
  const { small } = await serve((request, count) =>
    request.logprobs && count === 0 ? withLogprobs("x") : "\\boxed{42}",
  );
  const run = createCope({ small, large: small, scorer: sure, family: "math" }).compile().invoke(input);
  await expect(run).rejects.toMatchObject({ code: "ABILITY_MISSING" });
});

it("a text of which one token is not told loses its vote; a stage of such texts ends the run", async () => {
  const partly = withLogprobs("in part", { token: "!", logprob: null });
  const asked = async (reply: (count: number) => ServerReply) => {
    const { small } = await serve((request, count) =>
      request.logprobs ? (count === 0 ? withLogprobs("x") : reply(count)) : "a goal",
    );
    const options = { small, large: small, samples: 2, family: "chat", stages: "cope:direct", concurrency: 1 };
    return await createCope(options).compile().invoke(input);
  };
  const { answer, stages } = await asked((count) => (count === 1 ? partly : withLogprobs("in full")));
  expect(answer.value).toBe("in full");
  expect(stages[0]!.why).toContain("1 without log-probabilities");
  await expect(asked(() => partly)).rejects.toMatchObject({
    code: "ABILITY_MISSING",
    message: expect.stringContaining("no sample of stage"),
  });
});

it("a need that is no ability is refused at construction", () => {
  const odd = Object.assign((...args: Parameters<Scorer>) => vote(...args), { needs: ["telepathy"] }) as never;
  expect(() => createCope({ scorer: odd })).toThrow(expect.objectContaining({ code: "SCORER_INVALID" }));
});
