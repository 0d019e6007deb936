import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "vitest";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";
import type { JournalEntry } from "../../src/models/journal.js";
import { pick } from "../support/random.js";

/** As many as there is patience for: each takes two processes. */
const KILLS = Number(process.env["COPE_KILLS"] ?? 4);

const home = mkdtempSync(join(tmpdir(), "cope-agent-kill-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const linesOf = (folder: string): string[] =>
  existsSync(`${folder}/log.txt`) ? readFileSync(`${folder}/log.txt`, "utf8").split("\n").slice(0, -1) : [];

/** Runs the agent's thread to its end, or kills it once so many calls were noted. */
async function run(folder: string, killAfter = Infinity) {
  mkdirSync(folder, { recursive: true });
  const file = join(import.meta.dirname, "children", "agent.ts");
  const child = spawn(process.execPath, ["--import", "tsx", file, folder], { stdio: ["ignore", "pipe", "pipe"] });
  const [ended, said, errors] = [once(child, "exit"), text(child.stdout), text(child.stderr)];
  if (killAfter !== Infinity) {
    while (linesOf(folder).length < killAfter && child.exitCode === null) await sleep(1);
    child.kill("SIGKILL");
  }
  await ended;
  const stdout = await said;
  if (stdout === "" && child.signalCode !== "SIGKILL") throw new Error(await errors);
  return stdout === ""
    ? undefined
    : (JSON.parse(stdout) as { texts: string[]; marked: number; bill: { byStage: object } });
}

async function journalOf(folder: string): Promise<JournalEntry[]> {
  const journal = sqliteJournal(`${folder}/journal.sqlite`);
  const entries = await journal.list("t");
  journal.close();
  return entries;
}

test(`an agent that is killed at ${KILLS} random moments and resumed asks no journaled call again and runs no journaled tool again`, async () => {
  const calm = await run(join(home, "calm"));
  const all = linesOf(join(home, "calm")).length;
  expect(calm).toMatchObject({ marked: 0, bill: { byStage: { guided: 1, takeover: 1, small: 1 } } });
  for (let i = 0; i < KILLS; i++) {
    const folder = join(home, `${i}`);
    await run(folder, 1 + pick(all, `agent kill ${i}`));
    const journal = await journalOf(folder);
    const before = linesOf(folder).length;
    const resumed = await run(folder);
    const settled = journal.filter(({ attempt }) => attempt.state === "answered").length;
    const toolsUnderWay = journal.filter(
      ({ namespace, attempt }) => namespace === "tools" && attempt.state === "intent",
    );
    const after = linesOf(folder).length - before;
    expect({ i, asked: settled + after, ...resumed, bill: resumed!.bill.byStage }).toEqual({
      i,
      asked: all,
      texts: calm!.texts,
      marked: toolsUnderWay.length,
      bill: calm!.bill.byStage,
    });
  }
}, 900_000);
