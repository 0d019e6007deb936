import { CopeError } from "../errors.js";
import { codesOf, namesOf, retryAfter, statusOf, textOf } from "./error-parts.js";
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
  /** Whatever else this model was sent at the same time is refused likewise: the key or the model itself is wrong. */
  refusesAll?: true;
  /** The run that asked was over (aborted, or its time was up): says nothing of the model. */
  runOver?: true;
}

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
  // Written only where another call of the same step showed that the model refuses all: see `refusesAll`.
  "ABORTED",
]);

/** The connection never stood. */
const UNREACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
/** It broke: what was sent may have been computed and billed. */
const CUT = /^(ECONN|EPIPE|ETIMEDOUT|UND_ERR)/;
const CUT_WORDS =
  /fetch failed|connection error|socket hang up|terminated|premature close|network error|did not receive done|unexpected end of json|unterminated string in json/i;
/** Clients fall over an answer that holds no message. */
const NO_MESSAGE = /reading 'message'|reading '0'|not iterable/;

const TOO_LONG = /context.{0,10}(length|window|size)|too long|maximum.{0,20}tokens/i;
/** What servers say of a model that embeds texts and does not answer. */
const NO_CHAT = /not support (the )?(chat|completions?|generat)|not a chat model/i;
const UNWANTED = /content.?(policy|filter|management)|moderation|flagged|refus/i;

/** Sorts any error of any provider's client by what it means for the run. `model` is named in what the user reads. */
export function classify(error: unknown, model: string): Failure {
  if (CopeError.isInstance(error)) {
    const fatal = error.isUsage ? { fatal: error } : {};
    // An embedded model whose queue is full has room again when its calls end.
    const retry = error.code === "RATE_LIMITED";
    return { code: error.code, message: redact(error.reason), retry, ...fatal };
  }
  const message = textOf(error);
  const status = statusOf(error);
  if (status === undefined) return withoutStatus(error, message);
  if (NO_CHAT.test(message)) {
    const fatal = noChat(message, model);
    return { code: fatal.code, message, retry: false, fatal, refusesAll: true };
  }
  if (status === 429) {
    const retry = !/insufficient_quota/.test([message, ...codesOf(error)].join(" "));
    return { code: "RATE_LIMITED", message, retry, ...retryAfter(error) };
  }
  // A gateway that stops waiting does not stop the server behind it.
  if (status === 504 || status === 524) return { code: "TIMEOUT", message, retry: true, ...retryAfter(error) };
  if (status >= 500 || status === 408 || status === 409) {
    return { code: "SERVER_FAILED", message, retry: true, ...retryAfter(error) };
  }
  // Only where the request itself is judged: the reason for a refused key may use the same words.
  const judged = status === 400 || status === 422;
  if (status === 413 || (judged && TOO_LONG.test([message, ...codesOf(error)].join(" ")))) {
    return { code: "CONTEXT_OVERFLOW", message, retry: false };
  }
  if (judged && UNWANTED.test([message, ...codesOf(error)].join(" ")))
    return { code: "REFUSED", message, retry: false };
  const fatal = fatalFor(status, message, model);
  // Not 402 and 403: the last of a balance, or a right to some requests, may have served a call beside this one.
  const refusesAll = status === 401 || status === 404;
  return { code: fatal.code, message, retry: false, fatal, ...(refusesAll ? { refusesAll } : {}) };
}

function withoutStatus(error: unknown, message: string): Failure {
  const codes = codesOf(error);
  const names = namesOf(error);
  if (codes.some((code) => UNREACHED.test(code))) return { code: "NETWORK_UNREACHABLE", message, retry: true };
  if (names.includes("TimeoutError")) return { code: "TIMEOUT", message, retry: true };
  // An abort that is not ours: some clients end all their calls where one is ended.
  const cut = codes.some((code) => CUT.test(code)) || CUT_WORDS.test(message) || names.includes("AbortError");
  if (cut) return { code: "CONNECTION_LOST", message, retry: true };
  const empty = error instanceof TypeError && NO_MESSAGE.test(message);
  return { code: "MODEL_FAILED", message: empty ? "the server's answer holds no message" : message, retry: false };
}

function noChat(message: string, model: string): CopeError {
  return new CopeError(
    "ABILITY_MISSING",
    `${model} does not answer questions: ${message}`,
    "name a chat model; one that computes embeddings cannot take a role.",
  );
}

/** Without the cause: providers put request headers, and so keys, on their errors. */
function fatalFor(status: number, message: string, model: string): CopeError {
  const said = `${model} answered ${status}: ${message}`;
  if (status === 401 || status === 402 || status === 403) {
    return new CopeError(
      "AUTH_REJECTED",
      said,
      "check the key in the provider's environment variable, that it may use this model, and the account's balance.",
    );
  }
  if (status === 404) {
    return new CopeError("MODEL_NOT_FOUND", said, "check the model's name; with Ollama: `ollama pull` it first.");
  }
  return new CopeError(
    "REQUEST_REJECTED",
    said,
    "the server does not take this request as sent; where a model refuses parameters, pass a function instead of its name: (sampling) => new ChatOpenAI({ model, … }).",
  );
}
