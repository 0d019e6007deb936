import { statSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { CopeError } from "../../errors.js";
import { catalogEntry, weightsPath } from "./catalog.js";
import { readGguf } from "./gguf.js";
import { hfWeights, isHf, parseHf, pieces } from "./hf.js";
import { isOllama, ollamaWeights } from "./ollama-store.js";

/** No real model is smaller; what is, was cut or is something else. */
const MIN_BYTES = 1024;

/**
 * Finds the weights that a model string names, without loading llama.cpp.
 *
 * @param spec - what follows `llama:`: a catalog name; the path of a GGUF file (absolute, from `~` or `.`, or any that
 *   ends in `.gguf`); `hf:owner/repo:QUANT` or `hf:owner/repo/file.gguf` once pulled; `ollama/NAME[:TAG]` in Ollama's
 *   store.
 * @returns absolute path of a file that is a GGUF file and as long as its head says; the first of several.
 * @throws CopeError `MODEL_UNKNOWN` (no such name), `MODEL_NOT_FOUND` (not pulled), `FILE_NOT_FOUND`,
 *   `MODEL_FILE_INVALID`.
 */
export function locate(spec: string): string {
  if (isHf(spec)) return pulled(hfWeights(parseHf(spec)), spec);
  if (isOllama(spec)) return checked(ollamaWeights(spec), `ollama pull ${spec.slice("ollama/".length)}`);
  if (!isPath(spec)) return pulled(weightsPath(catalogEntry(spec)), spec);
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

/** Whether a model is named by a path. A blob of a store has no suffix, but an absolute path. */
export function isPath(spec: string): boolean {
  return /\.gguf$/i.test(spec) || isAbsolute(spec) || /^(~|\.\.?)[\\/]/.test(spec);
}

function pulled(path: string | undefined, spec: string): string {
  if (path && statSync(path, { throwIfNoEntry: false })) {
    return checked(path, `cope models rm ${spec}; cope models pull ${spec}`);
  }
  throw new CopeError("MODEL_NOT_FOUND", `the weights of ${spec} are not on this machine.`, `cope models pull ${spec}`);
}

function checked(path: string, remedy: string): string {
  const { size } = statSync(path);
  const { split } = readGguf(path, remedy);
  if (size < MIN_BYTES) throw new CopeError("MODEL_FILE_INVALID", `${path} has only ${size} bytes.`, remedy);
  if (!split) return path;
  // llama.cpp finds the others by their names, beginning with the first.
  const all = pieces(path);
  if (all.length !== split.count || all[0] !== path) {
    const reason = `${path} is piece ${split.index + 1} of ${split.count} of a model.`;
    throw new CopeError("MODEL_FILE_INVALID", reason, "give the path of the piece named …-00001-of-….gguf.");
  }
  for (const piece of all.slice(1)) {
    if (!statSync(piece, { throwIfNoEntry: false })) {
      throw new CopeError("FILE_NOT_FOUND", `of the model ${path} the piece ${piece} is missing.`, remedy);
    }
    readGguf(piece, remedy);
  }
  return path;
}
