import { CopeError } from "../errors.js";
import type { Failure } from "./failure.js";
import type { OnToken } from "./types.js";

/** What one attempt hands on of its text. Nothing until there is something to see, and nothing once it is over. */
export interface Telling {
  onToken: OnToken;
  /** All that was handed on; "" as long as another attempt may still be made. */
  readonly said: string;
  end(): void;
}

/** Hands pieces on to `onToken`, the first with all the white space before it. */
export function telling(onToken: OnToken): Telling {
  let held = "";
  let said = "";
  let open = true;
  return {
    onToken(piece) {
      if (!open) return;
      held += piece;
      if (said === "" && held.trim() === "") return;
      onToken(held);
      said += held;
      held = "";
    },
    get said() {
      return said;
    },
    end: () => void (open = false),
  };
}

/** The error for a text that broke off when some of it had been shown: neither can it be taken back nor completed. */
export function streamCut(partial: string, { code, message }: Failure): CopeError {
  return new CopeError(
    "STREAM_CUT",
    `the answer broke off after ${partial.length} characters (${code}): ${message}`,
    "ask again; what came is in the error's `partial`.",
    { partial },
  );
}
