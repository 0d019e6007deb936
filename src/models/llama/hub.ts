import { CopeError } from "../../errors.js";
import type { CatalogEntry } from "./catalog.js";
import type { PartFile } from "./part-file.js";

const REDIRECTS = 5;
/** Times in a row that a cut connection is taken up again without a new byte having come. */
const RESUMES = 3;
/** Milliseconds without a byte after which a running transfer counts as cut. */
const STALL_MS = 30_000;

/** How the hub is asked. */
export interface HubOptions {
  /** Base address; by default `HF_ENDPOINT`, as users of mirrors expect, else the public hub. */
  endpoint?: string;
  /** Milliseconds within which the hub must begin to answer. */
  timeoutMs: number;
  signal?: AbortSignal;
  onBytes?(bytes: number, total: number): void;
}

/** Address of an entry's file on the hub. */
export function hubUrl(entry: CatalogEntry, endpoint?: string): string {
  const base = endpoint || process.env.HF_ENDPOINT || "https://huggingface.co";
  return `${base.replace(/\/+$/, "")}/${entry.hub.repo}/resolve/main/${encodeURIComponent(entry.hub.file)}`;
}

/**
 * Downloads an entry's file from the hub into `part`, taking up cut connections where they broke off.
 *
 * @returns the SHA-256 that the hub states for the file it serves (the catalog's where it states none), and its size.
 * @throws CopeError `NETWORK_UNREACHABLE` when nobody answers in time, `PULL_FAILED` for a refusal or a broken
 *   transfer; the signal's reason when aborted.
 */
export async function downloadFromHub(entry: CatalogEntry, part: PartFile, options: HubOptions) {
  const url = hubUrl(entry, options.endpoint);
  let idle = 0;
  for (;;) {
    const before = part.bytes;
    const answer = await ask(url, before, options);
    const sha256 = answer.sha256 ?? entry.sha256;
    const bytes = answer.size ?? entry.bytes;
    // A server that ignores the range sends the file from its start.
    if (before > 0 && answer.response.status !== 206) await part.restart();
    const cut = await copyBody(answer, part, bytes, options);
    if (!cut || part.bytes >= bytes) return { sha256, bytes };
    idle = part.bytes > before ? 0 : idle + 1;
    if (idle >= RESUMES) throw failed(`the connection broke off after ${part.bytes} of ${bytes} bytes`, cut);
  }
}

interface Answer {
  response: Response;
  sha256?: string;
  size?: number;
  stop: AbortController;
}

// Redirects are followed by hand, because the checksum stands in the first answer, not in that of the content server.
async function ask(start: string, from: number, options: HubOptions): Promise<Answer> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const timer = setTimeout(() => stop.abort(), options.timeoutMs);
  let url = start;
  let sha256: string | undefined;
  let size: number | undefined;
  try {
    for (let hop = 0; hop <= REDIRECTS; hop += 1) {
      const headers: Record<string, string> = { "accept-encoding": "identity" };
      if (from > 0) headers.range = `bytes=${from}-`;
      const response = await fetch(url, { headers, redirect: "manual", signal });
      sha256 ??= digestIn(response.headers.get("x-linked-etag")) ?? digestIn(response.headers.get("etag"));
      size ??= Number(response.headers.get("x-linked-size")) || undefined;
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location) {
        url = new URL(location, url).href;
        await response.body?.cancel();
        continue;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw failed(`it answered ${response.status} for ${start}`);
      }
      const rest = Number(response.headers.get("content-length"));
      if (rest > 0) size ??= response.status === 206 ? from + rest : rest;
      return { response, sha256, size, stop };
    }
    throw failed(`more than ${REDIRECTS} redirects from ${start}`);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (CopeError.isInstance(error)) throw error;
    const why = stop.signal.aborted ? `no answer within ${options.timeoutMs} ms` : reasonOf(error);
    throw new CopeError("NETWORK_UNREACHABLE", `${new URL(start).host}: ${why}.`, "check the network.", {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the error that cut the transfer, or undefined when the body came to its end. */
async function copyBody(answer: Answer, part: PartFile, total: number, options: HubOptions): Promise<unknown> {
  const stalled = () => answer.stop.abort(new Error(`no byte for ${STALL_MS} ms`));
  let timer = setTimeout(stalled, STALL_MS);
  const reader = answer.response.body?.getReader();
  try {
    for (;;) {
      const step = await reader?.read().catch((error: unknown) => ({ error }));
      options.signal?.throwIfAborted();
      if (step && "error" in step) return step.error;
      if (!step?.value) return undefined;
      clearTimeout(timer);
      timer = setTimeout(stalled, STALL_MS);
      await part.write(step.value);
      if (part.bytes > total) throw failed(`it sent more than the ${total} bytes it announced`);
      options.onBytes?.(part.bytes, total);
    }
  } finally {
    clearTimeout(timer);
    answer.stop.abort();
  }
}

// The hub states a file's SHA-256 as an entity tag; other tags are shorter and say nothing about the content.
function digestIn(tag: string | null): string | undefined {
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(tag ?? "")?.[1];
}

function failed(reason: string, cause?: unknown): CopeError {
  return new CopeError("PULL_FAILED", `${reason}.`, "try again later.", { cause });
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? message;
}
