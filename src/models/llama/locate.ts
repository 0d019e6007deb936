import { closeSync, openSync, readSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { CopeError } from "../../errors.js";
import { catalogEntry, weightsPath } from "./catalog.js";

export { digestOf } from "./digest.js";

/** No real model is smaller; what is, was cut or is something else. */
const MIN_BYTES = 1024;

/**
 * Finds the weights that a model string names, without loading llama.cpp.
 *
 * @param spec - what follows `llama:`: a catalog name, or the path of a `.gguf` file (absolute, relative, or from `~`).
 * @returns absolute path of a file that begins like a GGUF file.
 * @throws CopeError `MODEL_UNKNOWN` (no such name), `MODEL_NOT_FOUND` (in the catalog but not pulled),
 *   `FILE_NOT_FOUND`, `MODEL_FILE_INVALID`.
 */
export function locate(spec: string): string {
  if (!/\.gguf$/i.test(spec)) {
    const entry = catalogEntry(spec);
    const path = weightsPath(entry);
    if (statSync(path, { throwIfNoEntry: false }))
      return checked(path, `cope models rm ${spec}; cope models pull ${spec}`);
    throw new CopeError(
      "MODEL_NOT_FOUND",
      `the weights of ${spec} are not on this machine.`,
      `cope models pull ${spec}`,
    );
  }
  const path = resolve(spec.startsWith("~/") ? join(homedir(), spec.slice(2)) : spec);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new CopeError(
      "FILE_NOT_FOUND",
      `there is no file ${path}.`,
      "give the path of a .gguf file, or a catalog name.",
    );
  }
  return checked(path, "give the path of a whole GGUF file.");
}

function checked(path: string, remedy: string): string {
  const head = Buffer.alloc(8);
  const file = openSync(path, "r");
  try {
    readSync(file, head, 0, 8, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString("latin1", 0, 4) !== "GGUF") {
    throw new CopeError("MODEL_FILE_INVALID", `${path} is no GGUF file.`, remedy);
  }
  const { size } = statSync(path);
  if (size < MIN_BYTES) throw new CopeError("MODEL_FILE_INVALID", `${path} has only ${size} bytes.`, remedy);
  // llama.cpp's reader guesses at versions it does not know, and says so on stderr.
  const version = head.readUInt32LE(4);
  if (version < 1 || version > 3) {
    throw new CopeError("MODEL_FILE_INVALID", `${path} claims to be GGUF of version ${version}.`, remedy);
  }
  return path;
}
