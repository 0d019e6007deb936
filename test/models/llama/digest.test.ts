import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { digestOf, recordPath, sourceOf, writeRecord } from "../../../src/models/llama/digest.js";
import { runChild } from "../../support/child.js";
import { temporaryFolder } from "../../support/folder.js";
import { sha256 } from "./hub-server.js";

const HASHER = new URL("../children/hash-file.ts", import.meta.url).pathname;
const OTHER = "0".repeat(64);

let path = "";
beforeEach(() => {
  const folder = temporaryFolder();
  vi.stubEnv("COPE_HOME", join(folder, "home"));
  onTestFinished(() => void vi.unstubAllEnvs());
  path = join(folder, "own.gguf");
});

const hashOf = (file: string) => sha256(readFileSync(file));
const recordOf = (file: string) => JSON.parse(readFileSync(recordPath(file), "utf8")) as Record<string, unknown>;
const setRecord = (change: object) => writeFileSync(recordPath(path), JSON.stringify({ ...recordOf(path), ...change }));

it("is not computed again while the file stays as it is, by another process neither", async () => {
  writeFileSync(path, "one");
  await digestOf(path);
  // Whoever hashed would not say this.
  setRecord({ sha256: OTHER });
  expect(await digestOf(path)).toBe(OTHER);
  expect((await runChild(HASHER, [path])).lines).toEqual([OTHER]);
});

it("is computed again for a file that was replaced by one of the same size and modification time", async () => {
  writeFileSync(path, "one");
  await digestOf(path);
  const { atime, mtime } = statSync(path);
  // The clock of the file system ticks every few milliseconds.
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeFileSync(`${path}.new`, "two");
  renameSync(`${path}.new`, path);
  utimesSync(path, atime, mtime);
  expect(statSync(path).mtimeMs).toBe(mtime.getTime());
  expect(await digestOf(path)).toBe(hashOf(path));
});

it("is computed again, and where it came from is kept, when a pulled file was only touched", async () => {
  writeFileSync(path, "one");
  writeRecordOf("the hub");
  await new Promise((resolve) => setTimeout(resolve, 20));
  chmodSync(path, 0o600);
  utimesSync(path, 1, 1);
  expect(await sourceOf(path)).toBe("the hub");
  expect(recordOf(path)).toMatchObject({ sha256: hashOf(path), mtimeMs: 1000, source: "the hub" });
  writeFileSync(path, "two");
  expect(await sourceOf(path)).toBeUndefined();
  expect(await digestOf(path)).toBe(hashOf(path));
});

const writeRecordOf = (source: string) => {
  writeRecord(path, hashOf(path), source);
  expect(recordOf(path)["source"]).toBe(source);
};

it.each(["", "{", "null", '{"sha256":"short"}', '{"bytes":3}'])("takes a record like '%s' for none", async (text) => {
  writeFileSync(path, "one");
  const right = await digestOf(path);
  writeFileSync(recordPath(path), text);
  expect(await digestOf(path)).toBe(right);
  expect(recordOf(path)["sha256"]).toBe(right);
});

it("hashes once more what a version without change times recorded", async () => {
  writeFileSync(path, "one");
  const right = await digestOf(path);
  setRecord({ sha256: OTHER, ctimeMs: undefined });
  expect(await digestOf(path)).toBe(right);
});

it("is the same for processes that hash at once, and their record is whole", async () => {
  writeFileSync(path, Buffer.alloc(48_000_000, "weights"));
  const [mine, ...theirs] = await Promise.all([
    digestOf(path),
    ...[1, 2, 3].map(async () => (await runChild(HASHER, [path])).lines[0]),
  ]);
  expect([mine, ...theirs]).toEqual(Array.from({ length: 4 }, () => hashOf(path)));
  expect(recordOf(path)).toMatchObject({ sha256: mine, bytes: 48_000_000 });
  expect(readdirSync(dirname(recordPath(path)))).toHaveLength(1);
});

it("is that of the new file when the file is replaced while it is hashed", async () => {
  writeFileSync(path, Buffer.alloc(8_000_000, "a"));
  writeFileSync(`${path}.new`, Buffer.alloc(8_000_000, "b"));
  const asked = [digestOf(path), digestOf(path)];
  renameSync(`${path}.new`, path);
  expect(await Promise.all(asked)).toEqual([hashOf(path), hashOf(path)]);
  expect(await digestOf(path)).toBe(hashOf(path));
});

it("is refused for a file that somebody goes on writing to", async () => {
  writeFileSync(path, Buffer.alloc(16_000_000));
  const writing = setInterval(() => appendFileSync(path, "more"), 1);
  onTestFinished(() => clearInterval(writing));
  await expect(digestOf(path)).rejects.toMatchObject({ code: "MODEL_FILE_INVALID" });
});

it("is there where the record cannot be written, also for the file that comes after", async () => {
  writeFileSync(path, "one");
  writeFileSync(process.env["COPE_HOME"]!, "in the way");
  for (const content of ["one", "another"]) {
    writeFileSync(path, content);
    for (let nth = 0; nth < 2; nth += 1) expect(await digestOf(path)).toBe(hashOf(path));
  }
});

it("fails as reading does where there is no file", async () => {
  await expect(digestOf(path)).rejects.toMatchObject({ code: "ENOENT" });
});
