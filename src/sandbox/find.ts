import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { CopeError } from "../errors.js";
import { PYTHON, startInBubblewrap } from "./bubblewrap.js";
import { limitsOf } from "./limits.js";
import { insistently } from "./insistently.js";
import { findPyodide, startInPyodide } from "./pyodide.js";
import type { PythonProcess, Start } from "./python-process.js";
import type { SandboxName } from "./types.js";

/** A way to run Python that nobody trusts. */
export interface Sandbox {
  name: SandboxName;
  /** What it is, for a person. */
  detail: string;
  /** Starts one process. @throws StartFailed */
  start(start: Start): Promise<PythonProcess>;
}

type Found = Sandbox | { missing: string };

/** A look at one sandbox. What was found stays: it was seen to start. What is missing is looked for again. */
interface Look {
  under: Promise<Found>;
  /** When a failure is too old to be believed, as `performance.now` counts; absent while looking and for what was found. */
  until?: number;
}

const looks = new Map<SandboxName, Look>();

/** How long a sandbox that did not start is passed over, ms: a start that fails may be slow, and the next one may not fail. */
const PASSED_OVER_MS = 5_000;

const LOOK: Record<SandboxName, () => Promise<Found>> = {
  bubblewrap: lookForBubblewrap,
  pyodide: lookForPyodide,
};

function look(name: SandboxName): Promise<Found> {
  const known = looks.get(name);
  if (known && (known.until === undefined || performance.now() < known.until)) return known.under;
  const under = LOOK[name]().then((found) => {
    if ("missing" in found) made.until = performance.now() + PASSED_OVER_MS;
    return found;
  });
  const made: Look = { under };
  looks.set(name, made);
  return under;
}

/**
 * The sandbox for Python on this machine: bubblewrap where it can make namespaces, else Pyodide under Deno.
 *
 * @param options - `prefer`: which one to use where both are there
 * @throws CopeError SANDBOX_MISSING, with what to install
 */
export async function findSandbox({ prefer = "bubblewrap" }: { prefer?: SandboxName } = {}): Promise<Sandbox> {
  const reasons: string[] = [];
  for (const name of prefer === "bubblewrap"
    ? (["bubblewrap", "pyodide"] as const)
    : (["pyodide", "bubblewrap"] as const)) {
    const sandbox = await look(name);
    if (!("missing" in sandbox)) return sandbox;
    reasons.push(sandbox.missing);
  }
  throw new CopeError("SANDBOX_MISSING", `no sandbox to run Python in: ${reasons.join("; ")}.`, remedy());
}

function remedy(): string {
  const anywhere = "npm install pyodide deno";
  if (process.platform !== "linux") return `${anywhere}.`;
  const system = existsSync("/usr/bin/apt-get")
    ? "apt-get install bubblewrap python3"
    : "install bubblewrap and python3";
  return `${system}, or where namespaces are forbidden (in a container): ${anywhere}.`;
}

/** Not tried: starting takes seconds, and what keeps it from starting is told when it is used. */
async function lookForPyodide(): Promise<Found> {
  const parts = findPyodide();
  if ("missing" in parts) return parts;
  return {
    name: "pyodide",
    detail: "Pyodide under Deno (slower to start, memory not capped)",
    start: startInPyodide(parts),
  };
}

/** What waiting mends no more than trying again: a machine that forbids namespaces. */
const FORBIDDEN = /permission|permitted/i;

async function lookForBubblewrap(): Promise<Found> {
  if (process.platform !== "linux") return { missing: "bubblewrap is for Linux" };
  const version = await promisify(execFile)("bwrap", ["--version"]).then(
    ({ stdout }) => stdout.trim(),
    (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? undefined : "bubblewrap"),
  );
  if (version === undefined) return { missing: "bubblewrap is not installed" };
  if (!existsSync(PYTHON)) return { missing: `bubblewrap is there, ${PYTHON} is not` };
  try {
    const trial = { purpose: "program", task: { program: "" }, limits: limitsOf({}, "python") } as const;
    const begun = await insistently(() => startInBubblewrap(trial), { unless: FORBIDDEN });
    await begun.ended;
  } catch (error) {
    return { missing: `bubblewrap is there and does not start (${(error as Error).message})` };
  }
  return { name: "bubblewrap", detail: version, start: startInBubblewrap };
}
