import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Runs that were kept in a file, one JSON object a line; none where there is no file. Read from `.gz`, too. */
export function keptRuns<Run>(file: string): Run[] {
  if (!existsSync(file)) return [];
  const bytes = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Run);
}

/** Keeps one more, so that a run that is cut short goes on where it was. */
export function keepRun(file: string, run: unknown): void {
  if (file.endsWith(".gz"))
    throw new Error(`${file} is a finished recording: give --runs another file to run what is missing.`);
  appendFileSync(file, `${JSON.stringify(run)}\n`);
}
