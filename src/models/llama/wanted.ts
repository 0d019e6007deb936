import { join } from "node:path";
import { CopeError } from "../../errors.js";
import { CATALOG, catalogEntry, type CatalogEntry, type WheelSource } from "./catalog.js";
import { hfPath, isHf, parseHf, pieces, readTag, tagPath, writeTag } from "./hf.js";
import { fileOfTag, type HubFile, type HubOptions } from "./hub.js";
import { isPath } from "./locate.js";
import { mirrorText, type Mirror } from "./mirror.js";
import { isOllama } from "./ollama-store.js";

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
export interface WantedOptions {
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
