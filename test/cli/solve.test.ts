import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { agreed, scattered, SMALL } from "../support/cascade-server.js";
import { KEY } from "../support/cli.js";
import { bytesUnder, cliSuite, MODELS } from "../support/cli-suite.js";
import { contractSchema, documentOf } from "../support/contract.js";

const cli = cliSuite();

describe("cope solve", () => {
  test("an agreed answer: one document of the agreed shape, on the small model alone", async () => {
    const server = await cli.serve(agreed);
    const home = cli.home();
    const end = await cli.run(["solve", "What is 6 x 7?", ...MODELS, "--json"], { home, url: server.url });
    expect(end.code).toBe(0);
    const { answer, stages, ledger, thread } = documentOf(end);
    expect(answer).toMatchObject({ value: "42", stage: "solo", confidence: 0.75 });
    expect(answer.text).toContain("\\boxed{42}");
    // Six of eight agree: what is left to draw cannot change that.
    expect(stages).toMatchObject([{ name: "solo", planned: 8, drawn: 6, threshold: 0.75, decision: "accept" }]);
    expect(stages[0].plans).toHaveLength(6);
    expect(ledger.calls).toBe(server.requests.length);
    expect(ledger.byRole.small).toMatchObject({ model: `openai:${SMALL}`, calls: 12, inputTokens: 240 });
    expect(ledger.byRole.large).toBeUndefined();
    expect(ledger.usd).toBeGreaterThan(0);
    expect(ledger.ifLargeAlone).toMatchObject({ estimated: true, outputTokens: 7 });
    expect(thread).toMatch(/^\S+$/);
    expect(bytesUnder(home).includes("\\boxed{42}")).toBe(true);
    expect(bytesUnder(home).includes(KEY)).toBe(false);
  });

  test("a disputed one goes through all stages, and each says why it ended", async () => {
    const server = await cli.serve(scattered);
    const args = ["solve", "How many?", ...MODELS, "--seed", "2", "--json", "--trace"];
    const end = await cli.run(args, { home: cli.home(), url: server.url });
    const { answer, stages, ledger, trace } = documentOf(end);
    expect(stages.map((stage: any) => [stage.name, stage.decision])).toEqual([
      ["solo", "escalate"],
      ["guided", "escalate"],
      ["takeover", "last"],
    ]);
    expect(stages[1].plans).toMatchObject([{ kind: "guideline", by: "large" }]);
    expect(answer).toMatchObject({ stage: "takeover", confidence: null });
    expect(stages[2]).toMatchObject({ confidence: null, threshold: null, drawn: 1 });
    expect(ledger.byRole.large.calls).toBe(2);
    expect(trace.calls).toHaveLength(server.requests.length);
    expect(trace.samples.length).toBe(stages.reduce((total: number, stage: any) => total + stage.drawn, 0));
  });

  test("the schema can say no", () => {
    expect(contractSchema()?.safeParse({ answer: {}, stages: [], ledger: {}, thread: "" }).success).not.toBe(true);
  });

  test("for people: the answer and the bill on stdout, the steps on stderr, no escape codes in a pipe", async () => {
    const server = await cli.serve(agreed);
    const question = ["solve", "-", ...MODELS, "--no-save", "--strategy", "cope"];
    const home = cli.home();
    const { code, stdout, stderr } = await cli.run(question, { home, url: server.url, input: "What is\n6 x 7?\n" });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Answer: 42\n/);
    expect(stdout).toMatch(/^Bill: +\$\d/m);
    expect(stdout).toMatch(/large model alone/);
    expect(stderr).toMatch(/accept/);
    expect(stdout + stderr).not.toContain("\x1b");
    expect(stdout + stderr).not.toContain(KEY);
    // The whole of stdin was the question.
    expect(server.requests[0]!.messages.at(-1)!.content).toBe("What is\n6 x 7?");
    expect(readdirSync(home)).toEqual([]);
  });

  test("nothing on stdin is no question: exit 2", async () => {
    const server = await cli.serve(agreed);
    const { code, stderr } = await cli.run(["solve", "-", ...MODELS], { home: cli.home(), url: server.url });
    expect(code).toBe(2);
    expect(stderr).toContain("[TASK_INVALID]");
    expect(server.requests).toEqual([]);
  });

  test("strategies, samples, thresholds and prices reach the run", async () => {
    const server = await cli.serve(scattered);
    const options = { home: cli.home(), url: server.url };
    const ask = (...more: string[]) => cli.run(["solve", "How many?", ...MODELS, "--json", ...more], options);
    const [large, majority, easy] = await Promise.all([
      ask("--strategy", "large"),
      ask("--strategy", "majority", "--samples", "3"),
      ask("--thresholds", "0,0", "--samples", "4"),
    ]);
    expect(documentOf(large)).toMatchObject({
      stages: [{ name: "large", drawn: 1 }],
      ledger: { calls: 1, ifLargeAlone: { estimated: false } },
    });
    expect(documentOf(majority)).toMatchObject({ stages: [{ planned: 3, threshold: null, decision: "last" }] });
    expect(documentOf(easy)).toMatchObject({ answer: { stage: "solo" }, stages: [{ planned: 4, threshold: 0 }] });
  });
});
