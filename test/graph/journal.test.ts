import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCope, memoryJournal, sqliteJournal, type CopeOptions, type Journal } from "../../src/index.js";
import { answering, FakeModel, httpError, isPlan } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const config = { configurable: { thread_id: "t" } };

function build(options: CopeOptions, checkpointer: MemorySaver | undefined = new MemorySaver()) {
  return createCope({ family: plain, large: answering("never"), ...options }).compile({ checkpointer });
}

/** A journal on a disk, as far as the cascade can tell. */
function durable(): Journal {
  const journal = { ...sqliteJournal(":memory:"), durable: true };
  onTestFinished(() => journal.close());
  return journal;
}

const turnsOf = async (journal: Journal) => new Set((await journal.list("t")).map(({ turn }) => turn));

describe("what is kept of finished turns", () => {
  it("is nothing in memory", async () => {
    const journal = memoryJournal();
    await build({ small: answering("42"), journal }).invoke({ question: "q" }, config);
    expect(await journal.list("t")).toEqual([]);
  });

  it("is the last turn on a disk: its checkpoint may not be written when the last node ends", async () => {
    const journal = durable();
    const graph = build({ small: answering("42"), journal });
    for (const turn of [1, 2, 3]) {
      await graph.invoke({ question: "q" }, config);
      expect(await turnsOf(journal)).toEqual(new Set([turn]));
    }
  });

  it("is not touched by a question that is refused", async () => {
    const journal = durable();
    const graph = build({ small: answering("42"), journal });
    await graph.invoke({ question: "q" }, config);
    await expect(graph.invoke({ question: "q", options: { family: "none" } }, config)).rejects.toThrow("family");
    expect(await turnsOf(journal)).toEqual(new Set([1]));
  });
});

it("drops what an abandoned run left, in memory too, when the thread's next turn begins", async () => {
  const journal = memoryJournal();
  let broken = true;
  const small = new FakeModel((asked) => {
    if (broken && !isPlan(asked)) throw httpError(401);
    return "42";
  });
  const graph = build({ small, journal });
  await expect(graph.invoke({ question: "q" }, config)).rejects.toMatchObject({ code: "AUTH_REJECTED" });
  expect(await turnsOf(journal)).toEqual(new Set([1]));
  broken = false;
  await graph.invoke({ question: "another" }, config);
  expect(await journal.list("t")).toEqual([]);
});

it("calls nothing lost that a wrong key ended: once it is mended, the run costs what it would have cost", async () => {
  let mended = false;
  const small = new FakeModel((asked) => {
    if (mended) return isPlan(asked) ? "goal" : "42";
    if (asked.count === 3) throw httpError(401);
    return new Promise<string>(() => {});
  });
  const graph = build({ small, journal: durable(), prices: { "fake:fake": { input: 1, output: 1 } } });
  await expect(graph.invoke({ question: "q" }, config)).rejects.toMatchObject({ code: "AUTH_REJECTED" });
  mended = true;
  const { ledger } = await graph.invoke(null, config);
  // The first wave's goals were under way: refused, and asked again.
  const refused = small.asked.length - 12;
  expect(refused).toBe(6);
  const usd = expect.closeTo((12 * 15) / 1e6, 9) as number;
  expect(ledger!.byRole["small"]).toMatchObject({ lost: 0, calls: 12 + refused, usd });
});

describe("without a checkpointer", () => {
  it("nothing is journaled, whatever thread is named: the second run asks and pays as the first did", async () => {
    const journal = durable();
    const small = answering("42");
    const graph = createCope({ family: plain, small, large: answering("never"), journal }).compile();
    const first = await graph.invoke({ question: "q" }, config);
    const calls = small.asked.length;
    const second = await graph.invoke({ question: "q" }, config);
    expect(small.asked).toHaveLength(2 * calls);
    expect(second.ledger!.calls).toBe(first.ledger!.calls);
    expect(await journal.list("t")).toEqual([]);
  });

  it("runs at the same time stay apart: no call of one is lost to another", async () => {
    const small = new FakeModel(async (asked) => {
      await new Promise((done) => setTimeout(done, 5));
      return isPlan(asked) ? "goal" : "42";
    });
    const graph = createCope({ family: plain, small, large: answering("never") }).compile();
    const runs = await Promise.all([1, 2, 3].map(() => graph.invoke({ question: "q" }, config)));
    expect(runs.map(({ ledger }) => ledger!.byRole["small"]!.lost)).toEqual([0, 0, 0]);
    expect(runs.map(({ ledger }) => ledger!.calls)).toEqual([12, 12, 12]);
    expect(small.asked).toHaveLength(36);
  });
});
