import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { nbconvert } from "./test-parts.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const FOLDER = join(ROOT, "notebooks");

/** A notebook by the name of its file, without the ending. */
export const notebookFile = (name) => join(FOLDER, `${name}.ipynb`);

export const notebooks = ["01-first-cascade", "02-reading-a-run", "03-calibrate-on-your-data"];

/**
 * Executes a notebook from its first cell to its last, without changing its file.
 *
 * @returns the notebook with its outputs, and nothing in it of the machine or the time.
 * @throws where a cell fails, with what the kernel said
 */
export async function executeNotebook(name) {
  const file = notebookFile(name);
  for (let tries = 1; ; tries += 1) {
    try {
      return await execute(file);
    } catch (error) {
      // Jupyter chooses ports for its kernel before the kernel takes them: another process can come between.
      if (tries === MOST_TRIES || !/AddrInUse|Address already in use/.test(error.message)) throw error;
    }
  }
}

const MOST_TRIES = 4;

async function execute(file) {
  const asked = ["--to", "notebook", "--stdout", "--execute", "--ExecutePreprocessor.record_timing=False", file];
  const { stdout } = await promisify(execFile)("python3", ["-m", "nbconvert", ...asked], {
    cwd: ROOT,
    maxBuffer: 64e6,
    env: {
      ...process.env,
      PYTHONPATH: nbconvert,
      JUPYTER_PATH: FOLDER,
      JUPYTER_PLATFORM_DIRS: "1",
      PATH: [join(ROOT, "node_modules", ".bin"), process.env.PATH].join(delimiter),
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
    },
  });
  const executed = JSON.parse(stdout);
  const { metadata } = JSON.parse(readFileSync(file, "utf8"));
  return { ...executed, metadata, cells: executed.cells.map((cell) => ({ ...cell, metadata: {} })) };
}
