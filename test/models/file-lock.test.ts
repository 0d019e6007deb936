import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { withLock } from "../../src/models/file-lock.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cope-lock-"));
  file = join(folder, "a.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const FAST = { beatMs: 5, staleMs: 60, pollMs: 5 };
// Where an owner must not count as dead: a busy machine stops a process for longer than the fast limit.
const PATIENT = { ...FAST, staleMs: 30_000 };

/** A lock that this process takes, read while it is held: what it says of where the owner runs. */
async function mine(): Promise<{ pid: number; host: string; space: string | null }> {
  let text = "";
  await withLock(file, async () => void (text = readFileSync(file, "utf8")), FAST);
  return JSON.parse(text);
}
const owned = (owner: object) => writeFileSync(file, JSON.stringify({ id: "x", ...owner }));
const elsewhere = { pid: 1, host: "elsewhere", space: null };

it("lets one work at a time, and leaves nothing behind", async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise((done) => setTimeout(done, 10));
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 6 }, () => withLock(file, work, PATIENT)));
  expect(most).toBe(1);
  expect(readdirSync(folder)).toEqual([]);
});

it("is given back when the work fails", async () => {
  await expect(withLock(file, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(file)).toBe(false);
});

it("is taken over from a process that is gone, without waiting", async () => {
  owned({ ...(await mine()), pid: 2 ** 22 + 1 });
  const waits: string[] = [];
  await withLock(file, async () => {}, { onWait: (owner) => waits.push(owner) });
  expect(waits).toEqual([]);
});

it("is taken over from an owner that gives no sign of life: on another machine, of a reused process id, or unwritten", async () => {
  const here = await mine();
  for (const leave of [() => owned(elsewhere), () => owned(here), () => writeFileSync(file, "")]) {
    leave();
    expect(await withLock(file, async () => "mine", FAST)).toBe("mine");
  }
});

it("stays with an owner on another machine that gives signs of life", async () => {
  owned(elsewhere);
  let beats = 0;
  const beat = setInterval(() => utimesSync(file, ++beats, beats), 5);
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error("enough")), 1300);
  await expect(withLock(file, async () => {}, { ...FAST, staleMs: 1000, signal: stop.signal })).rejects.toThrow(
    "enough",
  );
  clearInterval(beat);
  expect(existsSync(file)).toBe(true);
});

it("stays with an owner in another container of the same host name, whose process is not to be seen here", async () => {
  const here = await mine();
  owned({ ...here, pid: 2 ** 22 + 1, space: `${here.space} of another container` });
  const beat = setInterval(() => utimesSync(file, new Date(), new Date()), 5);
  const refuse = (owner: string) => new Error(`held by ${owner}`);
  await expect(withLock(file, async () => {}, { ...PATIENT, refuse })).rejects.toThrow("held by process");
  clearInterval(beat);
});

it("ends the work of an owner that lost it", async () => {
  const work = (signal: AbortSignal) =>
    new Promise((_done, fail) => {
      signal.addEventListener("abort", () => fail(signal.reason as Error));
      owned(elsewhere);
    });
  await expect(withLock(file, work, FAST)).rejects.toMatchObject({ code: "PULL_FAILED" });
  // The other's lock stays.
  expect(existsSync(file)).toBe(true);
});

it("refuses at once while its owner lives, where it is told to", async () => {
  const refuse = (owner: string) => new Error(`held by ${owner}`);
  owned(await mine());
  await expect(withLock(file, async () => {}, { ...PATIENT, refuse })).rejects.toThrow(
    `held by process ${process.pid}`,
  );
  // Of another machine's process only a beat says so; without one it counts as dead.
  owned(elsewhere);
  await expect(withLock(file, async () => "mine", { ...FAST, refuse })).resolves.toBe("mine");
  owned(elsewhere);
  const beat = setInterval(() => utimesSync(file, new Date(), new Date()), 5);
  await expect(withLock(file, async () => {}, { ...PATIENT, refuse })).rejects.toThrow(
    "held by process 1 on elsewhere",
  );
  clearInterval(beat);
});
