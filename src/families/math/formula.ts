/*
 * When two formulas are the same: both are computed at fixed places, exactly where they are fractions, else to many
 * digits. Machine numbers only tell where a formula is real and which places deserve a closer look.
 */

import { agree, digitsOf, isRealValue, withDigits } from "./engine.js";
import { evaluate, onReals, OutOfSteps, type Places, restart, step, TooLarge } from "./evaluate.js";
import { type Exact, exactReal, exactValue, sameExact } from "./exact.js";
import { type Expression, mentions, namesOf, parseExpression } from "./expression.js";
import { isFiniteMachine, isReal, type Machine, machineArithmetic } from "./machine.js";
import { type Entries, workOut } from "./matrix.js";
import { type PlainNumber, parseNumber, rounds, sameNumber } from "./rational.js";

/** A verdict; `undefined` where a computation would have taken too much. */
export type Verdict = boolean | undefined;

/** Both, as far as it is known: one no decides, and one unknown leaves open what no other decides. */
export function every<T>(items: readonly T[], said: (item: T, i: number) => Verdict): Verdict {
  let all: Verdict = true;
  for (const [i, item] of items.entries()) {
    const one = said(item, i);
    if (one === false) return false;
    if (one === undefined) all = undefined;
  }
  return all;
}

/** Runs a comparison; what is too large to compute is unknown. */
function decide(work: () => boolean): Verdict {
  restart();
  try {
    return work();
  } catch (error) {
    if (error instanceof TooLarge || error instanceof RangeError) return undefined;
    throw error;
  }
}

const NOWHERE: Places = new Map();

/** Whether two formulas agree at a place, by as many digits as it takes; `undefined` where one has no value there. */
function agreeAt(a: Expression, b: Expression, places: Places): boolean | undefined {
  const [exactA, exactB] = [exactValue(a, places), exactValue(b, places)];
  if (exactA === undefined || exactB === undefined) return undefined;
  if (exactA !== "irrational" && exactB !== "irrational") return sameExact(exactA, exactB);
  return withDigits(
    (on) => [a, b].map((tree) => evaluate(tree, places, on, exactReal)),
    ([x, y], noise) => (x === undefined || y === undefined ? undefined : agree(x, y, noise)),
  );
}

/** Sizes of values in the rounds below; each has a share of rounds, for formulas that are real only somewhere. */
const RANGES: readonly { rounds: number; value: (n: number) => PlainNumber }[] = [
  // About 1 to 4, all positive.
  { rounds: 6, value: (n) => ({ top: BigInt(101 + ((n * 37) % 300)), bottom: 97n }) },
  // Below 0.6 on both sides of zero.
  { rounds: 6, value: (n) => ({ top: BigInt(((n * 53) % 120) - 59), bottom: 103n }) },
  // Up to 5 on both sides.
  { rounds: 6, value: (n) => ({ top: BigInt(((n * 211) % 1_000) - 499), bottom: 101n }) },
  // Up to 1000 on both sides.
  { rounds: 4, value: (n) => ({ top: BigInt(((n * 7_919) % 20_000) - 9_999), bottom: 11n }) },
  // Large ones of one sign.
  { rounds: 3, value: (n) => ({ top: BigInt(20_011 + ((n * 4_001) % 50_000)), bottom: 13n }) },
];

/** Places for these names: no two names at the same value in a round. */
function* roundsFor(names: readonly string[]): Generator<Places> {
  let seed = 1;
  for (const { rounds: count, value } of RANGES) {
    for (let round = 0; round < count; round++) {
      yield new Map(names.map((name) => [name, value(seed++)]));
    }
  }
}

/** Whole numbers, for formulas that have values there only. */
function* wholeRounds(names: readonly string[]): Generator<Places> {
  for (const start of [3n, 4n, 6n, 9n, 11n, 2n]) {
    yield new Map(names.map((name, i) => [name, { top: start + BigInt(i * 2 + (i % 2)), bottom: 1n }]));
  }
}

/** Places looked at closely, and places at least that must agree. */
const CLOSE = 5;
const ENOUGH = 3;

const machineReals = onReals(machineArithmetic, (value) => !isFiniteMachine(value) || isReal(value));

const machineAt = (tree: Expression, places: Places, complex = false): Machine | undefined => {
  const value = evaluate(tree, places, complex ? machineArithmetic : machineReals, exactReal);
  return isFiniteMachine(value) ? value : undefined;
};

/** Values that are too large at one place may be small enough at others. */
function smaller<T>(work: () => T): T | "too large" {
  try {
    return work();
  } catch (error) {
    if (error instanceof TooLarge && !(error instanceof OutOfSteps)) return "too large";
    throw error;
  }
}

/** What the rounds say: one formula is real where the other is not, or the places at which both have values. */
function look(a: Expression, b: Expression, all: Iterable<Places>, complex: boolean): "apart" | Places[] {
  const doubtful: Places[] = [];
  const usual: Places[] = [];
  for (const places of all) {
    const found = smaller(() => [machineAt(a, places, complex), machineAt(b, places, complex)] as const);
    if (found === "too large") continue;
    const [x, y] = found;
    if (x === undefined || y === undefined) {
      // Machine numbers run over and under, so a gap is confirmed with many digits.
      if (x !== y && smaller(() => hasValueAt(a, places, complex) !== hasValueAt(b, places, complex)) === true) {
        return "apart";
      }
      continue;
    }
    const difference = Math.hypot(x.re - y.re, x.im - y.im);
    const scale = Math.hypot(x.re, x.im) + Math.hypot(y.re, y.im) + 1e-9;
    (difference > 1e-6 * scale ? doubtful : usual).push(places);
  }
  return [...doubtful, ...spread(usual)];
}

/** Whether a formula has a value at a place, by many digits. */
const hasValueAt = (tree: Expression, places: Places, complex: boolean): boolean =>
  withDigits(
    (on) => evaluate(tree, places, complex ? on : onReals(on, isRealValue), exactReal),
    (value) => value !== undefined,
  );

/** The same items, in an order in which the first few come from all over. */
const spread = <T>(items: readonly T[]): T[] => {
  const stride = items.length % 7 === 0 ? 5 : 7;
  return items.map((_, i) => items[(i * stride) % items.length]!);
};

const isImaginary = (part: Expression): boolean => part.kind === "constant" && part.name === "i";
const needsWhole = (part: Expression): boolean =>
  part.kind === "repeat" || (part.kind === "call" && /^(?:factorial|binom|gcd|lcm|mod)$/.test(part.name));

/** Whether two formulas without matrices are equal wherever both are real, and real at the same places. */
function sameTrees(a: Expression, b: Expression): boolean {
  const names = [...new Set([...namesOf(a), ...namesOf(b)])].toSorted();
  if (names.length === 0) return agreeAt(a, b, NOWHERE) === true;
  const complex = mentions(a, isImaginary) || mentions(b, isImaginary);
  const whole = mentions(a, needsWhole) || mentions(b, needsWhole);
  let tooLarge = false;
  for (const [everywhere, all] of [
    [complex, whole ? wholeRounds(names) : roundsFor(names)],
    // `(-1)^n` is real at whole numbers only.
    ...(whole ? [] : [[complex, wholeRounds(names)] as const]),
    // Nowhere real, so compared as complex numbers.
    ...(complex ? [] : [[true, roundsFor(names)] as const]),
  ] as const) {
    const places = look(a, b, all, everywhere);
    if (places === "apart") return false;
    const said = places.slice(0, CLOSE).map((place) => smaller(() => agreeAt(a, b, place)));
    if (said.includes(false)) return false;
    if (said.filter((one) => one === true).length >= ENOUGH) return true;
    tooLarge ||= said.includes("too large");
  }
  if (tooLarge) throw new TooLarge();
  return false;
}

function sameEntries(a: Entries, b: Entries): boolean {
  return (
    a.length === b.length &&
    a.every((row, i) => row.length === b[i]!.length && row.every((entry, j) => sameTrees(entry, b[i]![j]!)))
  );
}

/** Whether two formulas are identically equal on one and the same domain, single points aside. */
export function sameFormula(left: string, right: string): Verdict {
  if (left === right) return true;
  const [a, b] = [parseExpression(left), parseExpression(right)];
  if (!a || !b) return false;
  return decide(() => {
    const [x, y] = [workOut(a), workOut(b)];
    if (!x || !y) return false;
    if ("entries" in x) return "entries" in y && sameEntries(x.entries, y.entries);
    return "number" in y && sameTrees(x.number, y.number);
  });
}

/** Whether a formula has this value, exactly or by the rule for rounded decimals. */
export function hasValue(formula: string, number: PlainNumber): Verdict {
  const tree = parseExpression(formula);
  if (!tree) return false;
  return decide(() => {
    const worked = workOut(tree);
    if (!worked || !("number" in worked)) return false;
    const constant = worked.number;
    if (namesOf(constant).size > 0) return sameTrees(constant, { kind: "number", value: number });
    const exact = exactValue(constant, NOWHERE);
    if (exact === undefined) return false;
    if (exact !== "irrational") return isRealExact(exact) && sameNumber(number, exact.re);
    return withDigits(
      (on) => [evaluate(constant, NOWHERE, on, exactReal), on.number(number)] as const,
      ([value, written], noise) => {
        if (value === undefined || written === undefined) return false;
        if (agree(value, written, noise)) return true;
        const digits = digitsOf(value);
        const decimal = digits === undefined ? undefined : parseNumber(digits);
        return decimal !== undefined && rounds(number, decimal);
      },
    );
  });
}

const isRealExact = ({ im }: Exact): boolean => im.top === 0n;

/** The linear formula `slope x + offset` in one name, where it is one with fractions for both. */
export function linearIn(formula: string): { name: string; slope: PlainNumber; offset: PlainNumber } | undefined {
  const tree = parseExpression(formula);
  const names = tree && [...namesOf(tree)];
  if (!tree || names?.length !== 1) return undefined;
  const name = names[0]!;
  const at = (n: bigint): PlainNumber | undefined => exactReal(tree, new Map([[name, { top: n, bottom: 1n }]]));
  let line: { name: string; slope: PlainNumber; offset: PlainNumber } | undefined;
  decide(() => {
    const [zero, one, ...others] = [0n, 1n, 2n, -3n, 7n, 100n].map(at);
    if (!zero || !one || others.includes(undefined)) return false;
    const slope = { top: one.top * zero.bottom - zero.top * one.bottom, bottom: one.bottom * zero.bottom };
    const isLine = [2n, -3n, 7n, 100n].every((n, i) => {
      const value = others[i]!;
      const top = slope.top * n * zero.bottom + zero.top * slope.bottom;
      return value.top * slope.bottom * zero.bottom === top * value.bottom;
    });
    if (isLine && slope.top !== 0n) line = { name, slope, offset: zero };
    return isLine;
  });
  return line;
}

/**
 * Whether two differences are a constant multiple of each other.
 *
 * @returns the multiple's sign, 0 where they are not, `undefined` where that cannot be decided
 */
export function multipleOf(left: readonly [string, string], right: readonly [string, string]): 1 | -1 | 0 | undefined {
  const trees = [...left, ...right].map(parseExpression);
  if (!trees.every((tree) => tree !== undefined)) return 0;
  const [a, b, c, d] = trees as [Expression, Expression, Expression, Expression];
  const minus = (x: Expression, y: Expression): Expression => ({
    kind: "call",
    name: "add",
    args: [x, { kind: "call", name: "multiply", args: [{ kind: "number", value: { top: -1n, bottom: 1n } }, y] }],
  });
  const [p, q] = [minus(a, b), minus(c, d)];
  const names = [...new Set([...namesOf(p), ...namesOf(q)])].toSorted();
  // Without names it is no equation but a claim, true or false.
  if (names.length === 0) return 0;
  let sign: 1 | -1 | 0 = 0;
  const verdict = decide(() => {
    // p / q is the same everywhere: p(x) q(0) = q(x) p(0), as one formula of x.
    for (const places of roundsFor(names)) {
      step();
      const [x, y] = [machineAt(p, places), machineAt(q, places)];
      if (!x || !y || !isReal(x) || !isReal(y) || Math.abs(x.re) < 1e-12 || Math.abs(y.re) < 1e-12) continue;
      const fixed = new Map(names.map((name) => [name, { kind: "number", value: places.get(name)! } as Expression]));
      const [p0, q0] = [substitute(p, fixed), substitute(q, fixed)];
      const times = (one: Expression, other: Expression): Expression => ({
        kind: "call",
        name: "multiply",
        args: [one, other],
      });
      if (!sameTrees(times(p, q0), times(q, p0))) return false;
      sign = x.re > 0 === y.re > 0 ? 1 : -1;
      return true;
    }
    return false;
  });
  return verdict === undefined ? undefined : sign;
}

function substitute(tree: Expression, by: ReadonlyMap<string, Expression>): Expression {
  switch (tree.kind) {
    case "name":
      return by.get(tree.name) ?? tree;
    case "call":
      return { ...tree, args: tree.args.map((arg) => substitute(arg, by)) };
    default:
      return tree;
  }
}
