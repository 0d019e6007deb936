import * as fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readIds } from "../../../src/evaluation/data/ids.js";
import { split, subset } from "../../../src/evaluation/data/subset.js";
import { fileWith } from "./files.js";

const set = fc
  .uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 40 })
  .map((ids) => ids.map((id, i) => ({ id, about: { level: String(i % 3) } })));
const seed = fc.integer({ min: 0, max: 1000 });
const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const ids = (problems: readonly { id: string }[]) => problems.map(({ id }) => id);
const hundred = Array.from({ length: 100 }, (_, i) => ({ id: String(i), about: { level: String(i % 5) } }));

describe("subset", () => {
  it("orders by seed and ids alone, whatever the order of the rows", () => {
    fc.assert(
      fc.property(set, seed, (problems, s) => {
        const order = ids(subset(problems, { seed: s }));
        expect(ids(subset(problems.toReversed(), { seed: s }))).toEqual(order);
        expect(order.toSorted()).toEqual(ids(problems).toSorted());
      }),
    );
  });

  it("with a larger limit begins with the problems of a smaller one", () => {
    fc.assert(
      fc.property(set, seed, fc.integer({ min: 1, max: 50 }), (problems, s, limit) => {
        const all = subset(problems, { seed: s });
        expect(subset(problems, { seed: s, limit })).toEqual(all.slice(0, limit));
      }),
    );
  });

  it("keeps the order of the others when problems are added", () => {
    fc.assert(
      fc.property(set, seed, fc.integer({ min: 1, max: 40 }), (problems, s, count) => {
        const fewer = problems.slice(0, count);
        const there = new Set(ids(fewer));
        expect(ids(subset(problems, { seed: s })).filter((id) => there.has(id))).toEqual(
          ids(subset(fewer, { seed: s })),
        );
      }),
    );
  });

  it("orders by the hash of seed and id, so that numbers of a row give the order of earlier runs", () => {
    const hash = (id: string) => createHash("sha256").update(`1/${id}`).digest("hex");
    const order = ids(hundred).toSorted((a, b) => (hash(a) < hash(b) ? -1 : 1));
    expect(ids(subset(hundred, { seed: 1 }))).toEqual(order);
    expect(ids(subset(hundred, { seed: 2 }))).not.toEqual(order);
  });

  it("takes ids in the order of their list", () => {
    expect(ids(subset(hundred, { ids: ["7", "3", "50"], limit: 2 }))).toEqual(["7", "3"]);
  });

  it("takes the values asked for", () => {
    const chosen = subset(hundred, { where: { level: ["3", "4"] } });
    expect(chosen).toHaveLength(40);
    expect(chosen.every(({ about }) => ["3", "4"].includes(about.level))).toBe(true);
  });

  it.each([
    [{ ids: ["1", "nope"] }, /there is no problem "nope"/],
    [{ ids: ["1", "1"] }, /given twice/],
    [{ where: { level: ["9"] } }, /no problem has level "9".*there are 0, 1, 2, 3, 4/],
    [{ where: { colour: ["9"] } }, /no problem has a colour.*this set has level/],
    [{ ids: ["1"], where: { level: ["2"] } }, /no problem is left/],
    [{ limit: 0 }, /limit: at least 1/],
    [{ part: { share: 1, take: "tuning" } }, /part.share: less than 1/],
  ] as const)("refuses %j with what there is", (options, message) => {
    expect(() => subset(hundred, options as never)).toThrow(message);
  });
});

describe("split", () => {
  it("gives two disjoint parts that together are all", () => {
    fc.assert(
      fc.property(set, seed, share, (problems, s, part) => {
        const { tuning, heldOut } = split(problems, { seed: s, share: part });
        expect([...ids(tuning), ...ids(heldOut)].toSorted()).toEqual(ids(problems).toSorted());
      }),
    );
  });

  it("moves no problem when others are added", () => {
    fc.assert(
      fc.property(set, seed, share, fc.integer({ min: 1, max: 40 }), (problems, s, part, count) => {
        const before = split(problems.slice(0, count), { seed: s, share: part });
        const after = split(problems, { seed: s, share: part });
        expect(ids(after.tuning)).toEqual(expect.arrayContaining(ids(before.tuning)));
        expect(ids(after.heldOut)).toEqual(expect.arrayContaining(ids(before.heldOut)));
      }),
    );
  });

  it("keeps tuning problems in the tuning part of a larger share", () => {
    fc.assert(
      fc.property(set, seed, share, share, (problems, s, a, b) => {
        const part = (of: number) => ids(split(problems, { seed: s, share: of }).tuning);
        expect(part(Math.max(a, b))).toEqual(expect.arrayContaining(part(Math.min(a, b))));
      }),
    );
  });

  it("has about the share asked for", () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ id: `p${i}` }));
    expect(split(many, { share: 0.3 }).tuning.length).toBeGreaterThan(2800);
    expect(split(many, { share: 0.3 }).tuning.length).toBeLessThan(3200);
  });

  it("is what a subset takes a part of, in whatever order", () => {
    const { tuning, heldOut } = split(hundred, { seed: 5, share: 0.4 });
    const part = { seed: 5, share: 0.4 };
    for (const order of [0, 1, 2]) {
      expect(ids(subset(hundred, { seed: order, part: { ...part, take: "tuning" } })).toSorted()).toEqual(
        ids(tuning).toSorted(),
      );
      expect(ids(subset(hundred, { seed: order, part: { ...part, take: "heldOut" } })).toSorted()).toEqual(
        ids(heldOut).toSorted(),
      );
    }
  });
});

describe("a file of ids", () => {
  it("has one a line, and remarks", () => {
    const text = "\uFEFF# frozen\r\ntest/algebra/1.json  # easy\r\n\r\n c#2 \r\n7\r\n";
    expect(readIds(fileWith("ids.txt", text))).toEqual(["test/algebra/1.json", "c#2", "7"]);
  });

  it("without ids, or that is not there, is told", () => {
    expect(() => readIds(fileWith("ids.txt", "# nothing\n"))).toThrow(/FILE_BROKEN.*holds no id/);
    expect(() => readIds("nowhere.txt")).toThrow(/FILE_NOT_FOUND/);
  });
});

describe("conversations", () => {
  const turns = Array.from({ length: 40 }, (_, i) => {
    const [nr, turn] = [Math.floor(i / 2), 1 + (i % 2)];
    const task = { question: "q", ...(turn === 2 ? { after: `${nr}#1` } : {}) };
    return { id: `${nr}#${turn}`, about: { turn: String(turn) }, task };
  });
  const numbers = (of: readonly { id: string }[]) => of.map(({ id }) => id.split("#")[0]!);

  it("count as one, and come with all their turns, the first before the second", () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 25 }), (s, limit) => {
        const chosen = subset(turns, { seed: s, limit });
        const known = Math.min(limit, 20);
        expect(new Set(numbers(chosen)).size).toBe(known);
        expect(chosen).toHaveLength(2 * known);
        for (const [i, { about }] of chosen.entries()) expect(about.turn).toBe(String(1 + (i % 2)));
      }),
    );
  });

  it("fall into one part whole", () => {
    fc.assert(
      fc.property(seed, share, (s, of) => {
        const { tuning, heldOut } = split(turns, { seed: s, share: of });
        expect(tuning.length + heldOut.length).toBe(40);
        const there = new Set(numbers(tuning));
        expect(numbers(heldOut).filter((nr) => there.has(nr))).toEqual([]);
      }),
    );
  });

  it("are taken turn by turn where ids or labels say so", () => {
    expect(ids(subset(turns, { ids: ["3#2", "4#1"] }))).toEqual(["3#2", "4#1"]);
    expect(subset(turns, { where: { turn: ["2"] } })).toHaveLength(20);
  });
});
