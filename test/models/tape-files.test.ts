import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { openSqlite } from "../../src/models/sqlite.js";
import { openTape } from "../../src/models/tape.js";
import { tapeInfo } from "../../src/models/tape-info.js";
import { repairTape } from "../../src/models/tape-repair.js";
import { TAPE_SCHEMA } from "../../src/models/tape-row.js";
import { exportTape, importTape } from "../../src/models/tape-transfer.js";
import { runChild } from "../support/child.js";
import { temporaryFolder } from "../support/folder.js";
import { reply, request } from "./requests.js";

const WRITER = new URL("children/write-tape.ts", import.meta.url).pathname;
const newFile = () => join(temporaryFolder(), "tape.sqlite");
const never = async () => Promise.reject(new Error("was asked"));

/** A tape of `count` calls, whose log is folded into the file. */
async function recorded(count: number, file = newFile()): Promise<string> {
  const tape = openTape(file);
  for (let n = 0; n < count; n += 1) await tape.once(request(n), async () => reply(`answer ${n} ${"x".repeat(300)}`));
  tape.close();
  return file;
}

/** Which of the calls a tape answers, each with what was recorded for it and nothing else. */
async function answers(file: string, count: number): Promise<number[]> {
  const tape = openTape(file);
  const found = new Map<number, string>();
  for (let n = 0; n < count; n += 1) {
    await tape.once(request(n), never).then(
      (got) => found.set(n, got.reply.text),
      () => undefined,
    );
  }
  tape.close();
  expect([...found.values()]).toEqual([...found.keys()].map((n) => `answer ${n} ${"x".repeat(300)}`));
  return [...found.keys()];
}

describe("a tape carried elsewhere", () => {
  it("answers on another file what it answered before, and a second import changes nothing", async () => {
    const file = await recorded(40);
    const lines = join(dirname(file), "calls.jsonl");
    expect(await exportTape(file, lines)).toBe(40);
    const other = newFile();
    expect(await importTape(other, lines)).toEqual({ added: 40, known: 0, refused: [] });
    expect(await importTape(other, lines)).toEqual({ added: 0, known: 40, refused: [] });
    expect(await answers(other, 41)).toHaveLength(40);
  });

  it("refuses, by number, lines whose key is not the hash of their request, or that are cut", async () => {
    const lines = join(temporaryFolder(), "calls.jsonl");
    await exportTape(await recorded(4), lines);
    const [head, one, two, three, four] = readFileSync(lines, "utf8").split("\n");
    const forged = JSON.stringify({ ...JSON.parse(two!), key: JSON.parse(one!).key });
    const emptied = JSON.stringify({ ...JSON.parse(four!), reply: {} });
    writeFileSync(lines, [head, one, forged, three!.slice(0, 80), emptied].join("\n"));
    const file = newFile();
    expect(await importTape(file, lines)).toEqual({ added: 1, known: 0, refused: [3, 4, 5] });
    expect(await answers(file, 4)).toEqual([0]);
  });

  it("says what a file is not", async () => {
    const lines = join(temporaryFolder(), "calls.jsonl");
    const said = (text: string) => {
      writeFileSync(lines, text);
      return importTape(newFile(), lines);
    };
    const code = { code: "FILE_BROKEN" };
    await expect(said("")).rejects.toMatchObject(code);
    await expect(said("question,answer\n")).rejects.toMatchObject(code);
    await expect(said('{"format":"langgraph-cope tape","version":9}\n')).rejects.toMatchObject({
      message: expect.stringContaining("version 9"),
    });
    await expect(importTape(newFile(), "nowhere.jsonl")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
    await expect(exportTape("nowhere.sqlite", lines)).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });
});

describe("a tape with a size limit", () => {
  it("records up to it, loses no reply after it, and says so once", async () => {
    const file = newFile();
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const tape = openTape(file, { maxBytes: 60_000 });
    for (let n = 0; n < 400; n += 1) {
      const text = `answer ${n} ${"x".repeat(300)}`;
      expect((await tape.once(request(n), async () => reply(text))).reply.text).toBe(text);
    }
    tape.close();
    expect(warn.mock.calls.filter(([, about]) => (about as any)?.code === "COPE_TAPE_FULL")).toHaveLength(1);
    warn.mockRestore();
    const kept = await answers(file, 400);
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.length).toBeLessThan(200);
    expect(statSync(file).size).toBeLessThan(80_000);
  });
});

describe("a broken tape", () => {
  it("asks again for a row that is no reply, and answers from the new one", async () => {
    const file = await recorded(3);
    const db = openSqlite(file, { schema: TAPE_SCHEMA });
    db.exec(`UPDATE calls SET reply = '{"text": 7}' WHERE rowid = 2`);
    db.close();
    const tape = openTape(file);
    const again = await tape.once(request(1), async () => reply("new"));
    expect(again).toMatchObject({ cached: false, reply: { text: "new" } });
    expect(await tape.once(request(1), never)).toMatchObject({ cached: true, reply: { text: "new" } });
    tape.close();
  });

  it("gives no wrong reply and keeps what is readable, wherever bytes are overwritten or the file is cut", async () => {
    const COUNT = 120;
    const whole = readFileSync(await recorded(COUNT));
    let saved = 0;
    const outcomes: [boolean, boolean][] = [];
    const cases = 24;
    for (let nth = 0; nth < cases; nth += 1) {
      const file = newFile();
      writeFileSync(file, whole);
      const at = Math.floor((whole.length * (nth + 0.5)) / cases);
      if (nth % 2 === 0) truncateSync(file, at);
      else {
        const bytes = Buffer.from(whole);
        for (let i = 0; i < 64; i += 1) bytes[Math.min(at + i, bytes.length - 1)]! ^= (i * 37 + nth * 11) & 0xff;
        writeFileSync(file, bytes);
      }
      const before = readFileSync(file);
      try {
        const { kept, aside } = repairTape(file);
        // Counts and checks each text.
        const found = await answers(file, COUNT);
        outcomes.push([existsSync(aside), found.length === kept]);
        saved += kept;
      } catch (error) {
        // Where nothing is readable the file stays as it is.
        outcomes.push([/is a recorded call/.test(String(error)), readFileSync(file).equals(before)]);
      }
    }
    expect(outcomes).toEqual(Array.from({ length: cases }, () => [true, true]));
    // Half of the cases lose a tail of any length, the others a page or two, which may be the first.
    expect(saved / (cases * COUNT)).toBeGreaterThan(0.4);
  });

  it("names the repair when it is opened", async () => {
    const file = newFile();
    writeFileSync(file, "x".repeat(10_000));
    expect(() => openTape(file)).toThrow(/FILE_BROKEN.*cope tape repair/);
    // Nothing says that it was ever a tape: it is not moved about.
    expect(() => repairTape(file)).toThrow(/nothing in .* is a recorded call.*was left as it is/);
    expect(readdirSync(dirname(file))).toEqual(["tape.sqlite"]);
    truncateSync(await recorded(3, `${file}.cut`), 150);
    expect(() => openTape(`${file}.cut`)).toThrow(/FILE_BROKEN.*cope tape repair/);
    expect(() => repairTape(`${file}.cut`)).toThrow(/nothing in .* is a recorded call.*move it away/);
  });
});

it("holds every call whole after four processes wrote the same calls at once and three were killed", async () => {
  const file = newFile();
  const [survivor, ...killed] = [
    runChild(WRITER, [file, "a", "0", "150"]),
    ...[40, 70, 100].map((killAfter, n) => runChild(WRITER, [file, `b${n}`, "0", "100000"], killAfter)),
  ];
  const ends = await Promise.all([survivor!, ...killed]);
  expect(ends.map(({ signal }) => signal)).toEqual([null, "SIGKILL", "SIGKILL", "SIGKILL"]);
  expect(ends.map(({ errors }) => errors)).toEqual(["", "", "", ""]);
  const printed = ends.flatMap(({ lines }) => lines.map((line) => line.split(" ") as [string, string]));
  const texts = new Map(printed);
  expect(texts.size).toBeGreaterThanOrEqual(150);
  const tape = openTape(file);
  // Whoever printed a call, also right before its death, printed what all others read.
  for (const [nth, text] of printed) expect((await tape.once(request(Number(nth)), never)).reply.text).toBe(text);
  tape.close();
  const db = openSqlite(file, {});
  expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  const { calls } = db.prepare("SELECT count(*) AS calls FROM calls").get() as { calls: number };
  db.close();
  expect(tapeInfo(file)).toMatchObject({ calls, unreadable: 0 });
  expect(await exportTape(file, join(dirname(file), "all.jsonl"))).toBe(calls);
}, 60_000);

it("is looked at, carried and repaired from a shell", async () => {
  const file = await recorded(5);
  const cope = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((done) =>
      execFile(
        process.execPath,
        ["--import", "tsx", new URL("../../src/cli/cope.ts", import.meta.url).pathname, "tape", ...args],
        (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), stdout, stderr }),
      ),
    );
  expect(JSON.parse((await cope("info", file, "--json")).stdout)).toMatchObject({ calls: 5 });
  const out = join(dirname(file), "x.jsonl");
  expect(await cope("export", file, "--out", out)).toMatchObject({ code: 0, stdout: "" });
  expect(JSON.parse((await cope("import", newFile(), out, "--json")).stdout)).toMatchObject({ added: 5, refused: [] });
  const lines = (await cope("export", file)).stdout.trim().split("\n");
  expect(lines).toHaveLength(6);
  expect(JSON.parse(lines[0]!)).toEqual({ format: "langgraph-cope tape", version: 1 });
  expect(await cope("export", file, "--json")).toMatchObject({ code: 2, stdout: "" });
  const onItself = await cope("export", file, "--out", file, "--json");
  expect(onItself).toMatchObject({ code: 2, stdout: "" });
  expect(JSON.parse(onItself.stderr)).toMatchObject({ code: "OPTIONS_INVALID" });
  writeFileSync(file, readFileSync(file).subarray(0, 100));
  const broken = await cope("info", file);
  expect(broken).toMatchObject({ code: 2, stdout: "" });
  expect(broken.stderr).toMatch(/\[FILE_BROKEN\].*tape repair/);
  expect(await cope("repair", file)).toMatchObject({ code: 2, stderr: expect.stringContaining("move it away") });
  expect(await cope("info", "nowhere")).toMatchObject({ code: 2, stdout: "" });
}, 60_000);
