import { MemorySaver } from "@langchain/langgraph";
import { expect, it, onTestFinished, vi } from "vitest";
import { createCope, openSaver, sqliteJournal } from "../../src/index.js";
import { temporaryFolder } from "../support/folder.js";
import { answering } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

it("says once that a durable saver wants a durable journal, and only then", async () => {
  const said = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  onTestFinished(() => void said.mockRestore());
  const warnings = () => said.mock.calls.filter(([, about]) => (about as any)?.code === "COPE_JOURNAL_IN_MEMORY");
  const { saver, close } = await openSaver(":memory:");
  onTestFinished(close);
  const journal = sqliteJournal(`${temporaryFolder()}/journal.sqlite`);
  onTestFinished(journal.close);

  let thread = 0;
  const run = async (options: object, checkpointer?: typeof saver) => {
    const graph = createCope({ family: plain, small: answering("a"), large: answering("b"), ...options });
    await graph.compile({ checkpointer }).invoke({ question: "q" }, { configurable: { thread_id: `${thread++}` } });
  };
  await run({});
  await run({}, new MemorySaver());
  await run({ journal }, saver);
  expect(warnings()).toEqual([]);
  await run({}, saver);
  await run({}, saver);
  expect(warnings()).toHaveLength(1);
  expect(warnings()[0]![0]).toContain("sqliteJournal(file)");
});
