import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listModels } from "../../src/models/llama/library.js";
import { startDevServer, type DevServer } from "../support/dev-server.js";
import { needs } from "../support/needs.js";

const wanted = ["qwen2.5-coder-0.5b-instruct", "qwen2.5-coder-1.5b-instruct"];
const present = wanted.every((name) => listModels().some((model) => model.name === name && model.present));

// The server runs with flags of its own, which everything it forks inherits: without weights nothing is forked.
describe.runIf(needs("the embedded pair (cope models pull …)", present))("the dev server on the embedded pair", () => {
  let server: DevServer;

  beforeAll(async () => {
    server = await startDevServer({});
  }, 90_000);
  afterAll(() => server?.stop());

  it("answers two questions in one thread, with no model named", { timeout: 600_000 }, async () => {
    const { thread_id: thread } = await server.post("/threads");
    const ask = (input: object) =>
      server.post(`/threads/${thread}/runs/wait`, { assistant_id: "cope", input, context: { samples: 1 } });

    const first = await ask({ question: "What is 7 times 6? Answer with the number." });
    expect(first.answer.value).toMatch(/\w/);
    expect(first.settings.models.small).toBe("llama:qwen2.5-coder-0.5b-instruct");
    expect(first.ledger.byRole.small.outputTokens).toBeGreaterThan(0);

    const second = await ask({ messages: [{ role: "user", content: "What is 12 times 12?" }] });
    expect(second.turn).toBe(2);
    expect(second.answer.value).toMatch(/\w/);
    expect(second.ledger.calls).toBeGreaterThan(0);
    const said = second.messages.map(({ content }: { content: string }) => content);
    expect(said).toEqual([
      "What is 7 times 6? Answer with the number.",
      first.answer.text,
      "What is 12 times 12?",
      second.answer.text,
    ]);
  });

  it("streams a run without a thread", { timeout: 600_000 }, async () => {
    const input = { question: "What is 9 times 3?", options: { samples: 1 } };
    const stream_mode = ["updates", "messages-tuple"];
    const events = await server.stream("/runs/stream", { assistant_id: "cope", input, stream_mode });
    const of = (kind: string) => events.filter(({ event }) => event === kind).map(({ data }) => data);
    expect(of("error")).toEqual([]);
    const steps = of("updates").flatMap((update) => Object.keys(update));
    expect([steps[0], steps.at(-1)]).toEqual(["intake", "finish"]);
    const answers = of("messages").filter(([message]) => message.type === "ai");
    expect(answers).toHaveLength(1);
    expect(answers[0][0].content).toMatch(/\w/);
  });
});
