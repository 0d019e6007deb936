/*
 * Values of formulas to many digits, on the engine's decimal numbers. Every size is checked before it is computed, since
 * no answer may hold its caller. To be loaded in the worker only: loading the engine takes a quarter of a second.
 */

import { BigDecimal } from "@cortex-js/compute-engine";
import { type Arithmetic, step, TooLarge } from "./evaluate.js";
import type { PlainNumber } from "./rational.js";

/** Digits to begin with. */
const DIGITS = 60;
/** Digits that rounding may cost. */
const SPARE = 15;
/** Sizes beyond this power of ten are computed anew with more digits. */
const USUAL = 10;
/** Largest power of ten, either way, of a value that is computed. */
const LARGEST = 1_500;

/** A complex number whose parts have many digits. */
export interface Digits {
  re: BigDecimal;
  /** Absent where the number is real. */
  im?: BigDecimal;
}

let digits = DIGITS;
/** Powers of ten that the largest and the smallest value of a computation had. */
let extent = 0;

const ZERO = new BigDecimal(0);
const ONE = new BigDecimal(1);

/** The power of ten of a value; minus infinity for zero. */
const exponentOf = ({ significand, exponent }: BigDecimal): number =>
  significand === 0n ? -Infinity : significand.toString().replace("-", "").length - 1 + exponent;

/** A value to so many digits, if it is a finite number of a size that can be handled. */
function known(value: BigDecimal): BigDecimal | undefined {
  step(20);
  if (value.isNaN() || !value.isFinite()) return undefined;
  if (value.isZero()) return value;
  const exponent = Math.abs(exponentOf(value));
  if (exponent > LARGEST) throw new TooLarge();
  extent = Math.max(extent, exponent);
  return value.toPrecision(digits);
}

/** A number of its parts; none where a part is none. */
function complex(re: BigDecimal, im: BigDecimal = ZERO): Digits | undefined {
  const [part, other] = [known(re), im.isZero() ? im : known(im)];
  if (part === undefined || other === undefined) return undefined;
  return other.isZero() ? { re: part } : { re: part, im: other };
}

function multiply(a: Digits, b: Digits): Digits | undefined {
  if (!a.im && !b.im) return complex(a.re.mul(b.re));
  const [p, q] = [a.im ?? ZERO, b.im ?? ZERO];
  return complex(a.re.mul(b.re).sub(p.mul(q)), a.re.mul(q).add(p.mul(b.re)));
}

const sizeOf = ({ re, im }: Digits): BigDecimal => (im ? re.mul(re).add(im.mul(im)).sqrt() : re.abs());

function divide(a: Digits, b: Digits): Digits | undefined {
  if (b.im) {
    const size = b.re.mul(b.re).add(b.im.mul(b.im));
    return multiply(a, { re: b.re.div(size), im: b.im.neg().div(size) });
  }
  return b.re.isZero() ? undefined : complex(a.re.div(b.re), a.im?.div(b.re));
}

function exp({ re, im }: Digits): Digits | undefined {
  if (Math.abs(re.toNumber()) > 2 * LARGEST) throw new TooLarge();
  const size = re.exp();
  return im ? complex(size.mul(im.cos()), size.mul(im.sin())) : complex(size);
}

function ln(value: Digits): Digits | undefined {
  if (value.re.isZero() && !value.im) return undefined;
  const isPositive = !value.im && value.re.isPositive();
  return complex(sizeOf(value).ln(), isPositive ? ZERO : BigDecimal.atan2(value.im ?? ZERO, value.re));
}

function power(base: Digits, exponent: Digits, exact?: PlainNumber): Digits | undefined {
  const [n, m] = [exponent.re.toNumber(), exponent.im?.toNumber() ?? 0];
  if (base.re.isZero() && !base.im) return n > 0 ? base : n === 0 ? { re: ONE } : undefined;
  if (Math.abs(exponentOf(sizeOf(base)) * Math.hypot(n, m)) > LARGEST || Math.abs(n) > 1e6) throw new TooLarge();
  if (!base.im && !exponent.im) {
    const isRoot = exact?.bottom === 2n && exact.top === 1n;
    if (isRoot) return base.re.isNegative() ? complex(ZERO, base.re.neg().sqrt()) : complex(base.re.sqrt());
    if (base.re.isPositive() || exact?.bottom === 1n) return complex(base.re.pow(exponent.re));
    // An odd root of a negative number is negative.
    if (exact && exact.bottom % 2n === 1n) {
      const value = base.re.neg().pow(exponent.re);
      return complex(exact.top % 2n === 0n ? value : value.neg());
    }
  }
  const logarithm = ln(base);
  const product = logarithm && multiply(exponent, logarithm);
  return product && exp(product);
}

const inverse = (value: BigDecimal): BigDecimal => (value.isZero() ? BigDecimal.NAN : ONE.div(value));

/** Functions of a real number. */
const REAL: Record<string, (x: BigDecimal) => BigDecimal> = {
  sin: (x) => x.sin(),
  cos: (x) => x.cos(),
  tan: (x) => x.tan(),
  cot: (x) => x.cos().div(x.sin()),
  sec: (x) => inverse(x.cos()),
  csc: (x) => inverse(x.sin()),
  arcsin: (x) => x.asin(),
  arccos: (x) => x.acos(),
  arctan: (x) => x.atan(),
  arccot: (x) => BigDecimal.PI.div(2).sub(x.atan()),
  sinh: (x) => x.sinh(),
  cosh: (x) => x.cosh(),
  tanh: (x) => x.tanh(),
  coth: (x) => inverse(x.tanh()),
  arcsinh: (x) => x.asinh(),
  arccosh: (x) => x.acosh(),
  arctanh: (x) => x.atanh(),
  floor: (x) => x.floor(),
  ceil: (x) => x.ceil(),
};

function call(name: string, value: Digits): Digits | undefined {
  if (name === "exp") return exp(value);
  if (name === "ln") return ln(value);
  if (name === "abs") return complex(sizeOf(value));
  if (name === "log" || name === "lg") {
    const natural = ln(value);
    return natural && divide(natural, { re: new BigDecimal(10).ln() });
  }
  const real = value.im ? undefined : REAL[name];
  return real && complex(real(value.re));
}

const engineArithmetic: Arithmetic<Digits> = {
  number({ top, bottom }) {
    extent = Math.max(extent, top.toString().length - 1, bottom.toString().length - 1);
    return { re: new BigDecimal(top).div(new BigDecimal(bottom)) };
  },
  constant(name) {
    if (name === "i") return { re: ZERO, im: ONE };
    return { re: name === "pi" ? BigDecimal.PI : ONE.exp() };
  },
  add: (a, b) => complex(a.re.add(b.re), a.im || b.im ? (a.im ?? ZERO).add(b.im ?? ZERO) : ZERO),
  multiply,
  divide,
  power,
  call,
  whole: ({ re, im }) => (!im && re.isInteger() && exponentOf(re) < 300 ? re.toBigInt() : undefined),
  compare: (a, b) => (a.im || b.im ? undefined : a.re.cmp(b.re)),
};

/**
 * Does the work with enough digits for the sizes that occur in it: `\sqrt{10^{80}+1}` and `10^{40}` differ in the 80th.
 *
 * @param work - is done once, or twice
 * @param use - is given what `work` found, and the power of ten below which a difference means nothing
 * @throws TooLarge
 */
export function withDigits<T, R>(work: (on: Arithmetic<Digits>) => T, use: (found: T, noise: number) => R): R {
  extent = 0;
  setDigits(DIGITS);
  try {
    let found = work(engineArithmetic);
    // Not the extent of the second round, in which a zero may show as a smaller remainder.
    const largest = extent;
    if (largest > USUAL) {
      setDigits(DIGITS + 2 * largest);
      found = work(engineArithmetic);
    }
    return use(found, largest - (digits - SPARE));
  } finally {
    setDigits(DIGITS);
  }
}

function setDigits(count: number): void {
  digits = count;
  BigDecimal.precision = count;
}

/** Whether two values agree, but for a difference below this power of ten. */
export const agree = (a: Digits, b: Digits, noise: number): boolean =>
  [a.re.sub(b.re), (a.im ?? ZERO).sub(b.im ?? ZERO)].every((difference) => exponentOf(difference) < noise);

/** Whether a computed value is real, but for what rounding leaves. */
export const isRealValue = ({ re, im }: Digits): boolean =>
  im === undefined || exponentOf(im) < Math.max(0, exponentOf(re)) - DIGITS / 2;

/** The digits of a real value, in ordinary spelling; `undefined` for a complex one. */
export const digitsOf = (value: Digits): string | undefined =>
  isRealValue(value) ? value.re.toString().replace(/[eE]\+?/, "e") : undefined;
