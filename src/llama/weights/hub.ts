import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CopeError } from "../../errors.js";
import { cacheDir } from "../../home.js";
import { makeFolder } from "../../files.js";
import { downloadFile, fetchText, type HttpFile, type HttpOptions } from "./http-file.js";
import type { PartFile } from "./part-file.js";

/** A file in a repository of the model hub. */
export interface HubFile {
  /** `owner/name` */
  repo: string;
  /** Path in the repository. */
  file: string;
  /** Branch, tag or commit. @default "main" */
  revision?: string;
}

/** How the hub is asked. */
export interface HubOptions extends HttpOptions {
  /** Base address; by default `HF_ENDPOINT`, as users of mirrors expect, else the public hub. */
  endpoint?: string;
}

/** Address of a file on the hub. */
export function hubUrl({ repo, file, revision = "main" }: HubFile, endpoint?: string): string {
  const path = file.split("/").map(encodeURIComponent).join("/");
  return `${hubBase(endpoint)}/${repo}/resolve/${encodeURIComponent(revision)}/${path}`;
}

/**
 * Downloads a file of the hub into `part`; `HF_TOKEN` is sent when it is set.
 *
 * @param known - the checksum and size where the hub states none.
 * @returns the SHA-256 that the hub states for the file it serves, and its size; else what was known.
 * @throws CopeError as `downloadFile` does.
 */
export function downloadFromHub(
  file: HubFile,
  known: Pick<HttpFile, "sha256" | "bytes">,
  part: PartFile,
  options: HubOptions,
): Promise<{ sha256?: string; bytes?: number }> {
  return downloadFile({ ...known, url: hubUrl(file, options.endpoint), token: hubToken() }, part, options);
}

/**
 * The file of a repository that has a quantisation, as the hub itself answers it to llama.cpp.
 *
 * @param tag - such as `Q4_K_M`; `latest` leaves the choice to the hub.
 * @throws CopeError `MODEL_UNKNOWN` when the repository or the quantisation is not there; as `downloadFile` does.
 */
export async function fileOfTag(repo: string, tag: string, options: HubOptions): Promise<string> {
  const url = `${hubBase(options.endpoint)}/v2/${repo}/manifests/${encodeURIComponent(tag)}`;
  // The hub answers with a GGUF file's name only to whom it takes for llama.cpp.
  const text = await fetchText({ url, token: hubToken() }, options, { "user-agent": "llama-cpp" });
  const file = text === undefined ? undefined : named(text);
  if (file) return file;
  throw new CopeError(
    "MODEL_UNKNOWN",
    `the model hub has no GGUF file of ${repo} with the quantisation ${tag}.`,
    `write hf:${repo}/FILE.gguf with a file that its page lists, or another quantisation.`,
  );
}

function named(manifest: string): string | undefined {
  try {
    const { ggufFile } = JSON.parse(manifest) as { ggufFile?: { rfilename?: string } };
    return ggufFile?.rfilename;
  } catch {
    return undefined;
  }
}

/** Base address of the hub, without a slash at its end. */
export function hubBase(endpoint?: string): string {
  return (endpoint || process.env["HF_ENDPOINT"] || "https://huggingface.co").replace(/\/+$/, "");
}

/** The token that the hub is shown, where one is set. */
export const hubToken = (): string | undefined => process.env["HF_TOKEN"] || undefined;

/** What `hf:owner/repo:QUANT` or `hf:owner/repo/path/file.gguf#revision` names. */
interface HfName {
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
