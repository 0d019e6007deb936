import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PQueue from "p-queue";
import { afterAll, expect, test } from "vitest";
import { FAULTS } from "../../bench/agent-faults/faults.js";
import { runOnce } from "../../bench/agent-faults/run.js";
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
  const queue = new PQueue({ concurrency: 8 });
  // The first run loads much, and its server's clock would go by meanwhile.
  await runOnce("none", "before", journal);
  const runs = [...Array(RUNS).keys()].map((i) =>
    queue.add(async () => ({ i, ...(await runOnce(FAULTS[i % FAULTS.length]!, `test-${i}`, journal)) })),
  );
  const ends = await Promise.all(runs);
  expect(ends.filter(({ wrong }) => Object.values(wrong).flat().length > 0)).toEqual([]);
  // Not all of them failed, and the cascade was at work.
  expect(ends.filter(({ end }) => end === "answered").length).toBeGreaterThan(RUNS / 4);
  const deciding = new Set(ends.flatMap(({ stages }) => Object.keys(stages)));
  expect(deciding).toEqual(new Set(["small", "guided", "takeover"]));
}, 900_000);
