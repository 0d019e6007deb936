import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";
import type { JournalEntry } from "../../src/models/journal.js";
import { requestKey } from "../../src/models/request-key.js";
import type { LedgerEntry } from "../../src/state/ledger.js";
import { startScatteredServer } from "../support/cascade-server.js";
import type { CliEnd, Running } from "../support/cli.js";
import type { ChatRequest, OpenAiServer } from "../support/openai-server.js";
import { chance, pick } from "../support/random.js";

/** One run that is to be killed and resumed. */
export interface Plan {
  id: string;
  thread: string;
  /** File of the checkpoints, and file of the journal: often the same. */
  checkpoints: string;
  journal: string;
  /** Requests of the undisturbed run: the kill falls after one of them, or right after the input's checkpoint. */
  calls: number;
  start(url: string): Running;
  resume(url: string): Running;
}

/** What happened to it. */
export interface Killed {
  id: string;
  /** The journal as the kill left it. */
  journal: JournalEntry[];
  /** Requests by hash, before and after the kill. */
  before: string[];
  after: string[];
  resumed: CliEnd;
}

/** Whether a thread's first checkpoint, which holds the input, is in the file; it may be asked while others write. */
export function inputIsSaved(file: string, thread: string): boolean {
  return found(file, `SELECT 1 FROM checkpoints WHERE thread_id = '${thread}'`);
}

/** Whether a query on a file of another process finds anything; false as long as file or table are not there. */
export function found(file: string, query: string): boolean {
  if (!existsSync(file)) return false;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 1000 });
    return db.prepare(query).get() !== undefined;
  } catch {
    return false;
  } finally {
    db?.close();
  }
}

/**
 * Kills a run at a seeded moment from the input's checkpoint on, and resumes it. A child that was done before the kill
 * came is tried again with an earlier moment.
 */
export async function killAndResume(plan: (attempt: number) => Plan, seed: string, attempt = 0): Promise<Killed> {
  const run = plan(attempt);
  const server = await startScatteredServer({ least: 2, most: 40 });
  try {
    const { child, ended } = run.start(server.url);
    // Nought means: before the first request. Some kills fall after the last answer, while the result is being saved.
    const requests = Math.floor(pick(run.calls + 1, `${seed} requests ${attempt}`) / (attempt + 1));
    const isDue = () =>
      requests === 0 ? inputIsSaved(run.checkpoints, run.thread) : server.requests.length >= requests;
    while (!isDue() && child.exitCode === null) await sleep(1);
    await sleep((requests === 0 ? 15 : 40) * chance(`${seed} pause ${attempt}`));
    child.kill("SIGKILL");
    const first = await ended;
    if (first.signal !== "SIGKILL") {
      if (first.code !== 0 || attempt === 5) throw new Error(`${run.id} could not be killed: ${first.stderr}`);
      return await killAndResume(plan, seed, attempt + 1);
    }
    const journal = sqliteJournal(run.journal);
    const kept = await journal.list(run.thread);
    journal.close();
    const before = server.requests.map(hashOf);
    const resumed = await run.resume(server.url).ended;
    return { id: run.id, journal: kept, before, after: hashesFrom(server, before.length), resumed };
  } finally {
    await server.close();
  }
}

function hashesFrom(server: OpenAiServer, from: number): string[] {
  return server.requests.slice(from).map(hashOf);
}

/** The journal's name for a request that the server has seen. */
function hashOf({ model, messages, temperature = 0, max_tokens, stop, seed = 0 }: ChatRequest): string {
  return requestKey({
    model: { provider: "openai", model },
    messages: messages as never,
    sampling: { temperature, maxTokens: max_tokens!, ...(stop ? { stop } : {}), seed },
  });
}

/** Hashes of the calls that need not be asked again: answered, or failed for good. */
export function settledIn(journal: readonly JournalEntry[]): string[] {
  return journal
    .filter(({ attempt }) => attempt.state === "answered" || (attempt.state === "failed" && attempt.final))
    .map(({ request }) => request);
}

/** Rows of a ledger less the lost ones, without times, in one order. Attempts are counted without the lost ones. */
export function comparable(calls: readonly LedgerEntry[]): object[] {
  const lostBefore = ({ call, attempt }: LedgerEntry) =>
    calls.filter((other) => other.status === "lost" && other.call === call && other.attempt < attempt).length;
  return calls
    .filter(({ status }) => status !== "lost")
    .map((row) => ({ ...row, ms: 0, attempt: row.attempt - lostBefore(row) }))
    .toSorted((a, b) => a.call.localeCompare(b.call) || a.attempt - b.attempt);
}
