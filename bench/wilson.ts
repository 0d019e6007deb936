/** Wilson's 95 % interval for a share of hits in n trials, 0 … 1. */
export function wilson(hits: number, n: number): [low: number, high: number] {
  const z = 1.959963984540054;
  const p = hits / n;
  const middle = p + (z * z) / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [(middle - half) / (1 + (z * z) / n), (middle + half) / (1 + (z * z) / n)];
}
