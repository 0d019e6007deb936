import { existsSync, readFileSync } from "node:fs";
import { needs } from "../../support/needs.js";

/** Rows of a benchmark file beside the project, or `undefined` where the data folder is absent. */
export function benchmarkRows(path: string): Record<string, string>[] | undefined {
  const file = new URL(`../../../../shared/data/${path}`, import.meta.url);
  if (!needs(`benchmark data (../shared/data/${path})`, existsSync(file))) return;
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, string>);
}
