/** What can go wrong with a call, in the words of `failure`. */
export type FailureKind = "rate-limited" | "server" | "timeout" | "connection" | "refused" | "too-long" | "wrong-key";

const STATUS: Partial<Record<FailureKind, [status: number, message: string]>> = {
  "rate-limited": [429, "rate limit reached"],
  server: [503, "the server is overloaded"],
  refused: [400, "blocked by the content policy"],
  "too-long": [400, "maximum context length is 8192 tokens"],
  "wrong-key": [401, "incorrect API key"],
};

/**
 * An error as providers' clients throw it, to be scripted as a reply. `rate-limited`, `server`, `timeout` and
 * `connection` are tried again (option `attempts`); `refused` and `too-long` fail that sample; `wrong-key` ends the run.
 *
 * @param options - `retryAfter`: seconds the server asks to wait (`rate-limited`, `server`)
 */
export function failure(kind: FailureKind, { retryAfter }: { retryAfter?: number } = {}): Error {
  if (kind === "timeout") return Object.assign(new Error("the request timed out"), { name: "TimeoutError" });
  if (kind === "connection") return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
  const [status, message] = STATUS[kind]!;
  const headers = new Headers(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) });
  return Object.assign(new Error(`${status} ${message}`), { status, headers });
}
