import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { CopeError } from "../../errors.js";
import { downloadFile, fetchText, shownUrl, type HttpOptions } from "./http-file.js";
import type { PartFile } from "./part-file.js";

/** A folder or web address that holds weights as a cache does, each with its `.sha256` beside it. */
export type Mirror = string;

const isUrl = (mirror: Mirror): boolean => /^https?:\/\//i.test(mirror);

/** How a mirror's file is called in messages and records: without credentials. */
export function mirrorSource(mirror: Mirror, file: string): string {
  return isUrl(mirror) ? shownUrl(urlOf(mirror, file)) : join(resolve(mirror), file);
}

/**
 * Reads a small text of a mirror.
 *
 * @returns undefined where the mirror has none.
 * @throws CopeError as `downloadFile` does.
 */
export async function mirrorText(mirror: Mirror, file: string, options: HttpOptions): Promise<string | undefined> {
  if (isUrl(mirror)) return fetchText({ url: urlOf(mirror, file) }, options);
  const path = join(mirror, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/**
 * Copies a file of a mirror into `part`; goes on where an earlier copy of the same file stopped.
 *
 * @param file - path in the mirror.
 * @param known - checksum and size where they are pinned; without a pinned checksum the mirror's own is needed.
 * @returns the checksum and the size to expect: the pinned ones come first.
 * @throws CopeError `PULL_FAILED` when it has no such file or no checksum; as `downloadFile` does.
 */
export async function copyFromMirror(
  mirror: Mirror,
  file: string,
  known: { sha256?: string; bytes?: number },
  part: PartFile,
  options: HttpOptions,
): Promise<{ sha256: string; bytes?: number }> {
  const source = mirrorSource(mirror, file);
  // A list of sha256sum, or the record that a cache keeps.
  const stated = /\b[0-9a-f]{64}\b/i.exec((await mirrorText(mirror, `${file}.sha256`, options)) ?? "")?.[0];
  const sha256 = known.sha256 ?? stated?.toLowerCase();
  if (isUrl(mirror)) {
    if (!sha256) throw missing(`${source}.sha256`);
    const { bytes } = await downloadFile({ url: urlOf(mirror, file), ...known }, part, options);
    return { sha256, bytes };
  }
  const from = statSync(source, { throwIfNoEntry: false });
  if (!from?.isFile()) throw missing(source);
  if (!sha256) throw missing(`${source}.sha256`);
  await part.from({ source, validator: String(from.mtimeMs), bytes: from.size });
  if (part.bytes > from.size) await part.restart();
  options.onMissing?.(from.size - part.bytes);
  const stream = createReadStream(source, { start: part.bytes, highWaterMark: 1 << 20, signal: options.signal });
  try {
    for await (const chunk of stream) {
      await part.write(chunk as Buffer);
      options.onBytes?.(part.bytes, from.size);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (CopeError.isInstance(error)) throw error;
    throw new CopeError("PULL_FAILED", `${source} cannot be read: ${(error as Error).message}.`, "check the mirror.", {
      cause: error,
    });
  }
  return { sha256, bytes: known.bytes ?? from.size };
}

function urlOf(mirror: Mirror, file: string): string {
  const url = new URL(mirror);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${file.split("/").map(encodeURIComponent).join("/")}`;
  return url.href;
}

function missing(path: string): CopeError {
  return new CopeError("PULL_FAILED", `there is no ${path}.`, "fill the mirror: cope models pull NAME --to FOLDER.");
}
