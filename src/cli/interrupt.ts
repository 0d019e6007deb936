import { CopeError } from "../errors.js";
import { EXIT, printError } from "./output.js";

/** What Ctrl-C does now. Set by the command that has something to end in good order. */
let handle: (() => void) | undefined;

/** From here on Ctrl-C ends the process with 130 and one line, unless a command has taken it over. */
export function listenForInterrupts(json: boolean): void {
  process.on("SIGINT", () => {
    const handler = handle;
    // A second Ctrl-C does not wait for the first one's good order.
    handle = undefined;
    if (handler) return handler();
    printError(interrupted("run it again."), json);
    process.exit(EXIT.interrupted);
  });
}

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
