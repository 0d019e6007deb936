import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSqlite } from "../../src/models/sqlite.js";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";
import { openTape } from "../../src/models/tape.js";
import { journalContract } from "../../src/testing/index.js";
import { runChild } from "../support/child.js";
import { temporaryFolder } from "../support/folder.js";
import { reply, request } from "./requests.js";

const WRITER = new URL("children/write-journal.ts", import.meta.url).pathname;
const newFile = () => join(temporaryFolder(), "journal.sqlite");
const key = { thread: "t", namespace: "", turn: 1, call: "0", request: "r" };

function open(file: string) {
  const journal = sqliteJournal(file);
  onTestFinished(() => journal.close());
  return journal;
}

journalContract("the SQLite journal", () => open(newFile()), { runner: { describe, it } });

it("outlives its process: what one wrote, the next reads", async () => {
  const file = newFile();
  const first = open(file);
  expect(first.durable).toBe(true);
  await first.write(key, { attempt: 1, state: "intent" });
  first.close();
  expect(await open(file).read(key)).toEqual([{ attempt: 1, state: "intent" }]);
});

it("does not call itself durable in memory", () => {
  expect(open(":memory:").durable).toBe(false);
});

it("shares a file with a tape", async () => {
  const file = newFile();
  const journal = open(file);
  const tape = openTape(file);
  onTestFinished(() => tape.close());
  await tape.once(request(), async () => reply("42"));
  await journal.write(key, { attempt: 1, state: "answered", reply: reply("42"), cached: true });
  expect(await journal.list("t")).toHaveLength(1);
});

it("has every answer whose write returned before its process was killed", async () => {
  const file = newFile();
  const { lines, signal } = await runChild(WRITER, [file], 300);
  expect(signal).toBe("SIGKILL");
  expect(lines.length).toBeGreaterThanOrEqual(300);
  const journal = open(file);
  for (const nth of lines) {
    expect(await journal.read({ ...key, call: nth })).toEqual([
      { attempt: 1, state: "answered", reply: reply(`answer ${nth}`), cached: false },
    ]);
  }
});

it("takes an attempt whose outcome cannot be read for one that was lost, and goes on with the next", async () => {
  const file = newFile();
  const journal = open(file);
  const answered = { state: "answered", reply: reply("42"), cached: false } as const;
  await journal.write(key, { attempt: 1, ...answered });
  for (const body of ["{", "null", '{"attempt":1,"state":"answered","reply":{}}', '{"attempt":2,"state":"intent"}']) {
    const db = openSqlite(file, {});
    db.prepare("UPDATE journal SET body = ?").run(body);
    db.close();
    expect(await journal.read(key)).toEqual([{ attempt: 1, state: "intent" }]);
    expect(await journal.list("t")).toEqual([{ ...key, attempt: { attempt: 1, state: "intent" } }]);
  }
  await journal.write(key, { attempt: 2, ...answered });
  expect(await journal.read(key)).toEqual([
    { attempt: 1, state: "intent" },
    { attempt: 2, ...answered },
  ]);
});

it("reads back a log-probability of minus infinity", async () => {
  const journal = open(newFile());
  const sure = { ...reply("yes"), logprobs: [-Infinity] };
  await journal.write(key, { attempt: 1, state: "answered", reply: sure, cached: false });
  expect(await journal.read(key)).toMatchObject([{ reply: sure }]);
});
