/** What went wrong, as a closed list: switch on it instead of reading messages. */
export type CopeErrorCode =
  // Wrong usage or configuration: nothing was sent to a model.
  | "OPTIONS_INVALID"
  | "TASK_INVALID"
  | "FAMILY_UNKNOWN"
  | "SCORER_UNKNOWN"
  | "PROVIDER_UNKNOWN"
  | "MODEL_UNKNOWN"
  | "MODEL_NOT_FOUND"
  | "MODEL_FILE_INVALID"
  | "KEY_MISSING"
  | "ENGINE_MISSING"
  | "PACKAGE_MISSING"
  | "FILE_NOT_FOUND"
  | "FILE_BROKEN"
  | "NODE_TOO_OLD"
  | "PRICE_UNKNOWN"
  | "THREAD_UNKNOWN"
  | "THREAD_UNFINISHED"
  | "OPTIONS_CHANGED"
  // The run itself failed.
  | "AUTH_REJECTED"
  | "REQUEST_REJECTED"
  | "CONTEXT_OVERFLOW"
  | "ALL_CALLS_FAILED"
  | "BUDGET_TOO_SMALL"
  | "TIMEOUT"
  | "PULL_FAILED"
  | "CHECKSUM_MISMATCH"
  | "DISK_FULL"
  | "NETWORK_UNREACHABLE"
  | "ABORTED"
  | "INTERNAL";

const BRAND = Symbol.for("langgraph-cope.error");

/** Codes for which the command line exits with 2: the user can mend them before any work is done. */
const USAGE: ReadonlySet<CopeErrorCode> = new Set<CopeErrorCode>([
  "OPTIONS_INVALID",
  "TASK_INVALID",
  "FAMILY_UNKNOWN",
  "SCORER_UNKNOWN",
  "PROVIDER_UNKNOWN",
  "MODEL_UNKNOWN",
  "MODEL_NOT_FOUND",
  "MODEL_FILE_INVALID",
  "KEY_MISSING",
  "ENGINE_MISSING",
  "PACKAGE_MISSING",
  "FILE_NOT_FOUND",
  "FILE_BROKEN",
  "NODE_TOO_OLD",
  "PRICE_UNKNOWN",
  "THREAD_UNKNOWN",
  "THREAD_UNFINISHED",
  "OPTIONS_CHANGED",
]);

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

  constructor(code: CopeErrorCode, reason: string, remedy: string, options?: { cause?: unknown }) {
    super(`[${code}] ${reason} Remedy: ${remedy}`, options);
    this.code = code;
    this.reason = reason;
    this.remedy = remedy;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** True for wrong usage or configuration (exit code 2), false for a run that failed (exit code 1). */
  get isUsage(): boolean {
    return USAGE.has(this.code);
  }

  /** Recognises a CopeError also across two copies of this package, where `instanceof` fails. */
  static isInstance(error: unknown): error is CopeError {
    return typeof error === "object" && error !== null && BRAND in error;
  }
}
