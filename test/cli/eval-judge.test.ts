import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { evalCommand } from "../../src/cli/eval.js";
import { CopeError } from "../../src/errors.js";
import { temporaryFolder } from "../support/folder.js";
import { startOpenAiServer, type OpenAiServer } from "../support/openai-server.js";

const QUESTIONS = [81, 82].map((question_id) => ({
  question_id,
  category: "writing",
  turns: [`Write of ${question_id}.`, "Make it shorter."],
  reference: ["A reference.", ""],
}));

/** A reply that tells log-probabilities, which open answers are scored by. */
function reply(text: string): { raw: string } {
  const content = [{ token: text, logprob: -0.1, bytes: null, top_logprobs: [] }];
  const message = { role: "assistant", content: text };
  return {
    raw: JSON.stringify({
      id: "r",
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, message, finish_reason: "stop", logprobs: { content } }],
      usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
    }),
  };
}

/** The judge finds the large model's answers better, and grades them higher. */
function judgement(prompt: string): string {
  // Not in the conversation before them.
  const answers = prompt.slice(Math.max(0, prompt.indexOf("answer A>")));
  const at = (who: string) => answers.indexOf(`by ${who}`);
  if (prompt.includes('End with "Grade: N"')) return `So so.\nGrade: ${at("gpt-4o-mini") >= 0 ? 5 : 8}`;
  return `It says more.\nVerdict: ${at("gpt-4o.") < at("gpt-4o-mini.") ? "A" : "B"}`;
}

describe("cope eval --judge", () => {
  let server: OpenAiServer;
  let folder: string;
  let printed: string;
  let told: string;

  beforeEach(async () => {
    vi.stubEnv("OPENAI_API_KEY", "none");
    folder = temporaryFolder();
    writeFileSync(join(folder, "talks.jsonl"), QUESTIONS.map((row) => JSON.stringify(row)).join("\n"));
    server = await startOpenAiServer(({ model, messages }) =>
      reply(model === "critic" ? judgement(messages.at(-1)!.content) : `An answer by ${model}.`),
    );
    printed = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    told = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      told += String(text);
      return true;
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await server.close();
  });

  const run = async (...more: string[]) => {
    const at = `@${server.url}`;
    const models = ["--small", `openai:gpt-4o-mini${at}`, "--large", `openai:gpt-4o${at}`];
    const places = ["--tape", join(folder, "tape.sqlite"), "--out", join(folder, "out")];
    const argv = ["--data", join(folder, "talks.jsonl"), "--methods", "small,large", ...models, ...places, ...more];
    let exit = -1;
    await evalCommand((code) => void (exit = code)).parseAsync(argv, { from: "user" });
    expect(exit).toBe(0);
    return () => [...server.requests].filter(({ model }) => model === "critic");
  };
  const critic = () => [
    "--judge",
    "critic",
    "--model",
    `critic=openai:critic@${server.url}`,
    "--price",
    "openai-compatible:critic=1,1",
  ];

  it("compares the methods with large, both turns in both orders, and grades beside references", async () => {
    const judged = (await run(...critic(), "--json"))();
    const { judged: said, problems } = JSON.parse(printed);
    expect(problems).toEqual({ done: 4, total: 4, refused: 0 });
    expect(said).toMatchObject({ against: "large", problems: 4, judge: { role: "critic" } });
    expect(said.methods).toMatchObject([{ method: "small", results: { loss: 4, inconsistent: 0 } }]);
    expect(said.agreement).toMatchObject({ count: 4, of: 4 });
    expect(said.grades).toMatchObject([
      { method: "small", mean: { mean: 5, n: 2 } },
      { method: "large", mean: { mean: 8, n: 2 } },
    ]);
    expect(judged).toHaveLength(4 * 2 + 2 * 2);
    const second = judged.find(({ messages }) => messages.at(-1)!.content.includes("Make it shorter."))!;
    expect(second.messages.at(-1)!.content).toContain("assistant: An answer by gpt-4o.");
    expect(readFileSync(join(folder, "out", "report.html"), "utf8")).toContain(
      "Beside large, as openai-compatible:critic",
    );
  });

  it("prints its tables below the others, and asks for nothing twice", async () => {
    await run(...critic());
    expect(printed).toMatch(/### Beside large, as openai-compatible:critic\S* judges/);
    expect(printed).toMatch(/\| small +\| +0 \| +0 \| +4 \| +0 \| +100 \[\d+, 100\]/);
    expect(readFileSync(join(folder, "out", "table.md"), "utf8")).toBe(printed);
    expect(told).toMatch(/critic \(openai-compatible:critic\) judges the answers: at most 12 calls, \$\d/);
    expect(told).toMatch(/judged, in 12 calls, \$\d/);
    const before = server.requests.length;
    await run(...critic());
    expect(server.requests).toHaveLength(before);
  });

  it("keeps to the limit of calls that is left by the evaluation", async () => {
    const asked = await run(...critic(), "--attempts", "1", "--max-calls", "10", "--json");
    const { judged } = JSON.parse(printed);
    expect(judged).toMatchObject({ stopped: "budget", problems: 0 });
    expect(asked().length).toBeLessThanOrEqual(2);
  });

  it.each([
    [["--judge", "critic"], /role "critic".*--model critic=provider:model/],
    [
      ["--judge", "critic", "--model", "critic=openai:nameless@http://127.0.0.1:9/v1", "--budget-usd", "1"],
      /PRICE_UNKNOWN.*nameless/,
    ],
    [["--judge", "large", "--methods", "small"], /--judge compares the other methods with large/],
    [["--judge", "large", "--family", "math"], /--judge compares open answers.*family math/],
    [["--judge", "no role"], /--judge: a role is a word/],
  ])("refuses %j before anything is asked", async (more, said) => {
    const error: unknown = await run(...more).catch((thrown: unknown) => thrown);
    expect(CopeError.isInstance(error) && error.message).toMatch(said);
    expect(server.requests).toEqual([]);
  });
});
