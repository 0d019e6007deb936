import type { Spent } from "./state/ledger.js";

/** Who can mend it: `usage` before any work is done (exit code 2), `run` when the run itself failed (exit code 1). */
const CODES = {
  OPTIONS_INVALID: "usage",
  TASK_INVALID: "usage",
  FAMILY_UNKNOWN: "usage",
  SCORER_UNKNOWN: "usage",
  SCORER_INVALID: "usage",
  PROVIDER_UNKNOWN: "usage",
  MODEL_UNKNOWN: "usage",
  MODEL_NOT_FOUND: "usage",
  MODEL_FILE_INVALID: "usage",
  KEY_MISSING: "usage",
  ENGINE_MISSING: "usage",
  PACKAGE_MISSING: "usage",
  FILE_NOT_FOUND: "usage",
  FILE_BROKEN: "usage",
  NODE_TOO_OLD: "usage",
  ABILITY_MISSING: "usage",
  PRICE_UNKNOWN: "usage",
  THREAD_UNKNOWN: "usage",
  THREAD_UNFINISHED: "usage",
  OPTIONS_CHANGED: "usage",
  SCRIPT_MISMATCH: "usage",
  SCRIPT_EXHAUSTED: "usage",
  NOT_RECORDED: "usage",
  CALIBRATION_MISMATCH: "usage",
  RECORDING_BUSY: "usage",
  SANDBOX_MISSING: "usage",
  AUTH_REJECTED: "run",
  REQUEST_REJECTED: "run",
  CONTEXT_OVERFLOW: "run",
  RATE_LIMITED: "run",
  SERVER_FAILED: "run",
  CONNECTION_LOST: "run",
  STREAM_CUT: "run",
  NETWORK_UNREACHABLE: "run",
  MODEL_FAILED: "run",
  REFUSED: "run",
  ALL_CALLS_FAILED: "run",
  BUDGET_TOO_SMALL: "run",
  CONSTRAINT_UNMET: "run",
  SANDBOX_FAILED: "run",
  ENVIRONMENT_FAILED: "run",
  REJECTED: "run",
  TIMEOUT: "run",
  PULL_FAILED: "run",
  CHECKSUM_MISMATCH: "run",
  DISK_FULL: "run",
  ABORTED: "run",
  INTERNAL: "run",
} as const;

/** What went wrong, as a closed list: switch on it instead of reading messages. */
export type CopeErrorCode = keyof typeof CODES;

/** Whether a word is one of the codes. */
export function isCode(word: string): word is CopeErrorCode {
  return Object.hasOwn(CODES, word);
}

/** What an error may tell beside its words. */
interface CopeErrorOptions {
  cause?: unknown;
  partial?: string;
  spent?: Spent;
}

const BRAND = Symbol.for("langgraph-cope.error");

/**
 * The only error this library throws on purpose. Its message reads `[CODE] what happened. Remedy: what to do.`
 *
 * @example
 * try { await cope.invoke({ question }) } catch (e) { if (CopeError.isInstance(e) && e.code === "KEY_MISSING") … }
 */
export class CopeError extends Error {
  override readonly name = "CopeError";
  readonly code: CopeErrorCode;
  /** What happened, without code and remedy. */
  readonly reason: string;
  /** What the reader can do about it. */
  readonly remedy: string;
  /** `STREAM_CUT`: what had been streamed of the answer. */
  readonly partial?: string;
  /** What the run had spent when it failed; absent where it was ended in the middle of a step. */
  readonly spent?: Spent;

  constructor(code: CopeErrorCode, reason: string, remedy: string, options: CopeErrorOptions = {}) {
    // A reason may end with what a server said, which need not end like a sentence.
    const sentence = /[.!?…]\)?$/.test(reason) ? reason : `${reason}.`;
    super(`[${code}] ${sentence} Remedy: ${remedy}`, options);
    this.code = code;
    this.reason = sentence;
    this.remedy = remedy;
    if (options.partial !== undefined) this.partial = options.partial;
    if (options.spent !== undefined) this.spent = options.spent;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** True for wrong usage or configuration (exit code 2), false for a run that failed (exit code 1). */
  get isUsage(): boolean {
    return CODES[this.code] === "usage";
  }

  /** Recognises a CopeError also across two copies of this package, where `instanceof` fails. */
  static isInstance(error: unknown): error is CopeError {
    return typeof error === "object" && error !== null && BRAND in error;
  }
}
