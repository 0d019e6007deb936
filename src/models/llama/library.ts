import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { cacheDir } from "../../home.js";
import { CopeError } from "../../errors.js";
import { CATALOG, catalogEntry, weightsPath, type CatalogEntry } from "./catalog.js";
import { recordPath } from "./digest.js";
import { readGguf, type GgufHead } from "./gguf.js";
import { HF_FOLDER, hfWeights, isHf, parseHf, pieces, tagPath } from "./hf.js";
import { isPath } from "./locate.js";
import { isOllama, listOllama } from "./ollama-store.js";
import { removePart } from "./part-file.js";

/** A model that can be named behind `llama:`, and whether its weights are on this machine. */
export interface ListedModel extends Pick<
  CatalogEntry,
  "name" | "description" | "licence" | "contextLength" | "bytes"
> {
  present: boolean;
  /** Where the weights are, or would be. */
  path: string;
}

/** Every catalog model, in the catalog's order. `bytes` is the size on disk where present, else the download's. */
export function listModels(catalog: readonly CatalogEntry[] = CATALOG): ListedModel[] {
  return catalog.map((entry) => {
    const { name, description, licence, contextLength } = entry;
    const path = weightsPath(entry);
    const file = statSync(path, { throwIfNoEntry: false });
    return { name, description, licence, contextLength, bytes: file?.size ?? entry.bytes, present: !!file, path };
  });
}

/** The models beyond the catalog that are here: pulled from the hub, and in Ollama's store. */
export function listOthers(): ListedModel[] {
  const root = join(cacheDir(), HF_FOLDER);
  const files = existsSync(root) ? (readdirSync(root, { recursive: true }) as string[]) : [];
  const pulled = files
    .filter((file) => /\.gguf$/i.test(file) && pieces(file)[0] === file)
    .toSorted()
    .map((file) => {
      const [owner, folder = "", ...rest] = file.split(sep);
      const [repo, revision] = folder.split("@");
      const name = `hf:${owner}/${repo}/${rest.join("/")}${revision ? `#${revision}` : ""}`;
      const path = join(root, file);
      const bytes = pieces(path).reduce(
        (sum, piece) => sum + (statSync(piece, { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
      return described({ name, path, bytes }, "pulled from the model hub");
    });
  return [...pulled, ...listOllama().map((model) => described(model, "in Ollama's store"))];
}

function described({ name, path, bytes }: Pick<ListedModel, "name" | "path" | "bytes">, where: string): ListedModel {
  let head: GgufHead | undefined;
  try {
    head = readGguf(path);
  } catch {
    // Listed all the same: using it says what is wrong.
  }
  const description = `${head?.name ?? "a broken file"}, ${where}${head?.embedding ? ", for embeddings" : ""}`;
  const { licence = "unknown", contextLength = 0 } = head ?? {};
  return { name, description, licence, contextLength, bytes, present: true, path };
}

/**
 * Deletes a model's weights, and what an unfinished pull left of them.
 *
 * @param name - a catalog name, or `hf:…` as it was pulled or listed.
 * @returns whether there was anything to delete.
 * @throws CopeError `MODEL_UNKNOWN`; `OPTIONS_INVALID` for files that are not ours.
 */
export function removeModel(name: string, catalog: readonly CatalogEntry[] = CATALOG): boolean {
  if (isOllama(name) || (isPath(name) && !isHf(name))) {
    const remedy = isOllama(name) ? `ollama rm ${name.slice("ollama/".length)}` : "delete the file yourself.";
    throw new CopeError("OPTIONS_INVALID", `${name} was not pulled by this program.`, remedy);
  }
  const hf = isHf(name) ? parseHf(name) : undefined;
  const path = hf ? hfWeights(hf) : weightsPath(catalogEntry(name, catalog));
  if (hf?.tag) rmSync(tagPath(cacheDir(), hf.repo, hf.tag), { force: true });
  if (!path || relative(cacheDir(), path).startsWith("..")) return false;
  let present = false;
  for (const file of pieces(path)) {
    present = removePart(file) || existsSync(file) || present;
    for (const old of [file, recordPath(file)]) rmSync(old, { force: true });
  }
  return present;
}
