import { CopeError } from "../../errors.js";
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
