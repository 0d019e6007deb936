import { readFileSync } from "node:fs";

/** What a Python process in the sandbox is for. */
export type Purpose = "program" | "candidate" | "tester" | "beside" | "syntax";

const PARTS: Record<Purpose, readonly string[]> = {
  program: ["program"],
  candidate: ["plain", "candidate"],
  tester: ["plain", "judge", "tester"],
  beside: ["judge", "beside"],
  syntax: ["syntax"],
};

const read = new Map<string, string>();

function part(name: string): string {
  const text = read.get(name) ?? readFileSync(new URL(`python/${name}.py`, import.meta.url), "utf8");
  read.set(name, text);
  return text;
}

/** The Python text that a process for this purpose begins with under bubblewrap. */
export function scriptFor(purpose: Purpose): string {
  return ["common", "start", ...PARTS[purpose]].map(part).join("\n");
}

/** The same under Pyodide. */
export function pyodideScriptFor(purpose: Purpose): string {
  return ["common", "start_pyodide", ...PARTS[purpose]].map(part).join("\n");
}
