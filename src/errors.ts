import type { Spent } from "./state/ledger.js";

/**
 * Who can mend it: `usage` before any work is done (exit code 2), `run` when the run itself failed (exit code 1). Each
 * comment gives the cause and the remedy; the page of error codes is made of them.
 */
const CODES = {
  /**
   * An option has a value that cannot work, or two options exclude each other. Remedy: Correct the option that the
   * message names.
   */
  OPTIONS_INVALID: "usage",
  /**
   * The question, or what is given with it, does not fit the family. Remedy: Correct the field that the message
   * names.
   */
  TASK_INVALID: "usage",
  /** No family has this name. Remedy: Use a name that the message lists, or pass a family of your own. */
  FAMILY_UNKNOWN: "usage",
  /** No scorer has this name. Remedy: Use a name that the message lists, or pass a scorer of your own. */
  SCORER_UNKNOWN: "usage",
  /**
   * A scorer of your own returned a verdict that contradicts itself, or needs an unknown ability. Remedy: Mend the
   * scorer; `scorerContract` of `langgraph-cope/testing` tests it.
   */
  SCORER_INVALID: "usage",
  /**
   * The part of a model string before the colon names no provider. Remedy: Use a provider that the message lists, or
   * pass a LangChain chat model.
   */
  PROVIDER_UNKNOWN: "usage",
  /**
   * No model is called so, in the catalogue of embedded models, at the model hub or at the provider. Remedy: Check
   * the name; `cope models list` lists the embedded ones.
   */
  MODEL_UNKNOWN: "usage",
  /**
   * The model exists, but not here: its weights are not on this machine, or its server does not have it. Remedy:
   * Fetch it with `cope models pull` or `ollama pull`, or name another.
   */
  MODEL_NOT_FOUND: "usage",
  /**
   * A file of weights is cut off, damaged, or of a kind that the engine cannot use. Remedy: Fetch the file again, or
   * use another model.
   */
  MODEL_FILE_INVALID: "usage",
  /** A provider needs a key, and its environment variable is empty. Remedy: Set the variable that the message names. */
  KEY_MISSING: "usage",
  /** An embedded model is named, and its engine is not installed. Remedy: Run `npm install node-llama-cpp`. */
  ENGINE_MISSING: "usage",
  /** An optional package is needed and is not installed. Remedy: Run the `npm install` line of the message. */
  PACKAGE_MISSING: "usage",
  /** A file is not there, or cannot be opened or written. Remedy: Check the path and its permissions. */
  FILE_NOT_FOUND: "usage",
  /**
   * A file is there, but holds something else than it should, or an unknown version of it. Remedy: Read the file with
   * the version that wrote it, repair it, or make it anew.
   */
  FILE_BROKEN: "usage",
  /** This version of Node.js lacks what the library needs. Remedy: Use Node 22.13 or newer. */
  NODE_TOO_OLD: "usage",
  /**
   * A model lacks an ability that the run needs, such as log-probabilities or tools. Remedy: Run `cope doctor --model
   * PROVIDER:MODEL`, then choose another model, scorer or family.
   */
  ABILITY_MISSING: "usage",
  /**
   * A limit in dollars is set, and the price of a model is not known. Remedy: Give the price with `prices` or
   * `--price`, or limit calls or tokens instead.
   */
  PRICE_UNKNOWN: "usage",
  /** Nothing is saved under this thread's name. Remedy: Run `cope threads list` for the names of saved threads. */
  THREAD_UNKNOWN: "usage",
  /**
   * A new question came to a thread whose last run is not finished. Remedy: Resume the thread, forget it, or ask in
   * another thread.
   */
  THREAD_UNFINISHED: "usage",
  /**
   * A thread is resumed with options that differ from those it began with. Remedy: Resume it without these options,
   * or ask in a new thread.
   */
  OPTIONS_CHANGED: "usage",
  /**
   * A scripted model was asked something that no rule of its script is for. Remedy: Add a rule for what the message
   * describes.
   */
  SCRIPT_MISMATCH: "usage",
  /**
   * A scripted model was asked more often than its script has replies. Remedy: Add replies to the rule that the
   * message names.
   */
  SCRIPT_EXHAUSTED: "usage",
  /**
   * A replay or calibration needs a draw that the recording does not hold. Remedy: Record it with the command of the
   * message.
   */
  NOT_RECORDED: "usage",
  /**
   * A calibration was made with other models, another family or other prompts than the run has. Remedy: Use what it
   * was made with, or calibrate anew.
   */
  CALIBRATION_MISMATCH: "usage",
  /** Another process is writing this recording. Remedy: Wait for it, end it, or record to another file. */
  RECORDING_BUSY: "usage",
  /**
   * A program is to be run, and this machine has no sandbox for its language. Remedy: Install one with the command of
   * the message; `cope doctor` shows which are there.
   */
  SANDBOX_MISSING: "usage",
  /**
   * The server refused the key, or the account may not use the model. Remedy: Check the key and what its account may
   * do.
   */
  AUTH_REJECTED: "run",
  /**
   * The server, or an embedded model, refused the form of the request. Remedy: Change what the message names, such as
   * a parameter, an image or a message.
   */
  REQUEST_REJECTED: "run",
  /**
   * The prompt and the answer do not fit into the model's context. Remedy: Shorten the question or the conversation,
   * or use a larger context.
   */
  CONTEXT_OVERFLOW: "run",
  /**
   * The server, or the queue of an embedded model, takes no more requests now. Remedy: Wait, or lower
   * `maxConcurrency`.
   */
  RATE_LIMITED: "run",
  /** The server answered with an error of its own. Remedy: Try again later; the server's log says why. */
  SERVER_FAILED: "run",
  /** The connection broke before the answer was whole. Remedy: Run it again. */
  CONNECTION_LOST: "run",
  /** A streamed answer broke off after its first words. `error.partial` holds them. Remedy: Ask again. */
  STREAM_CUT: "run",
  /**
   * No connection to the server could be made. Remedy: Check that the server runs, and its address, proxy and
   * network.
   */
  NETWORK_UNREACHABLE: "run",
  /**
   * The model returned nothing usable, or failed in a way that has no code of its own. Remedy: Read the message; try
   * again or use another model.
   */
  MODEL_FAILED: "run",
  /** The model or its provider declined to answer this content. Remedy: Ask in other words, or use another model. */
  REFUSED: "run",
  /**
   * Not one call of a stage or an evaluation was answered. Remedy: Mend the reason that the message names, and run it
   * again.
   */
  ALL_CALLS_FAILED: "run",
  /**
   * A limit of the budget ended the run before there was an answer. Remedy: Raise the limit; with a saved thread or a
   * tape, nothing is paid twice.
   */
  BUDGET_TOO_SMALL: "run",
  /**
   * Nothing that was recorded reaches the goal of a calibration. Remedy: Ask for less, take stronger models, or
   * record more.
   */
  CONSTRAINT_UNMET: "run",
  /**
   * The sandbox itself did not start, several times in a row. Remedy: Free memory and processes, and check the limits
   * that you set.
   */
  SANDBOX_FAILED: "run",
  /**
   * The world that an agent acts in threw an error. Remedy: Mend the environment; `environmentContract` of
   * `langgraph-cope/testing` tests it.
   */
  ENVIRONMENT_FAILED: "run",
  /**
   * A person rejected the run before it had an answer. Remedy: Ask again and approve, or use models that run on this
   * machine.
   */
  REJECTED: "run",
  /** A time limit passed before there was an answer. Remedy: Allow more time, or ask for less. */
  TIMEOUT: "run",
  /**
   * Weights, a data set or another download could not be fetched. Remedy: Follow the message; a second try goes on
   * where the first ended.
   */
  PULL_FAILED: "run",
  /**
   * A fetched file is not the one that was expected. Remedy: Fetch it again; if that fails too, trust another source.
   */
  CHECKSUM_MISMATCH: "run",
  /** No space is left on the disk. Remedy: Free some space and run it again. */
  DISK_FULL: "run",
  /** A signal or Ctrl-C ended the run. Remedy: Resume the thread, or run it again. */
  ABORTED: "run",
  /** Something happened that should not be possible. Remedy: Report it with the message. */
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
