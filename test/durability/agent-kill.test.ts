import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { Pool } from "pg";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { postgresJournal } from "../../src/models/postgres-journal.js";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";
import type { JournalEntry } from "../../src/models/journal.js";
import { needs } from "../support/needs.js";
import { havePostgres, startPostgres } from "../support/postgres.js";
import { chance, pick } from "../support/random.js";

/** As many as there is patience for: each takes two processes. */
const KILLS = Number(process.env["COPE_KILLS"] ?? 4);
const PATIENCE = 60_000 + KILLS * 120_000;
const TITLE = `killed at ${KILLS} random moments and resumed, asks no journaled call again and runs no journaled tool again`;

const home = mkdtempSync(join(tmpdir(), "cope-agent-kill-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** One thread of the agent: its name, the child's arguments, and what is in its journal. */
interface Thread {
  folder: string;
  args: string[];
  journal(): Promise<JournalEntry[]>;
}

const linesOf = (folder: string): string[] =>
  existsSync(`${folder}/log.txt`) ? readFileSync(`${folder}/log.txt`, "utf8").split("\n").slice(0, -1) : [];

/** Runs the agent's thread to its end, or kills it so many milliseconds after so many calls were noted. */
async function run({ folder, args }: Thread, killAfter = Infinity, pause = 0) {
  mkdirSync(folder, { recursive: true });
  const file = join(import.meta.dirname, "children", "agent.ts");
  const child = spawn(process.execPath, ["--import", "tsx", file, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [ended, said, errors] = [once(child, "exit"), text(child.stdout), text(child.stderr)];
  if (killAfter !== Infinity) {
    while (linesOf(folder).length < killAfter && child.exitCode === null) await sleep(1);
    await sleep(pause);
    child.kill("SIGKILL");
  }
  await ended;
  const stdout = await said;
  if (stdout === "" && child.signalCode !== "SIGKILL") throw new Error(await errors);
  return stdout === ""
    ? undefined
    : (JSON.parse(stdout) as { texts: string[]; marked: number; bill: { byStage: object } });
}

/** What came of kills, and what should have. */
async function killed(threadOf: (name: string) => Promise<Thread>): Promise<{ found: object[]; wanted: object[] }> {
  const found: object[] = [];
  const wanted: object[] = [];
  const undisturbed = await threadOf("calm");
  const calm = await run(undisturbed);
  const all = linesOf(undisturbed.folder).length;
  expect(calm).toMatchObject({ marked: 0, bill: { byStage: { guided: 1, takeover: 1, small: 1 } } });
  const seen = { killed: 0, answered: 0, underWay: 0, toolsUnderWay: 0 };
  for (let i = 0; i < KILLS; i++) {
    const thread = await threadOf(`kill${i}`);
    // During a call, or while what it answered is being saved, or a person is waited for.
    const first = await run(thread, 1 + pick(all, `agent kill ${i}`), 60 * chance(`agent kill pause ${i}`));
    const journal = await thread.journal();
    const before = linesOf(thread.folder).length;
    const resumed = await run(thread);
    const settled = journal.filter(({ attempt }) => attempt.state === "answered").length;
    const underWay = journal.filter(({ attempt }) => attempt.state === "intent");
    const toolsUnderWay = underWay.filter(({ namespace }) => namespace === "tools").length;
    const after = linesOf(thread.folder).length - before;
    found.push({ i, asked: settled + after, ...resumed, bill: resumed!.bill.byStage });
    wanted.push({ i, asked: all, texts: calm!.texts, marked: toolsUnderWay, bill: calm!.bill.byStage });
    if (!first) seen.killed++;
    seen.answered += settled;
    seen.underWay += underWay.length;
    seen.toolsUnderWay += toolsUnderWay;
  }
  console.log(
    `${seen.killed} kills: of calls, on record ${seen.answered}, under way ${seen.underWay}, of these tools ${seen.toolsUnderWay}`,
  );
  return { found, wanted };
}

test(
  `an agent in SQLite, ${TITLE}`,
  async () => {
    const { found, wanted } = await killed(async (name) => {
      const folder = join(home, name);
      const read = async () => {
        const journal = sqliteJournal(`${folder}/journal.sqlite`);
        const entries = await journal.list("t");
        journal.close();
        return entries;
      };
      return { folder, args: [folder], journal: read };
    });
    expect(found).toEqual(wanted);
  },
  PATIENCE,
);

test.skipIf(!needs("PostgreSQL 15 (Debian: postgresql-15)", havePostgres))(
  `an agent in PostgreSQL, ${TITLE}`,
  async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop(), 60_000);
    const poolOf = (connectionString: string) => {
      const pool = new Pool({ connectionString });
      pool.on("error", () => {});
      return pool;
    };
    const main = poolOf(server.url);
    const { found, wanted } = await killed(async (name) => {
      await main.query(`CREATE DATABASE ${name}`);
      const folder = join(home, "postgres", name);
      const url = server.url.replace(/postgres$/, name);
      const read = async () => {
        const pool = poolOf(url);
        const entries = await postgresJournal(pool).list("t");
        await pool.end();
        return entries;
      };
      return { folder, args: [folder, url], journal: read };
    });
    await main.end();
    expect(found).toEqual(wanted);
  },
  PATIENCE,
);
