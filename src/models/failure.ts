import { CopeError } from "../errors.js";
import { redact } from "./redact.js";

/** What became of a failed attempt, and what may be done about it. */
export interface Failure {
  code: string;
  message: string;
  /** Another attempt may succeed: 429, 5xx, network, timeout. */
  retry: boolean;
  /** How long the server asked us to wait, milliseconds. */
  retryAfterMs?: number;
  /** Ends the whole run: a wrong key must not turn every question into a failed sample. */
  fatal?: CopeError;
}

const NETWORK = /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|UND_ERR)/;
/** Failures for which nobody bills: the server said no before it computed anything, or was never reached. */
export const UNBILLED: ReadonlySet<string> = new Set([
  "RATE_LIMITED",
  "SERVER_FAILED",
  "CONTEXT_OVERFLOW",
  "REFUSED",
  "REQUEST_REJECTED",
  "AUTH_REJECTED",
  "MODEL_NOT_FOUND",
  "NETWORK_UNREACHABLE",
]);

const NETWORK_WORDS = /fetch failed|connection error|socket hang up|terminated|premature close|network/i;

/** Sorts any error of any provider's client by what it means for the run. `model` is named in what the user reads. */
export function classify(error: unknown, model: string): Failure {
  if (CopeError.isInstance(error)) {
    return { code: error.code, message: error.reason, retry: false, ...(error.isUsage ? { fatal: error } : {}) };
  }
  const message = redact(textOf(error));
  const status = statusOf(error);
  if (status === undefined) {
    const cut = codesOf(error).some((code) => NETWORK.test(code)) || NETWORK_WORDS.test(message);
    if (!cut) return { code: "MODEL_FAILED", message, retry: false };
    const unreached = codesOf(error).some((code) => /ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(code));
    return { code: unreached ? "NETWORK_UNREACHABLE" : "CONNECTION_LOST", message, retry: true };
  }
  if (status === 429) {
    const retry = !/insufficient_quota/.test(message + String((error as any)?.code ?? ""));
    return { code: "RATE_LIMITED", message, retry, ...retryAfter(error) };
  }
  if (status >= 500 || status === 408 || status === 409) {
    return { code: "SERVER_FAILED", message, retry: true, ...retryAfter(error) };
  }
  if (/context.{0,10}(length|window|size)|too long|maximum.{0,20}tokens/i.test(message)) {
    return { code: "CONTEXT_OVERFLOW", message, retry: false };
  }
  if (/content.?(policy|filter|management)|refus/i.test(message)) {
    return { code: "REFUSED", message, retry: false };
  }
  return { code: "REQUEST_REJECTED", message, retry: false, fatal: fatalFor(status, message, model) };
}

/** Without the cause: providers put request headers, and so keys, on their errors. */
function fatalFor(status: number, message: string, model: string): CopeError {
  const said = `${model} answered ${status}: ${message}`;
  if (status === 401 || status === 403) {
    return new CopeError(
      "AUTH_REJECTED",
      said,
      "check the key in the provider's environment variable, and that it may use this model.",
    );
  }
  if (status === 404) {
    return new CopeError("MODEL_NOT_FOUND", said, "check the model's name; with Ollama: `ollama pull` it first.");
  }
  return new CopeError(
    "REQUEST_REJECTED",
    said,
    "the server does not take this request as sent; pass a configured chat model instead of a string if the model needs other parameters.",
  );
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const firstLine = text.split("\n").find((line) => line.trim() !== "") ?? "no reason given";
  return firstLine.slice(0, 300);
}

function statusOf(error: unknown): number | undefined {
  const e = error as any;
  const status = e?.status ?? e?.status_code ?? e?.statusCode ?? e?.response?.status;
  return typeof status === "number" ? status : undefined;
}

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let e = error as any, depth = 0; e && depth < 5; e = e.cause, depth++) codes.push(String(e.code ?? ""));
  return codes;
}

function retryAfter(error: unknown): { retryAfterMs?: number } {
  const headers = (error as any)?.headers ?? (error as any)?.response?.headers;
  const value: unknown = headers?.get?.("retry-after") ?? headers?.["retry-after"];
  if (typeof value !== "string") return {};
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) && ms > 0 ? { retryAfterMs: Math.min(ms, 120_000) } : {};
}
