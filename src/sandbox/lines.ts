import type { Readable } from "node:stream";

/** Lines of a stream, one at a time. */
export interface Lines {
  /** The next line; `undefined` when there is none any more. */
  next(): Promise<string | undefined>;
  /** Whether something was written that nobody has asked for yet. */
  readonly waiting: boolean;
  /** Ends the reading: `next` says `undefined` from now on. */
  end(): void;
}

const NEWLINE = 10;

/**
 * Reads lines with a bound: what writes more than `limit` bytes that nobody has taken is told of to `flood`, and is read no further.
 */
export function readLines(stream: Readable, limit: number, flood: () => void): Lines {
  const ready: Buffer[] = [];
  let parts: Buffer[] = [];
  let held = 0;
  const state = { ended: false };
  let wake: (() => void) | undefined;

  const end = (): void => {
    state.ended = true;
    wake?.();
  };
  stream.on("data", (chunk: Buffer) => {
    if (state.ended) return;
    held += chunk.length;
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      parts.push(chunk.subarray(from, at));
      ready.push(Buffer.concat(parts));
      parts = [];
      from = at + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
    if (held > limit) {
      end();
      stream.destroy();
      flood();
    } else wake?.();
  });
  stream.on("end", end).on("close", end).on("error", end);

  return {
    get waiting() {
      return held > 0;
    },
    async next() {
      while (ready.length === 0 && !state.ended) {
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
      }
      const line = ready.shift();
      if (line) held -= line.length + 1;
      return line?.toString("utf8");
    },
    end,
  };
}
