/* Machine numbers: enough to see where a formula is real and to find places that deserve many digits; never a proof. */

import type { Arithmetic } from "./evaluate.js";
import type { PlainNumber } from "./rational.js";

/** A complex machine number. */
export interface Machine {
  re: number;
  im: number;
}

const real = (re: number): Machine => ({ re, im: 0 });

/** A fraction as a machine number; large ones keep their ratio. */
function toNumber({ top, bottom }: PlainNumber): number {
  const value = Number(top) / Number(bottom);
  if (!Number.isNaN(value)) return value;
  const shift = BigInt(Math.max(0, bottom.toString(2).length - 60));
  return Number(top >> shift) / Number(bottom >> shift);
}

const multiply = (a: Machine, b: Machine): Machine => ({
  re: a.re * b.re - a.im * b.im,
  im: a.im === 0 && b.im === 0 ? 0 : a.re * b.im + a.im * b.re,
});

function divide(a: Machine, b: Machine): Machine | undefined {
  if (b.im === 0) return b.re === 0 ? undefined : { re: a.re / b.re, im: a.im / b.re };
  const size = b.re * b.re + b.im * b.im;
  return multiply(a, { re: b.re / size, im: -b.im / size });
}

const exp = ({ re, im }: Machine): Machine =>
  im === 0 ? real(Math.exp(re)) : { re: Math.exp(re) * Math.cos(im), im: Math.exp(re) * Math.sin(im) };
const log = ({ re, im }: Machine): Machine | undefined =>
  re === 0 && im === 0
    ? undefined
    : { re: Math.log(Math.hypot(re, im)), im: im === 0 && re > 0 ? 0 : Math.atan2(im, re) };

function power(base: Machine, exponent: Machine, exact: PlainNumber | undefined): Machine | undefined {
  if (base.re === 0 && base.im === 0) return exponent.re > 0 ? real(0) : exponent.re === 0 ? real(1) : undefined;
  if (base.im === 0 && exponent.im === 0) {
    if (base.re > 0 || exact?.bottom === 1n) return real(base.re ** exponent.re);
    // An odd root of a negative number is negative.
    if (exact && exact.bottom % 2n === 1n) return real((-base.re) ** exponent.re * (exact.top % 2n === 0n ? 1 : -1));
  }
  const logarithm = log(base);
  return logarithm && exp(multiply(exponent, logarithm));
}

const REAL: Record<string, (x: number) => number> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  cot: (x) => 1 / Math.tan(x),
  sec: (x) => 1 / Math.cos(x),
  csc: (x) => 1 / Math.sin(x),
  arcsin: Math.asin,
  arccos: Math.acos,
  arctan: Math.atan,
  arccot: (x) => Math.PI / 2 - Math.atan(x),
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  coth: (x) => 1 / Math.tanh(x),
  arcsinh: Math.asinh,
  arccosh: Math.acosh,
  arctanh: Math.atanh,
  floor: Math.floor,
  ceil: Math.ceil,
};

function call(name: string, value: Machine): Machine | undefined {
  if (name === "exp") return exp(value);
  if (name === "ln") return log(value);
  if (name === "log" || name === "lg") {
    const natural = log(value);
    return natural && divide(natural, real(Math.LN10));
  }
  if (name === "abs") return real(Math.hypot(value.re, value.im));
  const result = value.im === 0 ? REAL[name]?.(value.re) : undefined;
  return result === undefined || Number.isNaN(result) ? undefined : real(result);
}

export const machineArithmetic: Arithmetic<Machine> = {
  number: (value) => real(toNumber(value)),
  constant: (name) => (name === "i" ? { re: 0, im: 1 } : real(name === "pi" ? Math.PI : Math.E)),
  add: (a, b) => ({ re: a.re + b.re, im: a.im + b.im }),
  multiply,
  divide,
  power,
  call,
  whole: ({ re, im }) => (im === 0 && Number.isSafeInteger(re) ? BigInt(re) : undefined),
  compare: (a, b) => (a.im === 0 && b.im === 0 ? a.re - b.re : undefined),
};

/** Whether a value is a finite number. */
export const isFiniteMachine = (value: Machine | undefined): value is Machine =>
  value !== undefined && Number.isFinite(value.re) && Number.isFinite(value.im);

/** Whether a value is real, but for what rounding leaves. */
export const isReal = ({ re, im }: Machine): boolean => Math.abs(im) <= 1e-9 * (1 + Math.abs(re));
