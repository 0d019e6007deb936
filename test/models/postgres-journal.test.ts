import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { postgresJournal } from "../../src/models/postgres-journal.js";
import { journalContract } from "../../src/testing/index.js";
import { freePort } from "../support/free-port.js";
import { needs } from "../support/needs.js";
import { havePostgres, startPostgres, type Postgres } from "../support/postgres.js";
import { reply } from "./requests.js";

const key = { thread: "t", namespace: "", turn: 1, call: "0", request: "r" };
const answered = { attempt: 1, state: "answered", reply: reply("42"), cached: false } as const;

function poolOf(connectionString: string) {
  const pool = new Pool({ connectionString, max: 5, connectionTimeoutMillis: 5_000 });
  pool.on("error", () => {});
  onTestFinished(() => pool.end());
  return pool;
}

describe.skipIf(!needs("PostgreSQL 15 (Debian: postgresql-15)", havePostgres))("the PostgreSQL journal", () => {
  let server: Postgres;
  let databases = 0;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop(), 60_000);

  /** Address of a new, empty database. */
  async function database(): Promise<string> {
    const name = `test${databases++}`;
    await poolOf(server.url).query(`CREATE DATABASE ${name}`);
    return server.url.replace(/postgres$/, name);
  }

  journalContract("it", async () => postgresJournal(poolOf(await database())), { runner: { describe, it } });

  it("is made by several processes at the same time, and read by another", async () => {
    const url = await database();
    const journals = Array.from({ length: 5 }, () => postgresJournal(poolOf(url)));
    await Promise.all(journals.map((journal, i) => journal.write({ ...key, call: String(i) }, answered)));
    expect(await postgresJournal(poolOf(url)).list("t")).toHaveLength(5);
  });

  it("lets the first of two processes answer for both", async () => {
    const url = await database();
    const [one, other] = [postgresJournal(poolOf(url)), postgresJournal(poolOf(url))];
    await one.write(key, answered);
    await other.write(key, { ...answered, reply: reply("43") });
    expect(await other.read(key)).toEqual([answered]);
  });

  it("goes on after the server was started again", async () => {
    const journal = postgresJournal(poolOf(await database()));
    await journal.write(key, answered);
    server.restart();
    expect(await journal.read(key)).toEqual([answered]);
  });

  it("may be used by one who may not make tables", async () => {
    const url = await database();
    await postgresJournal(poolOf(url)).read(key);
    await poolOf(url).query(
      "CREATE ROLE guest LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON cope_journal TO guest; REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    );
    const journal = postgresJournal(poolOf(url.replace("postgres@", "guest@")));
    await journal.write(key, answered);
    expect(await journal.read(key)).toEqual([answered]);
  });

  it("says what is wrong where the table is not its own, or no database there", async () => {
    const url = await database();
    await poolOf(url).query("CREATE TABLE cope_journal (other TEXT)");
    await expect(postgresJournal(poolOf(url)).read(key)).rejects.toMatchObject({ code: "INTERNAL" });
    const elsewhere = postgresJournal(poolOf(`${url}_missing`));
    await expect(elsewhere.read(key)).rejects.toMatchObject({ code: "AUTH_REJECTED" });
  });
});

it("says so, without the password, where no server answers", async () => {
  const url = `postgresql://user:open-sesame@127.0.0.1:${await freePort()}/postgres`;
  const failed = await postgresJournal(poolOf(url))
    .read(key)
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({ code: "NETWORK_UNREACHABLE" });
  expect(String(failed)).not.toContain("open-sesame");
});
