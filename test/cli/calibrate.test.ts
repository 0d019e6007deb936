import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Calibration } from "../../src/state/calibration.js";
import { chance } from "../support/random.js";
import { LARGE, purposeOf } from "../support/cascade-server.js";
import type { RunOptions } from "../support/cli.js";
import { cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf } from "../support/contract.js";
import type { ChatRequest, ServerReply } from "../support/openai-server.js";

const cli = cliSuite();

/** The small model agrees with itself on even numbers, rightly, and scatters on odd ones; the large one is always right. */
function telling(request: ChatRequest): ServerReply {
  const purpose = purposeOf(request);
  if (purpose !== "execute") return "Find the number.";
  const number = Number(/number (\d+)/.exec(request.messages.at(-1)!.content)![1]);
  const isRight = request.model === LARGE || number % 2 === 0;
  const said = isRight ? number : 100 + Math.floor(40 * chance(JSON.stringify(request)));
  return { text: `The final answer is $\\boxed{${said}}$.`, usage: { prompt_tokens: 50, completion_tokens: 200 } };
}

const rows = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => first + i)
    .map((n) => JSON.stringify({ id: `p${n}`, question: `Which is the number ${n}?`, answer: String(n) }))
    .join("\n");

describe("cope calibrate", () => {
  let options: RunOptions & { home: string };
  beforeAll(async () => {
    const server = await cli.serve(telling);
    options = { home: cli.home(), url: server.url };
    writeFileSync(join(options.home, "mine.jsonl"), rows(10, 20));
    writeFileSync(join(options.home, "new.jsonl"), rows(40, 30));
    writeFileSync(
      join(options.home, "odd.jsonl"),
      rows(41, 60)
        .split("\n")
        .filter((_, i) => i % 2 === 0)
        .join("\n"),
    );
    const methods = ["--methods", "large,cope", "--samples", "4", "--all-draws"];
    const end = await cli.run(["eval", "--data", "mine.jsonl", ...methods, ...MODELS, "--json"], options);
    if (end.code !== 0) throw new Error(end.stderr);
  }, 120_000);

  const calibrated = (...more: string[]) => cli.run(["calibrate", "--at-least-accuracy", "1", ...more], options);
  const solve = (...more: string[]) => cli.run(["solve", "Which is the number 24?", "--json", ...more], options);

  test("chooses by the newest tape, says what to expect, and solve takes the file", async () => {
    const { code, stdout, stderr } = await calibrated();
    expect(code).toBe(0);
    expect(stdout).toContain("Chosen: solo → large");
    expect(stdout).toMatch(/to expect on unseen data +100\.0 % \[\d/);
    expect(stdout).toMatch(/Optimism/);
    expect(stdout).toMatch(/points wide: 20 problems say no more/);
    expect(stderr).toContain("cope solve --calibration calibration.json");
    const file = Calibration.parse(JSON.parse(readFileSync(join(options.home, "calibration.json"), "utf8")));
    expect(file).toMatchObject({ family: "math", name: "solo → large", labels: "gold", data: { problems: 20 } });

    const use = ["--calibration", "calibration.json", ...MODELS];
    const [easy, hard] = await Promise.all([
      solve(...use),
      cli.run(["solve", "Which is the number 25?", "--json", ...use], options),
    ]);
    const threshold = file.stages[0]!.accept!.threshold;
    const n = file.stages[0]!.execute.samples;
    expect(documentOf(easy)).toMatchObject({
      answer: { value: "24", stage: "solo" },
      stages: [{ planned: n, threshold }],
    });
    expect(documentOf(hard)).toMatchObject({
      answer: { value: "25", stage: "large" },
      stages: [{}, { name: "large" }],
    });
  });

  test("what is explicit beats the file, and a resumed thread keeps what it was started with", async () => {
    await calibrated("--out", "kept.json");
    const use = ["--calibration", "kept.json", ...MODELS];
    const [thresholds, strategy, first] = await Promise.all([
      solve(...use, "--thresholds", "0.25"),
      solve(...use, "--strategy", "large"),
      solve(...use, "--thread", "t"),
    ]);
    expect(documentOf(thresholds).stages[0]).toMatchObject({ name: "solo", threshold: 0.25 });
    expect(documentOf(strategy)).toMatchObject({ answer: { stage: "large" }, stages: [{ name: "large" }] });
    writeFileSync(join(options.home, "kept.json"), "gone");
    const again = await cli.run(["solve", "--thread", "t", "--json"], options);
    expect(documentOf(again).answer).toEqual(documentOf(first).answer);
  });

  test("a file is refused for other models, before anything is asked", async () => {
    await calibrated("--out", "other.json");
    const end = await solve(
      "--calibration",
      "other.json",
      "--small",
      "openai:gpt-4o-mini",
      "--large",
      "openai:gpt-4.1",
    );
    expect(end.code).toBe(2);
    expect(jsonErrorOf(end)).toMatchObject({
      code: "CALIBRATION_MISMATCH",
      message: expect.stringMatching(/openai:gpt-4o as "large".*openai:gpt-4\.1/),
    });
  });

  test("a goal that nothing reaches says what can be reached, and writes no file", async () => {
    const large = ["--methods", "large", "--tape", "large.sqlite", "--limit", "4"];
    await cli.run(["eval", "--data", "mine.jsonl", ...large, ...MODELS, "--json"], options);
    const goal = ["--tape", "large.sqlite", "--at-most-cost", "50%", "--out", "none.json", "--json"];
    const end = await cli.run(["calibrate", ...goal], options);
    expect(end.code).toBe(1);
    expect(jsonErrorOf(end)).toMatchObject({
      code: "CONSTRAINT_UNMET",
      message: expect.stringMatching(/at most 50 %.*4 problems.*least cost is 850.*accuracy of 1\.000/),
    });
    expect(existsSync(join(options.home, "none.json"))).toBe(false);
  });

  test("new data are held against the promise: the same kind holds, another kind has drifted", async () => {
    await calibrated("--out", "promise.json");
    const check = (file: string) =>
      cli.run(["calibrate", "--check", file, "--calibration", "promise.json", "--json"], options);
    const [holds, drifted, twice] = [await check("new.jsonl"), await check("odd.jsonl"), await check("new.jsonl")];
    const of = (end: typeof holds) => JSON.parse(end.stdout);
    expect(of(holds)).toMatchObject({ verdict: "holds", problems: 30, left: 0 });
    expect(of(drifted).verdict).toBe("drifted");
    expect(of(drifted).checks).toMatchObject([{ what: "accuracy" }, { what: "accepted by solo", verdict: "drifted" }]);
    expect(of(twice)).toEqual(of(holds));
  });
});
