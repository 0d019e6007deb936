import { setTimeout as sleep } from "node:timers/promises";
import { CopeError } from "../../errors.js";
import type { PartFile } from "./part-file.js";

const REDIRECTS = 5;
/** Times in a row that a cut connection is taken up again without a new byte having come. */
const RESUMES = 3;
/** Milliseconds without a byte after which a running transfer counts as cut. */
const STALL_MS = 30_000;

/** A file on a server. */
export interface HttpFile {
  /** May hold a user and a password, which are sent as a header and never shown. */
  url: string;
  /** Sent to the address's own server alone, never to one it redirects to. */
  token?: string;
  /** What is known of the content; what the server states comes before it. */
  sha256?: string;
  bytes?: number;
}

/** How a file is fetched. */
export interface HttpOptions {
  /** Milliseconds within which the server must begin to answer. */
  timeoutMs: number;
  signal?: AbortSignal;
  onBytes?(bytes: number, total: number): void;
  /** Told before the content comes, with what is missing of it; may throw. */
  onMissing?(bytes: number): void;
}

/**
 * Downloads a file into `part`. Goes on where an earlier transfer of the same content broke off, and takes up cut
 * connections; starts over when the server has another content by now, or sends the file from its start.
 *
 * @returns SHA-256 and size to expect: the server's own statement, else what was known.
 * @throws CopeError `NETWORK_UNREACHABLE` when nobody answers in time, `KEY_MISSING` or `AUTH_REJECTED` when it asks for
 *   a token or refuses it, `PULL_FAILED` for another refusal or a broken transfer; the signal's reason when aborted.
 */
export async function downloadFile(file: HttpFile, part: PartFile, options: HttpOptions) {
  const source = shownUrl(file.url);
  // Killed between the last byte and the check.
  if (part.origin?.source === source && part.bytes === part.origin.bytes) {
    return { sha256: digestIn(part.origin.validator ?? null) ?? file.sha256, bytes: part.bytes };
  }
  let idle = 0;
  for (;;) {
    const before = part.origin?.source === source ? part.bytes : 0;
    const answer = await ask(file, before, options).catch((error: unknown) => {
      // A server that restarts is gone for a moment; one that never answered is not waited for.
      const again = idle > 0 && CopeError.isInstance(error) && error.code === "NETWORK_UNREACHABLE";
      if (!again || idle >= RESUMES) throw error;
      return undefined;
    });
    if (answer) {
      const sha256 = answer.sha256 ?? file.sha256;
      const bytes = answer.bytes ?? file.bytes;
      const { validator, bytes: known } = part.origin ?? {};
      const same = before === 0 || (validator === answer.validator && known === bytes);
      if (before > 0 && (!same || !answer.fits)) {
        await part.restart();
        // Another content, or another range than was asked for: only what comes from the start can be used.
        if (answer.response.status !== 200) {
          answer.stop.abort();
          continue;
        }
      }
      await part.from({ source, validator: answer.validator, bytes });
      if (bytes !== undefined) options.onMissing?.(bytes - part.bytes);
      const cut = await copyBody(answer, part, bytes, options);
      if (part.bytes === bytes || (!cut && bytes === undefined)) return { sha256, bytes };
      if (part.bytes > before) idle = 0;
      if (idle + 1 >= RESUMES) throw failed(`the connection broke off after ${part.bytes} of ${bytes} bytes`, cut);
    }
    idle += 1;
    await sleep(idle > 1 ? 250 * idle : 0);
    options.signal?.throwIfAborted();
  }
}

/** Fetches a small text. @returns undefined when the server has none (404). */
export async function fetchText(file: HttpFile, options: HttpOptions, headers: Record<string, string> = {}) {
  try {
    const { response } = await ask(file, 0, options, headers);
    return await response.text();
  } catch (error) {
    if (CopeError.isInstance(error) && (error.cause as { status?: number } | undefined)?.status === 404)
      return undefined;
    throw error;
  }
}

interface Answer {
  response: Response;
  sha256?: string;
  bytes?: number;
  validator?: string;
  /** Whether the body is what was asked for: the whole, or what follows the first bytes. */
  fits: boolean;
  stop: AbortController;
}

// Redirects are followed by hand, because the checksum stands in the first answer, not in that of the content server.
async function ask(file: HttpFile, from: number, options: HttpOptions, extra = {}): Promise<Answer> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const timer = setTimeout(() => stop.abort(), options.timeoutMs);
  const start = addressOf(file.url);
  let url = start;
  let sha256: string | undefined;
  let bytes: number | undefined;
  try {
    for (let hop = 0; hop <= REDIRECTS; hop += 1) {
      const headers: Record<string, string> = { "accept-encoding": "identity", ...extra };
      if (from > 0) headers["range"] = `bytes=${from}-`;
      const key = url.origin === start.origin ? authorizationOf(file) : undefined;
      if (key) headers["authorization"] = key;
      const response = await fetch(url, { headers, redirect: "manual", signal });
      sha256 ??= digestIn(response.headers.get("x-linked-etag")) ?? digestIn(response.headers.get("etag"));
      bytes ??= Number(response.headers.get("x-linked-size")) || undefined;
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location) {
        url = addressOf(new URL(location, url).href);
        await response.body?.cancel();
        continue;
      }
      if (response.status === 416 && from > 0) {
        await response.body?.cancel();
        return { response, sha256, bytes, fits: false, stop };
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw refusal(response, file);
      }
      const rest = Number(response.headers.get("content-length"));
      if (rest > 0) bytes ??= response.status === 206 ? from + rest : rest;
      const first = Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? from);
      const fits = from === 0 ? response.status === 200 : response.status === 206 && first === from;
      const validator = sha256 ?? response.headers.get("etag") ?? response.headers.get("last-modified") ?? undefined;
      return { response, sha256, bytes, validator, fits, stop };
    }
    throw failed(`more than ${REDIRECTS} redirects from ${shownUrl(file.url)}`);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (CopeError.isInstance(error)) throw error;
    const why = stop.signal.aborted ? `no answer within ${options.timeoutMs} ms` : reasonOf(error);
    throw new CopeError("NETWORK_UNREACHABLE", `${start.host}: ${why}.`, "check the network.", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the error that cut the transfer, or undefined when the body came to its end. */
async function copyBody(answer: Answer, part: PartFile, total: number | undefined, options: HttpOptions) {
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
      if (total !== undefined && part.bytes + step.value.length > total) {
        await part.restart();
        throw failed(`it sent more than the ${total} bytes it announced`);
      }
      await part.write(step.value);
      options.onBytes?.(part.bytes, total ?? 0);
    }
  } finally {
    clearTimeout(timer);
    answer.stop.abort();
  }
}

/** An address as it may be shown and recorded: without user, password and parameters. */
export function shownUrl(url: string): string {
  const { origin, pathname } = addressOf(url);
  return `${origin}${pathname}`;
}

// `fetch` refuses addresses with credentials.
function addressOf(given: string): URL {
  const url = new URL(given);
  url.username = "";
  url.password = "";
  return url;
}

function authorizationOf({ url, token }: HttpFile): string | undefined {
  if (token) return `Bearer ${token}`;
  const { username, password } = new URL(url);
  if (!username) return undefined;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

// The hub states a file's SHA-256 as an entity tag; other tags are shorter and say nothing about the content.
function digestIn(tag: string | null): string | undefined {
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(tag ?? "")?.[1];
}

function refusal({ status }: Response, file: HttpFile): CopeError {
  const reason = `it answered ${status} for ${shownUrl(file.url)}.`;
  const cause = { status };
  if (status === 401 || status === 403) {
    const remedy = "set HF_TOKEN to a token of the hub that may read this model, after accepting its licence there.";
    return new CopeError(file.token ? "AUTH_REJECTED" : "KEY_MISSING", reason, remedy, { cause });
  }
  const remedy = status === 404 ? "check the name, and that the repository has this file." : "try again later.";
  return new CopeError("PULL_FAILED", reason, remedy, { cause });
}

function failed(reason: string, cause?: unknown): CopeError {
  return new CopeError("PULL_FAILED", `${reason}.`, "pull again: it goes on where it stopped.", { cause });
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? message;
}
