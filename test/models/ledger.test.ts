import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNBILLED } from "../../src/models/failure.js";
import { billOf, ledgerEntry, sum } from "../../src/models/ledger.js";
import type { JournalAttempt } from "../../src/models/journal.js";
import { createPriceBook } from "../../src/models/prices.js";
import { Ledger, LedgerEntry } from "../../src/state/ledger.js";
import { reply } from "./requests.js";

const count = fc.nat(100_000);
/** Dollars that add up exactly in any order: sums of multiples of 1/1024 hold no rounding. */
const dollars = count.map((n) => n / 1024);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 8 });

const row: fc.Arbitrary<LedgerEntry> = fc
  .record({
    call: fc.constantFrom("1/solo/0/goal", "1/solo/0/execute", "1/solo/1/execute"),
    attempt: fc.integer({ min: 1, max: 3 }),
    role: fc.constantFrom("small", "large", "middle"),
    stage: fc.constant("solo"),
    purpose: fc.constant("execute" as const),
    status: fc.constantFrom("answered" as const, "cached" as const, "failed" as const, "lost" as const),
    inputTokens: orNull(count),
    outputTokens: orNull(count),
    usd: orNull(dollars),
    price: fc.constant("table" as const),
    ms: count,
  })
  .map((entry) => ({ ...entry, model: `openai:${entry.role}` }));
const rows = fc.array(row, { maxLength: 30 });

describe("sums of what is known and what is not", () => {
  it("are unknown as soon as one part is, and 0 of nothing", () => {
    expect(sum([])).toBe(0);
    fc.assert(
      fc.property(fc.array(orNull(count)), (parts) => {
        const expected = parts.includes(null) ? null : parts.reduce<number>((a, b) => a + b!, 0);
        expect(sum(parts)).toBe(expected);
      }),
    );
  });
});

describe("a bill", () => {
  it("counts every attempt sent, cached ones apart, in all and by role", () => {
    fc.assert(
      fc.property(rows, (entries) => {
        const { calls, byRole } = billOf(entries);
        expect(calls).toBe(entries.filter(({ status }) => status !== "cached").length);
        const bills = Object.values(byRole);
        expect(bills.reduce((total, bill) => total + bill.calls, 0)).toBe(calls);
        expect(bills.reduce((total, bill) => total + bill.calls + bill.cached, 0)).toBe(entries.length);
        expect(bills.reduce((total, bill) => total + bill.lost, 0)).toBe(
          entries.filter(({ status }) => status === "lost").length,
        );
      }),
    );
  });

  it("is unknown where one row is, for that role and in all, and for no other role", () => {
    fc.assert(
      fc.property(rows, (entries) => {
        const { usd, byRole } = billOf(entries);
        expect(usd === null).toBe(entries.some((entry) => entry.usd === null));
        for (const [role, bill] of Object.entries(byRole)) {
          const own = entries.filter((entry) => entry.role === role);
          expect(bill.usd === null).toBe(own.some((entry) => entry.usd === null));
          const answered = own.filter(({ status }) => status === "answered" || status === "cached");
          expect(bill.inputTokens === null).toBe(answered.some((entry) => entry.inputTokens === null));
          expect(bill.outputTokens === null).toBe(answered.some((entry) => entry.outputTokens === null));
        }
      }),
    );
  });

  it("adds up to the roles' bills, in whatever order the rows came", () => {
    const shuffled = rows.chain((entries) =>
      fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
    );
    fc.assert(
      fc.property(shuffled, ([entries, others]) => {
        expect(billOf(others)).toEqual(billOf(entries));
        expect(billOf(entries).usd).toBe(sum(Object.values(billOf(entries).byRole).map(({ usd }) => usd)));
      }),
    );
  });

  it("fits the state it is kept in", () => {
    const ifLargeAlone = { inputTokens: null, outputTokens: null, usd: null, estimated: true };
    fc.assert(
      fc.property(rows, (entries) => {
        expect(Ledger.safeParse({ ...billOf(entries), ifLargeAlone }).success).toBe(true);
      }),
    );
  });
});

const call = { call: "1/solo/0/execute", role: "small", stage: "solo", purpose: "execute" } as const;
const priced = { provider: "openai", model: "priced" };
const prices = createPriceBook({ "openai:priced": { input: 1, output: 2 } });
const failed = (code: string): JournalAttempt => ({
  attempt: 2,
  state: "failed",
  error: { code, message: "said" },
  final: true,
  ms: 12,
});

describe("a row of the ledger", () => {
  it("of an answer has its tokens, price and time", () => {
    const made = ledgerEntry(
      { attempt: 1, state: "answered", reply: reply("42"), cached: false },
      call,
      priced,
      prices,
    );
    expect(made).toEqual({
      ...call,
      attempt: 1,
      model: "openai:priced",
      status: "answered",
      inputTokens: 12,
      outputTokens: 34,
      usd: 12 / 1e6 + (2 * 34) / 1e6,
      price: "given",
      ms: 250,
    });
  });

  it("of a recorded answer costs nothing, also where the price is unknown", () => {
    const cached: JournalAttempt = { attempt: 1, state: "answered", reply: reply("42"), cached: true };
    for (const model of [priced, { provider: "openai", model: "nobody-knows" }]) {
      expect(ledgerEntry(cached, call, model, prices)).toMatchObject({ status: "cached", usd: 0, inputTokens: 12 });
    }
  });

  it("of an answer without a count has no price, unless the model costs nothing", () => {
    const uncounted = { ...reply("42"), usage: { inputTokens: null, outputTokens: null } };
    const made: JournalAttempt = { attempt: 1, state: "answered", reply: uncounted, cached: false };
    expect(ledgerEntry(made, call, priced, prices).usd).toBeNull();
    expect(ledgerEntry(made, call, { provider: "ollama", model: "m" }, prices)).toMatchObject({
      usd: 0,
      price: "local",
    });
  });

  it.each(["TIMEOUT", "CONNECTION_LOST", "MODEL_FAILED"])("of %s may have been billed", (code) => {
    expect(ledgerEntry(failed(code), call, priced, prices)).toMatchObject({ status: "failed", usd: null, error: code });
  });

  it.each([...UNBILLED])("of %s costs nothing", (code) => {
    expect(ledgerEntry(failed(code), call, priced, prices)).toMatchObject({ status: "failed", usd: 0, ms: 12 });
    expect(ledgerEntry(failed(code), call, { provider: "openai", model: "nobody-knows" }, prices).usd).toBe(0);
  });

  it("of an attempt in flight when a process died is lost, at an unknown price", () => {
    const made = ledgerEntry({ attempt: 1, state: "intent" }, call, priced, prices);
    expect(made).toMatchObject({ status: "lost", usd: null, ms: 0 });
    expect(LedgerEntry.safeParse(made).success).toBe(true);
  });
});
