import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emptyCheckpoint } from "@langchain/langgraph";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openSaver } from "../../src/checkpoint/sqlite-saver.js";
import { CopeError } from "../../src/errors.js";
import { loadSqlite } from "../../src/models/load-sqlite.js";
import { openSqlite } from "../../src/models/sqlite.js";
import { FORMAT } from "../../src/models/sqlite-format.js";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";
import { openTape } from "../../src/models/tape.js";
import { tapeInfo } from "../../src/models/tape-info.js";
import { repairTape } from "../../src/models/tape-repair.js";
import { exportTape, importTape } from "../../src/models/tape-transfer.js";
import { temporaryFolder } from "../support/folder.js";
import { pick } from "../support/random.js";
import { reply, request } from "./requests.js";

const never = async () => Promise.reject(new Error("was asked"));
const newFile = () => join(temporaryFolder(), "tape.sqlite");

const COUNT = 60;
/** Every fifth answer runs over several pages. */
const textOf = (nth: number) => `answer ${nth} ${"xyz ".repeat(nth % 5 === 0 ? 3000 : 60)}`;

async function record(file: string, count = COUNT) {
  const tape = openTape(file);
  for (let nth = 0; nth < count; nth += 1) await tape.once(request(nth), async () => reply(textOf(nth)));
  return tape;
}

async function recorded(file = newFile()): Promise<string> {
  (await record(file)).close();
  return file;
}

/** What a tape answers without asking: each call by number, and what it said. Any error must be a coded one. */
async function answersOf(file: string): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const coded = (error: unknown) => {
    if (!CopeError.isInstance(error) && (error as Error).message !== "was asked") throw error;
  };
  try {
    const tape = openTape(file);
    for (let nth = 0; nth < COUNT; nth += 1) {
      await tape.once(request(nth), never).then(({ reply: { text } }) => found.set(nth, text), coded);
    }
    tape.close();
  } catch (error) {
    coded(error);
  }
  return found;
}

const wrong = (found: Map<number, string>) => [...found].filter(([nth, text]) => text !== textOf(nth));

describe("a damaged tape", () => {
  it("answers nothing wrong, before a repair or after, wherever a few bytes are changed", async () => {
    const whole = readFileSync(await recorded());
    let kept = 0;
    const cases = 40;
    for (let nth = 0; nth < cases; nth += 1) {
      const file = newFile();
      const bytes = Buffer.from(whole);
      // One letter, which still is JSON; or a stretch.
      const length = nth % 2 === 0 ? 1 : 300;
      const at = pick(bytes.length - length, `place ${nth}`);
      for (let i = 0; i < length; i += 1) bytes[at + i]! ^= 1 + pick(255, `${nth} ${i}`);
      writeFileSync(file, bytes);
      expect(wrong(await answersOf(file))).toEqual([]);
      writeFileSync(file, bytes);
      kept += repairTape(file).kept;
      expect(readFileSync(`${file}.broken-1`)).toEqual(bytes);
      expect(wrong(await answersOf(file))).toEqual([]);
    }
    // A change costs the call it hits, or those of one page.
    expect(kept / (cases * COUNT)).toBeGreaterThan(0.93);
  }, 60_000);

  it("gives back the calls that lie before the cut, wherever it is cut", async () => {
    const whole = readFileSync(await recorded());
    const half = newFile();
    writeFileSync(half, whole.subarray(0, whole.length / 2));
    expect(() => openTape(half)).toThrow(/FILE_BROKEN.*cope tape repair/);
    // A cut in the last page shows only when that page is read.
    for (const part of [0.3, 0.5, 0.7, 0.9, 0.999]) {
      const file = newFile();
      writeFileSync(file, whole.subarray(0, Math.floor(whole.length * part)));
      expect(wrong(await answersOf(file))).toEqual([]);
      writeFileSync(file, whole.subarray(0, Math.floor(whole.length * part)));
      const { kept } = repairTape(file);
      const found = await answersOf(file);
      expect(wrong(found)).toEqual([]);
      expect(found.size).toBe(kept);
      expect(kept).toBeGreaterThan(COUNT * (part - 0.2));
    }
  });

  it("is read without its head, schema and index", async () => {
    const file = await recorded();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 0, 4096);
    writeFileSync(file, bytes);
    expect(() => openTape(file)).toThrow(/FILE_BROKEN.*cope tape repair/);
    expect(repairTape(file)).toMatchObject({ kept: COUNT, unchecked: 0, dropped: 0 });
    expect((await answersOf(file)).size).toBe(COUNT);
  });

  it("gives back calls that only its log holds", async () => {
    const file = newFile();
    const tape = await record(file);
    onTestFinished(() => tape.close());
    const copy = join(temporaryFolder(), "copy.sqlite");
    // As a killed process leaves them.
    for (const end of ["", "-wal"]) copyFileSync(file + end, copy + end);
    expect((await answersOf(copy)).size).toBe(COUNT);
    for (const end of ["", "-wal"]) copyFileSync(file + end, copy + end);
    truncateSync(copy, 0);
    expect(() => openTape(copy)).toThrow(/FILE_BROKEN.*its log .* is not.*cope tape repair/);
    expect(repairTape(copy).kept).toBeGreaterThan(COUNT / 2);
    expect(wrong(await answersOf(copy))).toEqual([]);
    expect(existsSync(`${copy}.broken-1-wal`)).toBe(true);
  });

  it("has a call of which one letter changed asked again, and the new reply recorded", async () => {
    const file = await recorded();
    const bytes = readFileSync(file);
    bytes.write("A", bytes.indexOf("answer 7 "));
    writeFileSync(file, bytes);
    expect(tapeInfo(file)).toMatchObject({ calls: COUNT - 1, unreadable: 1 });
    const tape = openTape(file);
    expect(await tape.once(request(7), async () => reply("new"))).toEqual({ reply: reply("new"), cached: false });
    expect(await tape.once(request(7), never)).toEqual({ reply: reply("new"), cached: true });
    tape.close();
    expect(tapeInfo(file)).toMatchObject({ calls: COUNT, unreadable: 0 });
  });

  it("keeps a second broken file beside the first", async () => {
    const file = await recorded();
    expect(repairTape(file).aside).toBe(`${file}.broken-1`);
    expect(repairTape(file)).toMatchObject({ kept: COUNT, aside: `${file}.broken-2` });
    expect(readdirSync(join(file, "..")).toSorted()).toEqual([
      "tape.sqlite",
      "tape.sqlite.broken-1",
      "tape.sqlite.broken-2",
    ]);
  });

  it("is not repaired where it is another program's, a later format's, or no file", () => {
    const file = newFile();
    const db = new (loadSqlite().DatabaseSync)(file);
    db.exec("CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('a')");
    db.close();
    const before = readFileSync(file);
    expect(() => repairTape(file)).toThrow(/another program's database/);
    expect(readFileSync(file)).toEqual(before);
    expect(() => openTape(`${file}2`).close()).not.toThrow();
    const later = new (loadSqlite().DatabaseSync)(`${file}2`);
    later.exec(`PRAGMA user_version = ${FORMAT + 1}`);
    later.close();
    expect(() => repairTape(`${file}2`)).toThrow(/of format \d+.*update langgraph-cope/);
    expect(() => repairTape(`${file}3`)).toThrow(expect.objectContaining({ code: "FILE_NOT_FOUND" }));
    mkdirSync(`${file}4`);
    expect(() => repairTape(`${file}4`)).toThrow(expect.objectContaining({ code: "FILE_BROKEN" }));
    expect(readdirSync(join(file, "..")).filter((name) => /broken|repair/.test(name))).toEqual([]);
  });
});

describe("repair of a file that is more, or other, than a tape", () => {
  /** What a repair says, and whether it left the file as it was. */
  const refusal = (file: string) => {
    const before = readFileSync(file);
    let error: unknown;
    try {
      repairTape(file);
    } catch (thrown) {
      error = thrown;
    }
    const untouched = readFileSync(file).equals(before) && !existsSync(`${file}.broken-1`);
    return { code: (error as CopeError).code, reason: (error as CopeError).reason, untouched };
  };
  const saying = (words: RegExp) => ({ code: "FILE_BROKEN", reason: expect.stringMatching(words), untouched: true });

  it("leaves a journal as it is, and says what it is", async () => {
    const file = newFile();
    const journal = sqliteJournal(file);
    const key = { thread: "t", namespace: "", turn: 1, call: "1/solo/0/execute", request: "r" };
    await journal.write(key, { attempt: 1, state: "intent" });
    journal.close();
    expect(refusal(file)).toEqual(saying(/holds 0 threads and 1 calls of their journal/));
  });

  it("leaves a tape that threads share as it is", async () => {
    const file = await recorded();
    const { saver, close } = await openSaver(file);
    await saver.put(
      { configurable: { thread_id: "t" } },
      emptyCheckpoint(),
      {
        source: "input",
        step: -1,
        parents: {},
      },
      {},
    );
    close();
    expect(refusal(file)).toEqual(saying(/holds 1 threads/));
    expect((await answersOf(file)).size).toBe(COUNT);
  });

  it("leaves a file of ours without a single call as it is, readable or not", async () => {
    const empty = newFile();
    openTape(empty).close();
    expect(refusal(empty)).toEqual(saying(/nothing in .* is a recorded call/));
    const broken = newFile();
    sqliteJournal(broken).close();
    const bytes = readFileSync(broken);
    bytes.fill(0xff, 100, 4000);
    writeFileSync(broken, bytes);
    expect(refusal(broken)).toEqual(saying(/nothing in .* is a recorded call/));
    const stump = await recorded();
    truncateSync(stump, 5000);
    expect(refusal(stump)).toEqual(saying(/nothing in .* is a recorded call/));
  });
});

describe("a file of the format before", () => {
  /** As the first format left it: no checksums. */
  async function old(): Promise<string> {
    const file = await recorded();
    const db = new (loadSqlite().DatabaseSync)(file);
    db.exec("ALTER TABLE calls DROP COLUMN sum; PRAGMA user_version = 1");
    db.close();
    return file;
  }

  it("answers as before, and gets checksums when it is opened", async () => {
    const file = await old();
    expect((await answersOf(file)).size).toBe(COUNT);
    const db = openSqlite(file, {});
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: FORMAT });
    expect(db.prepare("SELECT count(*) AS n FROM calls WHERE sum IS NULL").get()).toEqual({ n: 0 });
    db.close();
    expect(tapeInfo(file)).toMatchObject({ calls: COUNT, unreadable: 0 });
  });

  it("gets them also when a journal opens it first", async () => {
    const file = await old();
    sqliteJournal(file).close();
    expect((await answersOf(file)).size).toBe(COUNT);
  });

  it("is looked at and exported as it is, and repaired with a word on what could not be checked", async () => {
    const file = await old();
    const before = readFileSync(file);
    expect(tapeInfo(file)).toMatchObject({ calls: COUNT });
    expect(await exportTape(file, `${file}.jsonl`)).toBe(COUNT);
    expect(readFileSync(file)).toEqual(before);
    expect(repairTape(file)).toMatchObject({ kept: COUNT, unchecked: COUNT });
  });
});

describe("a reply that cannot be recorded", () => {
  it("is returned, since it is paid for; the next one is refused before it is asked", async () => {
    const file = await recorded();
    const tape = openTape(file);
    const db = openSqlite(file, {});
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    onTestFinished(() => warn.mockRestore());
    db.exec("CREATE TRIGGER full BEFORE INSERT ON calls BEGIN SELECT RAISE(ABORT, 'no room'); END");
    expect(await tape.once(request(901), async () => reply("paid"))).toEqual({ reply: reply("paid"), cached: false });
    expect(warn.mock.calls).toEqual([[expect.stringContaining("no room"), { code: "COPE_TAPE_UNWRITTEN" }]]);
    await expect(tape.once(request(902), async () => reply("unsent"))).rejects.toThrow("no room");
    expect(await tape.once(request(1), never)).toMatchObject({ cached: true });
    db.exec("DROP TRIGGER full");
    db.close();
    expect(await tape.once(request(902), async () => reply("sent"))).toMatchObject({ cached: false });
    expect(await tape.once(request(902), never)).toMatchObject({ reply: reply("sent"), cached: true });
    tape.close();
  });

  it("keeps a log-probability of minus infinity", async () => {
    const tape = openTape(":memory:");
    const sure = { ...reply("yes"), logprobs: [0, -Infinity], topLogprobs: [[{ token: "a", logprob: -Infinity }]] };
    await tape.once(request(), async () => sure);
    expect(await tape.once(request(), never)).toEqual({ reply: sure, cached: true });
    tape.close();
  });

  it("has a limit of sense", () => {
    for (const maxBytes of [0, -1, Number.NaN]) {
      expect(() => openTape(newFile(), { maxBytes })).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }));
    }
  });
});

describe("carrying a tape", () => {
  it("never writes over the tape itself, and leaves no half file and no empty tape", async () => {
    const file = await recorded();
    const code = { code: "OPTIONS_INVALID" };
    await expect(exportTape(file, file)).rejects.toMatchObject(code);
    await expect(exportTape(file, join(file, "..", "..", join(file, "..").split("/").at(-1)!, "tape.sqlite")))
      .rejects //
      .toMatchObject(code);
    const bytes = readFileSync(file);
    bytes.fill(0, bytes.length / 2);
    writeFileSync(`${file}2`, bytes);
    await expect(exportTape(`${file}2`, `${file}.jsonl`)).rejects.toMatchObject({ code: "FILE_BROKEN" });
    writeFileSync(`${file}.txt`, "hello\n");
    await expect(importTape(`${file}3`, `${file}.txt`)).rejects.toMatchObject({ code: "FILE_BROKEN" });
    await expect(importTape(`${file}3`, join(file, ".."))).rejects.toMatchObject({ code: "FILE_BROKEN" });
    expect(readdirSync(join(file, "..")).filter((name) => /jsonl|3$/.test(name))).toEqual([]);
  });

  it("refuses a line whose answer was changed, and takes one without a checksum", async () => {
    const file = await recorded();
    await exportTape(file, `${file}.jsonl`);
    const lines = readFileSync(`${file}.jsonl`, "utf8").trim().split("\n");
    lines[2] = lines[2]!.replace("answer 1 ", "answer 9 ");
    lines[3] = lines[3]!.replace(/,"sum":"\w+"/, "");
    writeFileSync(`${file}.jsonl`, lines.join("\r\n"));
    const other = newFile();
    expect(await importTape(other, `${file}.jsonl`)).toEqual({ added: COUNT - 1, known: 0, refused: [3] });
    expect(wrong(await answersOf(other))).toEqual([]);
  });

  it("looks at no file that is no tape, and writes nothing to it", () => {
    const file = newFile();
    sqliteJournal(file).close();
    const before = readFileSync(file);
    expect(() => tapeInfo(file)).toThrow(/is no tape/);
    expect(() => tapeInfo(`${file}2`)).toThrow(expect.objectContaining({ code: "FILE_NOT_FOUND" }));
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(`${file}2`)).toBe(false);
  });
});
