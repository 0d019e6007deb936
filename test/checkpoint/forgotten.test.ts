import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSaver } from "../../src/checkpoint/sqlite-saver.js";
import { openSavedRuns } from "../../src/cli/saved-runs.js";
import { createCope, sqliteJournal } from "../../src/index.js";
import { loadSqlite } from "../../src/models/load-sqlite.js";
import { scrub } from "../../src/models/sqlite-scrub.js";
import { openTape } from "../../src/models/tape.js";
import { scriptedModel } from "../../src/testing/index.js";
import { temporaryFolder } from "../support/folder.js";

const SECRET = "Nightingale";
const newFile = () => join(temporaryFolder(), "threads.sqlite");

/** Files of this database in which a text can be read: itself, its log, its index. */
function readableIn(file: string, text: string): string[] {
  const folder = join(file, "..");
  const names = readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(text));
  return names.toSorted();
}

/** Long texts need pages of their own, short ones share theirs. */
const answer = (text: string) => `It is $\\boxed{42}$. ${text} `.repeat(40);

async function solve(file: string, thread: string, text: string) {
  const { saver, close } = await openSaver(file);
  const journal = sqliteJournal(file);
  const model = scriptedModel([{ reply: answer(text) }]);
  const cope = createCope({ family: "math", samples: 4, small: model, large: model, journal });
  const graph = cope.compile({ checkpointer: saver });
  await graph.invoke({ question: `What is ${text}?` }, { configurable: { thread_id: thread }, durability: "sync" });
  return { saver, journal, close };
}

describe("what was forgotten", () => {
  it("can be read in no file of the database, while it is open and after", async () => {
    const file = newFile();
    const kept = await solve(file, "kept", "Woodpecker");
    const { saver, journal, close } = await solve(file, "gone", SECRET);
    expect(readableIn(file, SECRET)).not.toEqual([]);
    await saver.deleteThread("gone");
    await journal.forget("gone");
    expect(readableIn(file, SECRET)).toEqual([]);
    for (const { close: end, journal: own } of [kept, { close, journal }]) {
      own.close();
      end();
    }
    expect(readableIn(file, SECRET)).toEqual([]);
    expect(readableIn(file, "Woodpecker")).toEqual(["threads.sqlite"]);
    const again = sqliteJournal(file);
    onTestFinished(() => again.close());
    expect((await again.list("kept")).length).toBeGreaterThan(0);
  });

  it("is gone after `threads rm`, also what an earlier version or another program left behind", async () => {
    const file = newFile();
    for (const [thread, text] of [
      ["old", SECRET],
      ["t", "Goldfinch"],
      ["kept", "Woodpecker"],
    ] as const) {
      const { journal, close } = await solve(file, thread, text);
      journal.close();
      close();
    }
    const careless = plain(file);
    careless.exec("PRAGMA secure_delete = OFF");
    for (const table of ["checkpoints", "writes"])
      careless.prepare(`DELETE FROM ${table} WHERE thread_id = 'old'`).run();
    careless.exec("DELETE FROM journal WHERE thread = 'old'");
    careless.close();
    expect(readableIn(file, SECRET)).toEqual(["threads.sqlite"]);
    const runs = await openSavedRuns(file);
    onTestFinished(() => runs.close());
    runs.remember("t", { small: "ollama:Goldfinch" });
    await runs.forget("t");
    expect([...readableIn(file, "Goldfinch"), ...readableIn(file, SECRET)]).toEqual([]);
    expect(runs.listThreads().map(({ thread }) => thread)).toEqual(["kept"]);
  });

  it("leaves a tape in the same file as it was", async () => {
    const file = newFile();
    const sampling = { temperature: 1, maxTokens: 9, seed: 1 };
    const request = {
      model: { provider: "p", model: "m" },
      messages: [{ role: "user" as const, content: "?" }],
      sampling,
    };
    const reply = { text: "Woodpecker", usage: { inputTokens: 1, outputTokens: 1 }, ms: 1 };
    const tape = openTape(file);
    onTestFinished(() => tape.close());
    await tape.once(request, async () => reply);
    const { saver, close } = await solve(file, "gone", SECRET);
    onTestFinished(close);
    await saver.deleteThread("gone");
    expect(await tape.once(request, () => Promise.reject(new Error("asked again")))).toEqual({ reply, cached: true });
  });

  it("waits for another process that reads, and is gone when that one is done", async () => {
    const file = newFile();
    const { saver, journal, close } = await solve(file, "gone", SECRET);
    onTestFinished(close);
    await journal.forget("gone");
    const reader = reading(file);
    const forgetting = saver.deleteThread("gone");
    await sleep(100);
    reader.exec("COMMIT");
    await forgetting;
    expect(readableIn(file, SECRET)).toEqual([]);
  });

  it("is told where another process reads for ever: deleted, and perhaps readable still", async () => {
    const file = newFile();
    const { journal, close } = await solve(file, "gone", SECRET);
    onTestFinished(close);
    onTestFinished(() => journal.close());
    reading(file);
    const db = plain(file);
    db.exec("DELETE FROM journal");
    await expect(scrub(db, file, 50)).rejects.toMatchObject({ code: "TIMEOUT", reason: expect.stringContaining(file) });
  });
});

function plain(file: string): DatabaseSync {
  const { DatabaseSync: Database } = loadSqlite();
  const db = new Database(file);
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  return db;
}

/** A connection in the middle of reading, as another process may be. */
function reading(file: string): DatabaseSync {
  const db = plain(file);
  db.exec("BEGIN");
  db.prepare("SELECT count(*) FROM checkpoints").get();
  return db;
}
