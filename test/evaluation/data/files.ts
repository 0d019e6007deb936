import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needs } from "../../support/needs.js";
import { temporaryFolder } from "../../support/folder.js";

const DATA = new URL("../../../../shared/data/", import.meta.url).pathname;

/** The folder of benchmark files beside the project; undefined where it is absent. */
export const benchmarks = (): string | undefined =>
  needs("benchmark data (../shared/data)", existsSync(DATA)) ? DATA : undefined;

/** Writes a file into a folder of its own. @returns its path */
export function fileWith(name: string, content: string | Buffer): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** Writes rows as JSON lines. */
export const jsonl = (...rows: unknown[]): string =>
  fileWith("rows.jsonl", rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
