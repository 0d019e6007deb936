import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSaver } from "../../src/checkpoint/sqlite-saver.js";
import { loadSqlite } from "../../src/models/load-sqlite.js";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";
import { runChild } from "../support/child.js";
import { temporaryFolder } from "../support/folder.js";
import { threadConfig, waitingGraph } from "./graph.js";

const CHILD = new URL("children/save-without.ts", import.meta.url).pathname;
const newFile = () => join(temporaryFolder(), "threads.sqlite");

async function open(file: string) {
  const opened = await openSaver(file);
  onTestFinished(() => opened.close());
  return opened;
}

describe("a checkpoint file", () => {
  it("resumes a thread that was saved before the file was closed", async () => {
    const file = newFile();
    const first = await open(file);
    await waitingGraph(first.saver).invoke({}, threadConfig("t"));
    first.close();
    first.close();
    const graph = waitingGraph((await open(file)).saver);
    expect((await graph.getState(threadConfig("t"))).next).toEqual(["second"]);
    expect(await graph.invoke(new Command({ resume: "then this" }), threadConfig("t"))).toEqual({
      seen: ["first", "then this"],
    });
  });

  it("is readable by its owner alone", async () => {
    const file = newFile();
    await open(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("lists its threads, the last saved first", async () => {
    const { saver, listThreads } = await open(newFile());
    expect(listThreads()).toEqual([]);
    const before = new Date().toISOString();
    for (const thread of ["a", "b"]) await waitingGraph(saver).invoke({}, threadConfig(thread));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await waitingGraph(saver).invoke(new Command({ resume: "x" }), threadConfig("a"));
    const threads = listThreads();
    expect(threads.map(({ thread }) => thread)).toEqual(["a", "b"]);
    expect(threads[0]!.checkpoints).toBeGreaterThan(threads[1]!.checkpoints);
    const latest = await saver.getTuple(threadConfig("a"));
    expect(threads[0]!.at).toBe(latest!.checkpoint.ts);
    expect(threads[1]!.at! >= before).toBe(true);
  });

  it("forgets one thread and no other, also as the first thing done with it", async () => {
    const file = newFile();
    const first = await open(file);
    await first.saver.deleteThread("never seen");
    for (const thread of ["a", "b"]) await waitingGraph(first.saver).invoke({}, threadConfig(thread));
    first.close();
    const { saver, listThreads } = await open(file);
    await saver.deleteThread("a");
    expect(listThreads().map(({ thread }) => thread)).toEqual(["b"]);
    expect(await saver.getTuple(threadConfig("a"))).toBeUndefined();
  });

  it("holds a journal too, and is used by two connections at once", async () => {
    const file = newFile();
    const { saver } = await open(file);
    const other = await open(file);
    const journal = sqliteJournal(file);
    onTestFinished(() => journal.close());
    const key = { thread: "a", namespace: "", turn: 1, call: "0", request: "r" };
    await Promise.all([
      waitingGraph(saver).invoke({}, threadConfig("a")),
      waitingGraph(other.saver).invoke({}, threadConfig("b")),
      journal.write(key, { attempt: 1, state: "intent" }),
    ]);
    expect(
      other
        .listThreads()
        .map(({ thread }) => thread)
        .toSorted(),
    ).toEqual(["a", "b"]);
    expect(await journal.list("a")).toHaveLength(1);
  });

  it("may have been made by LangGraph's own saver", async () => {
    const [source, file] = [newFile(), newFile()];
    const ours = await open(source);
    await waitingGraph(ours.saver).invoke({}, threadConfig("t"));
    ours.close();
    // A copy without our marks in the header is what SqliteSaver by itself leaves.
    const db = new (loadSqlite().DatabaseSync)(source);
    db.exec(`VACUUM INTO '${file}'`);
    db.close();
    const plain = new (loadSqlite().DatabaseSync)(file);
    plain.exec("PRAGMA application_id = 0; PRAGMA user_version = 0");
    plain.close();
    expect((await open(file)).listThreads()).toMatchObject([{ thread: "t" }]);
  });

  it("that is none is refused with its name", async () => {
    const file = newFile();
    writeFileSync(file, "not a database");
    await expect(openSaver(file)).rejects.toMatchObject({ code: "FILE_BROKEN", reason: expect.stringContaining(file) });
  });

  it("reports a full disk by its code", async () => {
    const { saver } = await open(newFile());
    (saver as unknown as { db: { pragma(text: string): void } }).db.pragma("max_page_count = 1");
    await expect(waitingGraph(saver).invoke({}, threadConfig("x".repeat(100_000)))).rejects.toMatchObject({
      code: "DISK_FULL",
    });
  });
});

describe("what the saver needs", () => {
  it("is no native add-on: none is loaded, and none is missed", async () => {
    const { lines, errors } = await runChild(CHILD, ["native", newFile()]);
    expect({ lines, errors }).toEqual({ lines: ["saved t"], errors: "" });
  });

  it("is named, with the line that installs it, when the package is missing", async () => {
    const { lines } = await runChild(CHILD, ["package", newFile()]);
    expect(lines).toEqual([
      "[PACKAGE_MISSING] saving threads needs the package @langchain/langgraph-checkpoint-sqlite. " +
        "Remedy: npm install @langchain/langgraph-checkpoint-sqlite",
    ]);
  });
});
