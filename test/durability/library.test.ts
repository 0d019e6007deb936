import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startScatteredServer } from "../support/cascade-server.js";
import { buildCopy, inTurns, startScript, type Build } from "../support/cli.js";
import { comparable, killAndResume, settledIn } from "./kill-case.js";

const SEED = "3";
const QUESTION = "In how many ways can it be done?";
/** LangGraph's saver over Node's SQLite, and the same over the native package, with the journal in another file. */
const SAVERS = ["openSaver", "SqliteSaver", "openSaver", "SqliteSaver", "openSaver", "SqliteSaver"];

let build: Build;
let home: string;

beforeAll(() => {
  build = buildCopy();
  home = mkdtempSync(join(tmpdir(), "cope-kill-"));
});

afterAll(() => {
  build.remove();
  rmSync(home, { recursive: true, force: true });
});

test("a program of one's own, killed and resumed with its own saver and a journal file, buys nothing twice", async () => {
  const script = join(build.folder, "test/durability/children/library.js");
  const start = (saver: string, folder: string, url: string) =>
    startScript(
      script,
      [saver, join(folder, "checkpoints.sqlite"), join(folder, "journal.sqlite"), "mine", SEED, QUESTION],
      { home: folder, url },
    );
  const server = await startScatteredServer({ least: 2, most: 40 });
  const calm = await start("openSaver", home, server.url).ended;
  await server.close();
  expect(calm.stderr).toBe("");
  const expected = JSON.parse(calm.stdout);

  const killed = await inTurns(SAVERS, async (saver, i) =>
    killAndResume((attempt) => {
      const folder = join(home, `${i}-${attempt}`);
      mkdirSync(folder);
      return {
        id: `${saver} ${i}`,
        thread: "mine",
        checkpoints: join(folder, "checkpoints.sqlite"),
        journal: join(folder, "journal.sqlite"),
        calls: server.requests.length,
        start: (url) => start(saver, folder, url),
        resume: (url) => start(saver, folder, url),
      };
    }, `library ${i}`),
  );
  expect(killed.flatMap(({ journal }) => settledIn(journal)).length).toBeGreaterThan(20);
  for (const { id, journal, after, resumed } of killed) {
    const settled = new Set(settledIn(journal));
    expect({ id, stderr: resumed.stderr }).toEqual({ id, stderr: "" });
    const { answer, stages, trace } = JSON.parse(resumed.stdout);
    expect({ id, again: after.filter((hash) => settled.has(hash)) }).toEqual({ id, again: [] });
    expect({ id, answer, stages }).toEqual({ id, answer: expected.answer, stages: expected.stages });
    expect({ id, rows: comparable(trace.calls) }).toEqual({ id, rows: comparable(expected.trace.calls) });
  }
}, 120_000);
