import { describe, expect, it } from "vitest";
import { memoryJournal } from "../../src/models/journal.js";
import { journalContract } from "../../src/testing/index.js";

journalContract("the journal in memory", memoryJournal, { runner: { describe, it } });

it("says that it ends with the process", () => {
  expect(memoryJournal().durable).toBe(false);
});

it("keeps the runs of a thousand threads that never came to an end, and drops what was written longest ago", async () => {
  const journal = memoryJournal();
  const write = (thread: string, call: string) =>
    journal.write({ thread, namespace: "", turn: 1, call, request: "r" }, { attempt: 1, state: "intent" });
  for (let i = 0; i < 1_000; i++) await write(`${i}`, "a");
  await write("0", "b");
  await write("new", "a");
  expect(await journal.list("0")).toHaveLength(2);
  expect(await journal.list("1")).toEqual([]);
  expect(await journal.list("2")).toHaveLength(1);
});
