import { createHash } from "node:crypto";

/** A number in [0, 1) that is a function of the text: seeded chance for tests. */
export function chance(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

/** An integer in [0, n) that is a function of the text. */
export function pick(n: number, text: string): number {
  return Math.floor(chance(text) * n);
}
