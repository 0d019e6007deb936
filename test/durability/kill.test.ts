import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LedgerEntry } from "../../src/state/ledger.js";
import { LARGE, SMALL, startScatteredServer } from "../support/cascade-server.js";
import { buildCopy, inTurns, startScript, type Build } from "../support/cli.js";
import { comparable, inputIsSaved, killAndResume, settledIn, type Killed } from "./kill-case.js";

const KILLS = 40;
const SEEDS = [2, 3, 4, 5, 6];
const QUESTION = "In how many ways can it be done?";

let build: Build;
let home: string;
/** The undisturbed run of each seed: its document, and how many requests it made. */
const calm = new Map<number, { document: any; calls: number }>();
let killed: Killed[];

const seedOf = (i: number) => SEEDS[i % SEEDS.length]!;
const expected = (i: number) => calm.get(seedOf(i))!.document;
const resumed = (i: number) => JSON.parse(killed[i]!.resumed.stdout);
const lostIn = (calls: LedgerEntry[]) => calls.filter(({ status }) => status === "lost");

function solveArgs(seed: number): string[] {
  const models = ["--small", `openai:${SMALL}`, "--large", `openai:${LARGE}`];
  // Three at a time: a wave then lasts several answers, and kills fall into its middle.
  return [
    "solve",
    QUESTION,
    "--family",
    "math",
    ...models,
    "--seed",
    String(seed),
    "--concurrency",
    "3",
    "--json",
    "--trace",
  ];
}

beforeAll(async () => {
  build = buildCopy();
  home = mkdtempSync(join(tmpdir(), "cope-kill-"));
  await inTurns(SEEDS, async (seed) => {
    const server = await startScatteredServer({ least: 2, most: 40 });
    const { stdout, stderr } = await startScript(build.cli, solveArgs(seed), { home, url: server.url }).ended;
    if (stdout === "") throw new Error(stderr);
    calm.set(seed, { document: JSON.parse(stdout), calls: server.requests.length });
    await server.close();
  });
  killed = await inTurns(Array.from({ length: KILLS }), async (_, i) =>
    killAndResume((attempt) => {
      const folder = join(home, `${i}-${attempt}`);
      mkdirSync(folder);
      const file = join(folder, "threads.sqlite");
      const saved = ["--thread", `t${i}`, "--checkpoint", file];
      return {
        id: `kill ${i}`,
        thread: `t${i}`,
        checkpoints: file,
        journal: file,
        calls: calm.get(seedOf(i))!.calls,
        start: (url) => startScript(build.cli, [...solveArgs(seedOf(i)), ...saved], { home: folder, url }),
        resume: (url) => startScript(build.cli, ["solve", ...saved, "--json", "--trace"], { home: folder, url }),
      };
    }, `kill ${i}`),
  );
}, 400_000);

afterAll(() => {
  build?.remove();
  rmSync(home, { recursive: true, force: true });
});

describe(`a run killed at ${KILLS} random moments from the input's checkpoint on, and resumed`, () => {
  test("the runs go through all three stages, and differ by seed", () => {
    const runs = [...calm.values()].map(({ document }) => document);
    expect(runs.filter(({ stages }) => stages.length === 3).length).toBeGreaterThanOrEqual(4);
    expect(new Set(runs.map(({ answer }) => answer.value)).size).toBeGreaterThan(2);
  });

  test("the kills fall early, in the middle and late, with calls under way and answers on record", () => {
    const shares = killed.map(({ before }, i) => before.length / calm.get(seedOf(i))!.calls);
    expect(shares.filter((share) => share < 1 / 3).length).toBeGreaterThan(3);
    expect(shares.filter((share) => share > 2 / 3).length).toBeGreaterThan(3);
    expect(killed.flatMap(({ journal }) => settledIn(journal)).length).toBeGreaterThanOrEqual(100);
    expect(
      killed.flatMap(({ journal }) => journal.filter(({ attempt }) => attempt.state === "intent")).length,
    ).toBeGreaterThan(10);
  });

  test("every one of them ends well when resumed", () => {
    const bad = killed.filter(({ resumed: { code } }) => code !== 0);
    expect(bad.map(({ id, resumed: { code, stderr } }) => `${id}: ${code} ${stderr}`)).toEqual([]);
  });

  test("what the journal calls answered was asked of the server, by the same hash", () => {
    for (const { journal, before } of killed) expect(before).toEqual(expect.arrayContaining(settledIn(journal)));
  });

  test("no journaled answer is asked again, nor is anything else asked twice but what was under way at the kill", () => {
    for (const { id, journal, before, after } of killed) {
      const settled = new Set(settledIn(journal));
      const again = after.filter((hash) => before.includes(hash));
      const underWay = journal.filter(({ attempt }) => attempt.state === "intent").map(({ request }) => request);
      expect({ id, again: after.filter((hash) => settled.has(hash)) }).toEqual({ id, again: [] });
      expect(underWay).toEqual(expect.arrayContaining(again));
      expect(new Set(after).size).toBe(after.length);
    }
  });

  test("the final answer, the plans and what every stage did are the same", () => {
    for (const i of killed.keys()) {
      const { answer, stages } = resumed(i);
      expect({ answer, stages }).toEqual({ answer: expected(i).answer, stages: expected(i).stages });
    }
  });

  test("every ledger row is the same but for calls marked lost: those that were under way", () => {
    for (const [i, { id, journal }] of killed.entries()) {
      const { calls } = resumed(i).trace as { calls: LedgerEntry[] };
      expect({ id, rows: comparable(calls) }).toEqual({ id, rows: comparable(expected(i).trace.calls) });
      const underWay = journal.filter(({ attempt }) => attempt.state === "intent").map((entry) => entry.call);
      expect(
        lostIn(calls)
          .map(({ call }) => call)
          .toSorted(),
      ).toEqual(underWay.toSorted());
    }
  });

  test("the bill is the same but for lost calls, whose price nobody knows", () => {
    for (const i of killed.keys()) {
      const { ledger, trace } = resumed(i);
      const { calls, usd, byRole, ifLargeAlone } = expected(i).ledger;
      const lost = lostIn(trace.calls);
      expect(ledger.ifLargeAlone).toEqual(ifLargeAlone);
      expect(ledger.calls - lost.length).toBe(calls);
      expect(ledger.usd).toBe(lost.length > 0 ? null : usd);
      for (const [role, bill] of Object.entries<any>(byRole)) {
        const own = ledger.byRole[role];
        const lostByRole = lost.filter((row) => row.role === role).length;
        expect(own).toEqual({
          ...bill,
          lost: lostByRole,
          calls: bill.calls + lostByRole,
          usd: lostByRole > 0 ? null : bill.usd,
        });
      }
    }
  });

  test("all kills came after the input's checkpoint", () => {
    // Told by the resumed run: without that checkpoint it would have said that nothing is saved.
    expect(killed.map(({ resumed: { stderr } }) => stderr).filter((text) => text.includes("THREAD_UNKNOWN"))).toEqual(
      [],
    );
    expect(inputIsSaved(join(home, "nowhere.sqlite"), "t0")).toBe(false);
  });
});
