import { CopeError } from "../errors.js";
import { EXIT, printError } from "./output.js";

/** Signals that end a command in good order, with the exit code that each has by convention. */
const EXITS = { SIGINT: EXIT.interrupted, SIGTERM: 143, SIGHUP: 129 } as const;

/** A terminal's Ctrl-C may come twice: from the terminal itself, and passed on by the process that started this one. */
const SAME_SIGNAL_MS = 200;

/** What a signal does now. Set by the command that has something to end in good order. */
let handle: (() => void) | undefined;

let first: { at: number; exit: number } | undefined;

/** From here on Ctrl-C and SIGTERM end the process with one line, unless a command has taken them over. */
export function listenForInterrupts(json: boolean): void {
  for (const [signal, exit] of Object.entries(EXITS)) {
    process.on(signal, () => {
      if (first && performance.now() - first.at < SAME_SIGNAL_MS) return;
      first ??= { at: performance.now(), exit };
      const handler = handle;
      // A second Ctrl-C does not wait for the first one's good order.
      handle = undefined;
      if (handler) return handler();
      printError(interrupted("run it again."), json);
      process.exit(first.exit);
    });
  }
}

/** The exit code of what a signal ended. */
export const interruptExit = (): number => first?.exit ?? EXIT.interrupted;

/** Takes Ctrl-C over while `work` runs: its signal aborts. */
export async function abortable<T>(work: (signal: AbortSignal) => Promise<T>, remedy: string): Promise<T> {
  const abort = new AbortController();
  handle = () => abort.abort(interrupted(remedy));
  try {
    return await work(abort.signal);
  } catch (error) {
    // Whatever an aborted call made of it: the user's wish is the reason.
    throw abort.signal.aborted ? abort.signal.reason : error;
  } finally {
    handle = undefined;
  }
}

function interrupted(remedy: string): CopeError {
  return new CopeError("ABORTED", "interrupted.", remedy);
}
