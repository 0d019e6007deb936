import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { loadSqlite } from "../../src/models/load-sqlite.js";
import { openSqlite, transact } from "../../src/models/sqlite.js";
import { FORMAT } from "../../src/models/sqlite-format.js";
import { explainSqlite, whenFree } from "../../src/models/sqlite-errors.js";
import { temporaryFolder } from "../support/folder.js";

const schema = "CREATE TABLE IF NOT EXISTS notes (text TEXT)";

function open(file: string) {
  const db = openSqlite(file, { schema });
  onTestFinished(() => {
    if (db.isOpen) db.close();
  });
  return db;
}

/** A file that plain SQLite made. */
function foreign(file: string, sql: string) {
  const db = new (loadSqlite().DatabaseSync)(file);
  db.exec(sql);
  db.close();
  return file;
}

/** A file whose write lock one connection has, and a second one that wants to write. */
function held() {
  const file = join(temporaryFolder(), "x.sqlite");
  const [holder, writer] = [open(file), open(file)];
  writer.exec("PRAGMA busy_timeout = 0");
  holder.exec("BEGIN IMMEDIATE");
  return { file, holder, write: () => writer.exec("INSERT INTO notes VALUES ('a')"), writer };
}

describe("opening a SQLite file", () => {
  it("creates missing folders and a file for its owner alone, log included", () => {
    const file = join(temporaryFolder(), "a", "b", "x.sqlite");
    open(file).exec("INSERT INTO notes VALUES ('private')");
    const modes = [file, `${file}-wal`, `${file}-shm`].map((each) => statSync(each).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  it("leaves the mode of a file that is there already", () => {
    const file = foreign(join(temporaryFolder(), "x.sqlite"), "");
    chmodSync(file, 0o640);
    open(file);
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it("keeps the log of writes beside the file, and says its format in the header", () => {
    const db = open(join(temporaryFolder(), "x.sqlite"));
    expect(db.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    expect(db.prepare("PRAGMA user_version").get()).toEqual({ user_version: FORMAT });
  });

  it.each([
    ["a text of a few bytes", "hello"],
    ["a long text", "not a database, whatever its name says. ".repeat(200)],
  ])("refuses %s with the file's name and a remedy, and does not touch it", (_, text) => {
    const file = join(temporaryFolder(), "x.sqlite");
    writeFileSync(file, text);
    expect(() => open(file)).toThrow(
      expect.objectContaining({ code: "FILE_BROKEN", isUsage: true, remedy: expect.stringContaining(file) }),
    );
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("refuses a file of a later format and leaves it as it is", () => {
    const file = join(temporaryFolder(), "x.sqlite");
    const db = open(file);
    db.exec(`PRAGMA user_version = ${FORMAT + 1}`);
    db.close();
    const before = readFileSync(file);
    expect(() => open(file)).toThrow(
      expect.objectContaining({
        code: "FILE_BROKEN",
        reason: expect.stringMatching(`${file} is of format ${FORMAT + 1}`),
      }),
    );
    expect(readFileSync(file)).toEqual(before);
  });

  it("refuses another program's database and leaves it as it is", () => {
    const file = foreign(join(temporaryFolder(), "x.sqlite"), "CREATE TABLE bookmarks (url TEXT)");
    const before = readFileSync(file);
    expect(() => open(file)).toThrow(expect.objectContaining({ code: "FILE_BROKEN" }));
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  it("refuses a folder, and a path below a file", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "x.sqlite"));
    writeFileSync(join(folder, "plain"), "");
    for (const file of [join(folder, "x.sqlite"), join(folder, "plain", "x.sqlite")]) {
      expect(() => open(file)).toThrow(
        expect.objectContaining({ code: "FILE_BROKEN", reason: expect.stringContaining(file) }),
      );
    }
  });
});

describe("a file that another connection holds", () => {
  it("is written once it is free, without blocking the holder in this very process", async () => {
    const { file, holder, write, writer } = held();
    setTimeout(() => holder.exec("COMMIT"), 50);
    await whenFree(file, write);
    expect(writer.prepare("SELECT text FROM notes").all()).toEqual([{ text: "a" }]);
  });

  it("is given up with a coded error that names it", async () => {
    const { file, write } = held();
    await expect(whenFree(file, write, 30)).rejects.toMatchObject({
      code: "TIMEOUT",
      reason: expect.stringContaining(file),
    });
  });
});

describe("errors", () => {
  it("name a full disk, from SQLite or from the system", () => {
    const db = open(join(temporaryFolder(), "x.sqlite"));
    db.exec("PRAGMA max_page_count = 1");
    const fill = () => db.exec(`INSERT INTO notes VALUES ('${"x".repeat(100_000)}')`);
    let error: unknown;
    try {
      fill();
    } catch (caught) {
      error = caught;
    }
    expect(explainSqlite("f", error)).toMatchObject({ code: "DISK_FULL" });
    expect(explainSqlite("f", Object.assign(new Error("x"), { code: "ENOSPC" }))).toMatchObject({ code: "DISK_FULL" });
  });

  it("that are not about the file come back as they are", () => {
    const error = new TypeError("a mistake of ours");
    expect(explainSqlite("f", error)).toBe(error);
  });

  it("undo the whole transaction", () => {
    const db = open(":memory:");
    const broken = () => {
      db.exec("INSERT INTO notes VALUES ('a')");
      throw new Error("in the middle");
    };
    expect(() => transact(db, broken)).toThrow("in the middle");
    expect(db.prepare("SELECT count(*) AS n FROM notes").get()).toEqual({ n: 0 });
    expect(transact(db, () => "again")).toBe("again");
  });
});
