import { afterAll, describe, expect, it } from "vitest";
import { createMathSame } from "../../../src/families/math/same.js";
import { benchmarkRows } from "./data.js";
import { type Pair, pairs } from "./pairs.js";
import { rewrittenPairs } from "./rewrites.js";

const { same, close } = createMathSame({ timeLimitMs: 10_000 });
afterAll(close);

async function misses(table: readonly Pair[]): Promise<Pair[]> {
  const wrong: Pair[] = [];
  for (const pair of table) if ((await same(pair.a, pair.b)) !== pair.same) wrong.push(pair);
  for (const { kind, a, b, same: label } of wrong) console.log(`missed (${kind}): ${a} ${label ? "=" : "≠"} ${b}`);
  return wrong;
}

const share = (wrong: readonly Pair[], table: readonly Pair[]): number => 1 - wrong.length / table.length;
const falselySame = (wrong: readonly Pair[]): Pair[] => wrong.filter((pair) => !pair.same);

describe("equality of math answers, on labelled pairs", () => {
  it("has enough pairs of every kind, both the same and not", () => {
    expect(pairs.length).toBeGreaterThanOrEqual(150);
    const labels = Object.entries(Object.groupBy(pairs, (pair) => pair.kind)).map(
      ([kind, ofKind]) => [kind, new Set(ofKind!.map((pair) => pair.same)).size] as const,
    );
    expect(labels).toEqual(labels.map(([kind]) => [kind, 2]));
  });

  it("is right on at least 97 % of the own table, and never takes different answers for the same", async () => {
    const wrong = await misses(pairs);
    expect(falselySame(wrong)).toEqual([]);
    expect(share(wrong, pairs)).toBeGreaterThanOrEqual(0.97);
  });

  const rows = benchmarkRows("math500/test.jsonl");
  it.skipIf(!rows)("is as right on MATH-500 answers rewritten by rule", async () => {
    const table = rewrittenPairs(rows!.map((row) => row["answer"]!));
    expect(table.length).toBeGreaterThanOrEqual(75);
    const wrong = await misses(table);
    expect(falselySame(wrong)).toEqual([]);
    expect(share(wrong, table)).toBeGreaterThanOrEqual(0.97);
  });

  it("gives the same verdict whichever way it is asked", async () => {
    for (const { a, b } of pairs) expect([b, a, await same(b, a)]).toEqual([b, a, await same(a, b)]);
  });

  it("takes every answer of the table for the same as itself", async () => {
    for (const { a, b } of pairs) expect([await same(a, a), await same(b, ` ${b} `)]).toEqual([true, true]);
  });
});
