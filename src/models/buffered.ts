/**
 * Turns work that tells its pieces by callback into a generator. Pieces wait in a buffer: a reader that takes its time
 * holds up nothing. When the reader leaves, the work is aborted.
 *
 * @returns what the work returns.
 * @throws what the work throws, after the pieces told before.
 */
export async function* buffered<Piece, Result>(
  work: (tell: (piece: Piece) => void, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Piece, Result> {
  const left = new AbortController();
  const pieces: Piece[] = [];
  let wake = () => {};
  let over = false;
  const result = work(
    (piece) => {
      pieces.push(piece);
      wake();
    },
    signal ? AbortSignal.any([signal, left.signal]) : left.signal,
  ).finally(() => {
    over = true;
    wake();
  });
  // Awaited below; a reader that left has nobody to tell.
  result.catch(() => {});
  try {
    for (;;) {
      while (pieces.length > 0) yield pieces.shift()!;
      if (over) return await result;
      await new Promise<void>((go) => (wake = go));
    }
  } finally {
    left.abort();
  }
}
