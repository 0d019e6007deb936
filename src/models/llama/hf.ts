import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDir } from "../../home.js";
import { CopeError } from "../../errors.js";
import { makeFolder } from "../../files.js";
import type { HubFile } from "./hub.js";

/** What `hf:owner/repo:QUANT` or `hf:owner/repo/path/file.gguf#revision` names. */
export interface HfName {
  repo: string;
  /** Quantisation; `latest` where none is given. Undefined where a file is named. */
  tag?: string;
  file?: string;
  revision?: string;
}

/** Whether a model is named by its repository on the hub. */
export const isHf = (spec: string): boolean => /^(hf|huggingface):/.test(spec);

const PART = /^[\w][\w.-]*$/;

/**
 * Reads the name of a model on the hub, in the form of llama.cpp and node-llama-cpp.
 *
 * @throws CopeError `MODEL_UNKNOWN`
 */
export function parseHf(spec: string): HfName {
  const [path = "", revision, ...more] = spec.replace(/^(hf|huggingface):(\/\/)?/, "").split("#");
  const [owner = "", second = "", ...rest] = path.split("/");
  const file = rest.length > 0 ? rest.join("/") : undefined;
  const [name = "", tag = file ? undefined : "latest", ...tags] = second.split(":");
  // Names become paths of the cache: none may lead out of it.
  const parts = [owner, name, ...rest, ...(tag === undefined ? [] : [tag]), ...(revision ? [revision] : [])];
  const sound = parts.every((part) => PART.test(part)) && more.length === 0 && tags.length === 0;
  const fits = file ? tag === undefined && /\.gguf$/i.test(file) : revision === undefined;
  if (sound && fits) return file ? { repo: `${owner}/${name}`, file, revision } : { repo: `${owner}/${name}`, tag };
  throw new CopeError(
    "MODEL_UNKNOWN",
    `"${spec}" names no model of the hub.`,
    "write hf:OWNER/REPO:QUANT, such as hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF:Q4_K_M, or hf:OWNER/REPO/FILE.gguf.",
  );
}

/** The folder of the hub's files, relative to a cache or a mirror. */
export const HF_FOLDER = "hf";

/** Where a file of the hub lies, relative to a cache or a mirror. */
export function hfPath({ repo, file, revision }: HubFile): string {
  return join(HF_FOLDER, revision ? `${repo}@${revision}` : repo, file);
}

/** The file that a quantisation stood for when it was pulled; `root` is a cache or a mirror. */
export function readTag(root: string, { repo, tag }: HfName): string | undefined {
  const path = tagPath(root, repo, tag ?? "");
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

/** Remembers which file a quantisation stands for. */
export function writeTag(root: string, { repo, tag }: HfName, file: string): void {
  const path = tagPath(root, repo, tag ?? "");
  makeFolder(dirname(path));
  writeFileSync(path, `${file}\n`);
}

/** Where the tag of a repository is remembered. */
export const tagPath = (root: string, repo: string, tag: string): string =>
  join(root, HF_FOLDER, repo, `${tag.toLowerCase()}.tag`);

/** All pieces of a model that is split into several files, in order; the file itself where it is whole. */
export function pieces(file: string): string[] {
  const [, stem, count, end] = /^(.*)-\d{5}-of-(\d{5})(\.gguf)$/i.exec(file) ?? [];
  if (!count) return [file];
  const number = (index: number) => String(index + 1).padStart(5, "0");
  return Array.from({ length: Number(count) }, (_, index) => `${stem}-${number(index)}-of-${count}${end}`);
}

/**
 * Where the weights of a model of the hub lie, or would lie: the first of their files.
 *
 * @returns undefined for a quantisation that was never pulled: only the hub knows its file.
 */
export function hfWeights(name: HfName): string | undefined {
  const file = name.file ?? readTag(cacheDir(), name);
  if (!file) return undefined;
  return join(cacheDir(), hfPath({ ...name, file: pieces(file)[0]! }));
}
