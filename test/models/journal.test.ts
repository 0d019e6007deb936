import { expect, it } from "vitest";
import { memoryJournal } from "../../src/models/journal.js";
import { journalContract } from "./journal-contract.js";

journalContract("the journal in memory", memoryJournal);

it("says that it ends with the process", () => {
  expect(memoryJournal().durable).toBe(false);
});
