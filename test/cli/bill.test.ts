import { expect, test } from "vitest";
import { billLines } from "../../src/cli/bill.js";
import { billOf } from "../../src/models/ledger.js";
import type { LedgerEntry } from "../../src/state/ledger.js";

const row = (role: string, usd: number | null, outputTokens: number | null = 10): LedgerEntry => ({
  call: "1",
  attempt: 1,
  role,
  model: `openai:${role}`,
  stage: "solo",
  purpose: "execute",
  status: "answered",
  inputTokens: 20,
  outputTokens,
  usd,
  price: "table",
  ms: 1,
});

/** The lines of a bill for these rows, where the large model alone would have written so many tokens. */
function lines(rows: LedgerEntry[], alone = 40): string {
  const answer = { value: "4", text: "4", stage: "solo", confidence: 1 };
  const ifLargeAlone = { inputTokens: 20, outputTokens: alone, usd: 0.01, estimated: true };
  return billLines({ answer, calls: rows, ledger: { ...billOf(rows), ifLargeAlone } }).join("\n");
}

test("a bill that is known says the sum", () => {
  expect(lines([row("small", 0.25), row("small", 0.5)])).toMatch(/^Bill: {3}\$0\.75 in 2 calls$/m);
});

test("one call of unknown cost leaves the rest known", () => {
  const told = lines([row("small", 0.00038), row("small", null), row("large", 0.5)]);
  expect(told).toMatch(/^Bill: {3}at least \$0\.50 in 3 calls; 1 call of unknown cost$/m);
  expect(told).toMatch(/small .*at least \$0\.00038 /);
  expect(told).toMatch(/large .*, \$0\.50 /);
});

test("what a provider's cache held is told beside the tokens that it is part of", () => {
  const rows = [{ ...row("large", 0.1), inputTokens: 1000, cachedInputTokens: 900 }, row("small", 0.1)];
  expect(lines(rows)).toMatch(/large .* 1000 tokens in \(900 of them in the provider's cache\), 10 out/);
  expect(lines(rows)).toMatch(/small .* 20 tokens in, 10 out/);
});

test("a bill of which nothing is known is unknown, never nothing", () => {
  expect(lines([row("small", null), row("small", null)])).toMatch(
    /^Bill: {3}unknown in 2 calls; 2 calls of unknown cost$/m,
  );
});

test.each<[string, LedgerEntry[], string]>([
  ["not at all", [row("small", 0)], "estimated; this run did not ask it"],
  ["a part", [row("large", 0, 10)], "estimated; in this run it wrote 25 % of these"],
  ["more", [row("large", 0, 80)], "estimated; in this run it wrote 2 times as many tokens"],
])("what the large model wrote beside what it would have written alone: %s", (_, rows, said) => {
  expect(lines(rows)).toContain(said);
});
