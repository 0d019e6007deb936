// Writes an intent and its answer, call after call without an end; prints each call's number when the answer is written.
import { writeSync } from "node:fs";
import { sqliteJournal } from "../../../src/models/sqlite-journal.js";
import { reply } from "../requests.js";

const journal = sqliteJournal(process.argv[2] ?? "");
for (let nth = 0; ; nth += 1) {
  const key = { thread: "t", namespace: "", turn: 1, call: String(nth), request: "r" };
  await journal.write(key, { attempt: 1, state: "intent" });
  await journal.write(key, { attempt: 1, state: "answered", reply: reply(`answer ${nth}`), cached: false });
  writeSync(1, `${nth}\n`);
}
