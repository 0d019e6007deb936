/*
 * One walk over a formula for every kind of arithmetic: exact fractions, machine numbers, and the engine's many digits.
 * Work is counted, so that a formula made to run for ever ends in "cannot be decided", at the same step on any machine.
 */

import type { Expression } from "./expression.js";
import type { PlainNumber } from "./rational.js";

/** Arithmetic on values of one kind. `undefined` is no value: a division by zero, say. */
export interface Arithmetic<T> {
  number(value: PlainNumber): T;
  constant(name: "pi" | "e" | "i"): T;
  add(a: T, b: T): T | undefined;
  multiply(a: T, b: T): T | undefined;
  divide(a: T, b: T): T | undefined;
  /** @param exact - the exponent as a fraction in lowest terms, where it is one: odd roots of negative numbers are real */
  power(base: T, exponent: T, exact: PlainNumber | undefined): T | undefined;
  call(name: string, argument: T): T | undefined;
  /** The value as a whole number, where it is one. */
  whole(value: T): bigint | undefined;
  /** Which of two real values is larger: positive, zero or negative. */
  compare(a: T, b: T): number | undefined;
}

/** The same arithmetic, in which a value that is not real is none. */
export function onReals<T>(on: Arithmetic<T>, isReal: (value: T) => boolean): Arithmetic<T> {
  const real = (value: T | undefined): T | undefined => (value !== undefined && isReal(value) ? value : undefined);
  return {
    ...on,
    power: (base, exponent, exact) => real(on.power(base, exponent, exact)),
    call: (name, argument) => real(on.call(name, argument)),
  };
}

/** Thrown where a computation would take too much time or room. Such a comparison can say neither yes nor no. */
export class TooLarge extends Error {
  override name = "TooLarge";
}

/** Thrown where a comparison has used up its steps, at whatever place. */
export class OutOfSteps extends TooLarge {
  override name = "OutOfSteps";
}

/** Operations of one comparison; far more than any answer takes. */
const STEPS = 100_000;
let steps = 0;

/** Begins the count of a comparison. */
export function restart(): void {
  steps = 0;
}

/** @throws OutOfSteps where a comparison has taken more than it may */
export function step(cost = 1): void {
  steps += cost;
  if (steps > STEPS) throw new OutOfSteps();
}

/** The values that names stand for. */
export type Places = ReadonlyMap<string, PlainNumber>;

/** Finds an exponent's exact value; empty where it has none. Handed in, so that exact arithmetic may use the walk itself. */
type Exactly = (tree: Expression, places: Places) => PlainNumber | undefined;

/**
 * The value of a formula at a place.
 *
 * @returns `undefined` where it has none
 * @throws TooLarge
 */
export function evaluate<T>(tree: Expression, places: Places, on: Arithmetic<T>, exactly: Exactly): T | undefined {
  step();
  const inner = (part: Expression, at = places): T | undefined => evaluate(part, at, on, exactly);
  switch (tree.kind) {
    case "number":
      return on.number(tree.value);
    case "constant":
      return on.constant(tree.name);
    case "name": {
      const value = places.get(tree.name);
      return value && on.number(value);
    }
    case "matrix":
      return undefined;
    case "repeat": {
      const [from, to] = [tree.from, tree.to].map((end) => {
        const value = inner(end);
        return value === undefined ? undefined : on.whole(value);
      });
      if (from === undefined || to === undefined) return undefined;
      let total: T | undefined = on.number({ top: tree.name === "add" ? 0n : 1n, bottom: 1n });
      for (let at = from; at <= to && total !== undefined; at++) {
        step(5);
        const value = inner(tree.body, new Map([...places, [tree.index, { top: at, bottom: 1n }]]));
        total = value === undefined ? undefined : on[tree.name](total, value);
      }
      return total;
    }
    case "call": {
      const args = tree.args.map((arg) => inner(arg));
      if (!args.every((arg) => arg !== undefined)) return undefined;
      return apply(tree, args, on, () => exactly(tree.args[1]!, places));
    }
  }
}

function apply<T>(
  { name, args: { length } }: Expression & { kind: "call" },
  args: T[],
  on: Arithmetic<T>,
  exponent: () => PlainNumber | undefined,
): T | undefined {
  const [a, b] = args as [T, T];
  switch (name) {
    case "add":
    case "multiply":
    case "divide":
      return on[name](a, b);
    case "power":
      return on.power(a, b, exponent());
    case "factorial": {
      const n = on.whole(a);
      return n === undefined || n < 0n ? undefined : on.number(exactProduct(1n, n));
    }
    case "binom": {
      const [n, k] = [on.whole(a), on.whole(b)];
      if (n === undefined || k === undefined || k < 0n || n < 0n) return undefined;
      if (k > n) return on.number({ top: 0n, bottom: 1n });
      const few = k < n - k ? k : n - k;
      return on.number({ top: exactProduct(n - few + 1n, n).top / exactProduct(1n, few).top, bottom: 1n });
    }
    case "gcd":
    case "lcm":
    case "mod": {
      const wholes = args.map((arg) => on.whole(arg));
      if (!wholes.every((n) => n !== undefined)) return undefined;
      const value = wholes.reduce((x, y) => combine(name, x, y));
      return on.number({ top: value, bottom: 1n });
    }
    case "min":
    case "max":
      return args.reduce<T | undefined>((best, arg) => {
        const order = best === undefined ? undefined : on.compare(arg, best);
        if (order === undefined) return undefined;
        return order < 0 === (name === "min") ? arg : best;
      }, a);
    default:
      return length === 1 ? on.call(name, a) : undefined;
  }
}

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
};

function combine(name: "gcd" | "lcm" | "mod", a: bigint, b: bigint): bigint {
  if (name === "gcd") return gcd(a, b);
  if (b === 0n) return 0n;
  return name === "lcm" ? (a / gcd(a, b)) * b : ((a % b) + b) % b;
}

/** `from` times the numbers up to `to`. */
function exactProduct(from: bigint, to: bigint): PlainNumber {
  if (to - from > 5_000n || to.toString().length > 300) throw new TooLarge();
  let product = 1n;
  for (let n = from; n <= to; n++) product *= n;
  step(Number(to - from + 1n) / 10);
  return { top: product, bottom: 1n };
}
