/* Exact arithmetic on fractions and on complex numbers of fractions, of any size up to a limit. */

import { type Arithmetic, evaluate, type Places, step, TooLarge } from "./evaluate.js";
import type { Expression } from "./expression.js";
import type { PlainNumber } from "./rational.js";

/** A complex number of fractions. */
export interface Exact {
  re: PlainNumber;
  im: PlainNumber;
}

/** Bits of a numerator or denominator: some 30,000 digits. */
const BITS = 100_000;
/** Fractions beyond this are left as they are: reducing them costs more than it saves. */
const REDUCED_BITS = 4_000;

/** Thrown where a value is no fraction, such as a root of two. */
const IRRATIONAL = new Error("irrational");

const ZERO: PlainNumber = { top: 0n, bottom: 1n };
const ONE: PlainNumber = { top: 1n, bottom: 1n };
const real = (re: PlainNumber): Exact => ({ re, im: ZERO });
const absolute = (n: bigint): bigint => (n < 0n ? -n : n);
/** Bits of a number without its sign; the text in base 16 costs linear time. */
function bitsOf(n: bigint): number {
  const text = absolute(n).toString(16);
  return text.length * 4 - Math.clz32(Number.parseInt(text[0]!, 16)) + 28;
}

function fraction(top: bigint, bottom: bigint): PlainNumber {
  const size = Math.max(bitsOf(top), bitsOf(bottom));
  if (size > BITS) throw new TooLarge();
  step(size >> 8);
  const sign = bottom < 0n ? -1n : 1n;
  if (size > REDUCED_BITS || bottom === 1n) return { top: sign * top, bottom: sign * bottom };
  let [a, b] = [absolute(top), absolute(bottom)];
  while (b > 0n) [a, b] = [b, a % b];
  return { top: (sign * top) / a, bottom: (sign * bottom) / a };
}

const plus = (a: PlainNumber, b: PlainNumber): PlainNumber =>
  a.bottom === b.bottom
    ? fraction(a.top + b.top, a.bottom)
    : fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
const times = (a: PlainNumber, b: PlainNumber): PlainNumber => fraction(a.top * b.top, a.bottom * b.bottom);
const minus = (a: PlainNumber): PlainNumber => ({ top: -a.top, bottom: a.bottom });

function multiply(a: Exact, b: Exact): Exact {
  if (a.im.top === 0n && b.im.top === 0n) return real(times(a.re, b.re));
  return {
    re: plus(times(a.re, b.re), minus(times(a.im, b.im))),
    im: plus(times(a.re, b.im), times(a.im, b.re)),
  };
}

function divide(a: Exact, b: Exact): Exact | undefined {
  const size = plus(times(b.re, b.re), times(b.im, b.im));
  if (size.top === 0n) return undefined;
  const inverse = { top: size.bottom, bottom: size.top };
  return multiply(a, { re: times(b.re, inverse), im: times(minus(b.im), inverse) });
}

/** The whole `n`-th root of a number that is not negative, where there is one. */
function wholeRoot(value: bigint, n: bigint): bigint | undefined {
  if (value < 2n) return value;
  const bits = bitsOf(value);
  if (n > BigInt(bits)) return undefined;
  // Newton's method from above.
  let guess = 1n << (BigInt(bits) / n + 1n);
  for (;;) {
    const next = ((n - 1n) * guess + value / guess ** (n - 1n)) / n;
    if (next >= guess) return guess ** n === value ? guess : undefined;
    guess = next;
  }
}

function root(value: PlainNumber, n: bigint): PlainNumber {
  if (n === 1n) return value;
  if (value.top < 0n && n % 2n === 0n) throw IRRATIONAL;
  const top = wholeRoot(absolute(value.top), n);
  const bottom = wholeRoot(value.bottom, n);
  if (top === undefined || bottom === undefined) throw IRRATIONAL;
  return { top: value.top < 0n ? -top : top, bottom };
}

function power(base: Exact, exponent: PlainNumber): Exact | undefined {
  const n = absolute(exponent.top);
  if (exponent.top < 0n && base.re.top === 0n && base.im.top === 0n) return undefined;
  if (exponent.bottom !== 1n && base.im.top !== 0n) throw IRRATIONAL;
  let result: Exact;
  if (base.im.top === 0n) {
    const rooted = root(base.re, exponent.bottom);
    const isUnit = [rooted.top, rooted.bottom].every((part) => absolute(part) <= 1n);
    if (!isUnit && BigInt(Math.max(bitsOf(rooted.top), bitsOf(rooted.bottom)) - 1) * n > BigInt(BITS)) {
      throw new TooLarge();
    }
    // Powers of 1 and -1 have no size.
    const factors = isUnit ? n % 2n || (n > 0n ? 2n : 0n) : n;
    result = real({ top: rooted.top ** factors, bottom: rooted.bottom ** factors });
  } else {
    if (n > 1_000n) throw new TooLarge();
    result = real(ONE);
    for (let i = 0n; i < n; i++) result = multiply(result, base);
  }
  return exponent.top < 0n ? divide(real(ONE), result) : result;
}

const wholeOf = ({ re, im }: Exact): bigint | undefined =>
  im.top === 0n && re.top % re.bottom === 0n ? re.top / re.bottom : undefined;

function call(name: string, { re, im }: Exact): Exact | undefined {
  if (im.top !== 0n) throw IRRATIONAL;
  const floor = re.top / re.bottom - (re.top % re.bottom < 0n ? 1n : 0n);
  switch (name) {
    case "abs":
      return real({ top: absolute(re.top), bottom: re.bottom });
    case "floor":
      return real({ top: floor, bottom: 1n });
    case "ceil":
      return real({ top: floor * re.bottom === re.top ? floor : floor + 1n, bottom: 1n });
    default:
      throw IRRATIONAL;
  }
}

const exactArithmetic: Arithmetic<Exact> = {
  number: real,
  constant(name) {
    if (name === "i") return { re: ZERO, im: ONE };
    throw IRRATIONAL;
  },
  add: (a, b) => ({ re: plus(a.re, b.re), im: plus(a.im, b.im) }),
  multiply,
  divide,
  power(base, exponent, exact) {
    if (exact === undefined) throw IRRATIONAL;
    return power(base, exact);
  },
  call,
  whole: wholeOf,
  compare: (a, b) => (a.im.top === 0n && b.im.top === 0n ? sign(plus(a.re, minus(b.re)).top) : undefined),
};

const sign = (n: bigint): number => (n > 0n ? 1 : n < 0n ? -1 : 0);

/**
 * The exact value of a formula at a place.
 *
 * @returns `"irrational"` where it is no fraction, `undefined` where it has no value
 * @throws TooLarge
 */
export function exactValue(tree: Expression, places: Places): Exact | "irrational" | undefined {
  try {
    return evaluate(tree, places, exactArithmetic, exactReal);
  } catch (error) {
    if (error === IRRATIONAL) return "irrational";
    throw error;
  }
}

/** The exact real value of a formula in lowest terms, where it has one. */
export function exactReal(tree: Expression, places: Places): PlainNumber | undefined {
  if (tree.kind === "number") return fraction(tree.value.top, tree.value.bottom);
  const value = exactValue(tree, places);
  return value === undefined || value === "irrational" || value.im.top !== 0n
    ? undefined
    : fraction(value.re.top, value.re.bottom);
}

/** Whether two exact values are one. */
export const sameExact = (a: Exact, b: Exact): boolean =>
  a.re.top * b.re.bottom === b.re.top * a.re.bottom && a.im.top * b.im.bottom === b.im.top * a.im.bottom;
