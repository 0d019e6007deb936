import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { evalCommand } from "../../src/cli/eval.js";
import { CopeError } from "../../src/errors.js";

const folder = mkdtempSync(join(tmpdir(), "cope-eval-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const mine = join(folder, "mine.jsonl");
const ROWS = [0, 1].map((i) => JSON.stringify({ id: `q${i}`, question: `${i}?`, answer: "1", level: String(i) }));
writeFileSync(mine, ROWS.join("\n"));

/** Runs the command with these arguments in this process, which must fail. */
async function errorOf(args: readonly string[]): Promise<CopeError> {
  const models = [
    "--small",
    "openai:gpt-4o-mini@http://127.0.0.1:9/v1",
    "--large",
    "openai:gpt-4o@http://127.0.0.1:9/v1",
  ];
  const tape = args.includes("--tape") ? [] : ["--tape", join(folder, "none", "tape.sqlite")];
  const command = evalCommand(() => {});
  const argv = ["--json", "--data", mine, ...models, ...tape, ...args];
  const error: unknown = await command.parseAsync(argv, { from: "user" }).then(
    () => new Error("it ran"),
    (thrown: unknown) => thrown,
  );
  if (!CopeError.isInstance(error)) throw error;
  return error;
}

/** Wrong command lines: what is added, the code, and a word that tells the user where to look. */
const WRONG: [string, string[], string, RegExp][] = [
  ["an unknown method", ["--methods", "cope,nope"], "OPTIONS_INVALID", /nope.*cascade-vote/],
  ["an empty method", ["--methods", "cope,"], "OPTIONS_INVALID", /--methods/],
  ["a limit that is no number", ["--limit", "x"], "OPTIONS_INVALID", /--limit: a number .*"x"/],
  ["an unknown study", ["--study", "plan"], "OPTIONS_INVALID", /--study.*plans/],
  ["a study and methods", ["--study", "plans", "--methods", "cope"], "OPTIONS_INVALID", /--methods/],
  ["a study and samples", ["--study", "plans", "--samples", "4"], "OPTIONS_INVALID", /--study.*--samples/],
  ["a study of all draws", ["--study", "plans", "--all-draws"], "OPTIONS_INVALID", /--study.*--all-draws/],
  ["stages for no method", ["--methods", "large", "--stages", mine], "OPTIONS_INVALID", /--stages.*cope/],
  [
    "thresholds for no method",
    ["--methods", "cope:s1s2", "--thresholds", "0.5"],
    "OPTIONS_INVALID",
    /--thresholds.*cope/,
  ],
  ["a recording to train nothing on", ["--train", "x.sqlite"], "OPTIONS_INVALID", /--train.*frugal/],
  ["a share of no part", ["--share", "0.3"], "OPTIONS_INVALID", /--part/],
  ["an unknown part", ["--part", "test"], "OPTIONS_INVALID", /--part.*held-out/],
  ["a label that no problem has", ["--by", "colour"], "OPTIONS_INVALID", /--by.*colour.*level/],
  ["a value that no problem has", ["--where", "level=9"], "OPTIONS_INVALID", /level "9"/],
  ["a filter without a value", ["--where", "level"], "OPTIONS_INVALID", /--where/],
  ["ids that are not there", ["--ids", "none.txt"], "FILE_NOT_FOUND", /none\.txt/],
  ["stages that are not there", ["--stages", "none.json"], "FILE_NOT_FOUND", /none\.json/],
  [
    "a recording to train on that is not there",
    ["--methods", "frugal", "--train", "none.sqlite"],
    "FILE_NOT_FOUND",
    /none\.sqlite/,
  ],
  ["stages that are no list", ["--stages", mine], "FILE_BROKEN", /mine\.jsonl/],
  ["samples that two prompts cannot share", ["--methods", "cascade-vote", "--samples", "5"], "OPTIONS_INVALID", /even/],
  ["the same for a vote of each", ["--methods", "cascade-verify", "--samples", "1"], "OPTIONS_INVALID", /even/],
  ["one cheap model alone", ["--methods", "abc"], "OPTIONS_INVALID", /--model/],
  ["a role without a name", ["--model", "openai:x"], "OPTIONS_INVALID", /--model/],
  ["a price without output", ["--price", "openai:x=1"], "OPTIONS_INVALID", /--price/],
  ["an unknown column", ["--columns", "colour=x"], "OPTIONS_INVALID", /--columns.*colour/],
  ["one threshold of two", ["--thresholds", "0.5"], "OPTIONS_INVALID", /threshold/],
  ["a tape that is none", ["--tape", mine], "FILE_BROKEN", /mine\.jsonl/],
];

test("without data, the first thing is to name some", async () => {
  await expect(evalCommand(() => {}).parseAsync([], { from: "user" })).rejects.toThrow(/--data.*mine\.jsonl/);
});

test("a limit in dollars names the price that is missing, as it is typed", async () => {
  const models = ["--small", "openai:a@http://127.0.0.1:9/v1", "--large", "openai:b@http://127.0.0.1:9/v1"];
  const error = await errorOf([...models, "--budget-usd", "1"]);
  expect(error.code).toBe("PRICE_UNKNOWN");
  expect(error.remedy).toContain("--price openai-compatible:a=in,out");
});

test.each(WRONG)("is refused before any work: %s", async (_what, more, code, said) => {
  const error = await errorOf(more);
  expect({ code: error.code, usage: error.isUsage }).toEqual({ code, usage: true });
  expect(error.reason + error.remedy).toMatch(said);
});
