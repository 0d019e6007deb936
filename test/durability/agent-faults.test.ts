import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { LIMIT_MS } from "../../bench/agent-faults/faults.js";
import { runAll } from "../../bench/agent-faults/all.js";
import { sqliteJournal } from "../../src/models/sqlite-journal.js";

/** As many as there is patience for: `bench/agent-faults.ts` makes 300 of them, and a table. */
const RUNS = Number(process.env["COPE_FAULT_RUNS"] ?? 24);

const home = mkdtempSync(join(tmpdir(), "cope-agent-faults-"));
const journal = sqliteJournal(join(home, "journal.sqlite"));
afterAll(() => {
  journal.close();
  rmSync(home, { recursive: true, force: true });
});

test(`${RUNS} agents whose servers fail in every way end in answers or coded errors, with ledgers as the servers counted and no budget passed`, async () => {
  const ends = await runAll([...Array(RUNS).keys()], "test", { durable: journal, limitMs: 2 * LIMIT_MS });
  expect(ends.filter(({ wrong }) => Object.values(wrong).flat().length > 0)).toEqual([]);
  // Not all of them failed, and the cascade was at work.
  expect(ends.filter(({ end }) => end === "answered").length).toBeGreaterThan(RUNS / 4);
  const deciding = new Set(ends.flatMap(({ stages }) => Object.keys(stages)));
  expect(deciding).toEqual(new Set(["small", "guided", "takeover"]));
}, 900_000);
