/* Matrices of formulas: sums, products, powers, determinants are carried out on their entries. */

import { step, TooLarge } from "./evaluate.js";
import { type Expression, mentions } from "./expression.js";

/** Rows of entries. */
export type Entries = readonly (readonly Expression[])[];

const call = (name: string, ...args: Expression[]): Expression => ({ kind: "call", name, args });
const number = (n: bigint): Expression => ({ kind: "number", value: { top: n, bottom: 1n } });
/** A matrix has no value where a number is needed. */
class NoMatrix extends Error {}
const fail = (): never => {
  throw new NoMatrix();
};

const isMatrix = (part: Expression): boolean => part.kind === "matrix";
const isScalar = (a: Entries | Expression): a is Expression => !Array.isArray(a);
const map = (a: Entries, change: (entry: Expression) => Expression): Entries => a.map((row) => row.map(change));

function add(a: Entries, b: Entries): Entries {
  if (a.length !== b.length || a[0]!.length !== b[0]!.length) fail();
  return a.map((row, i) => row.map((entry, j) => call("add", entry, b[i]![j]!)));
}

function multiply(a: Entries, b: Entries): Entries {
  if (a[0]!.length !== b.length) fail();
  step(a.length * b.length * b[0]!.length);
  return a.map((row) =>
    b[0]!.map((_, j) => row.map((entry, k) => call("multiply", entry, b[k]![j]!)).reduce((x, y) => call("add", x, y))),
  );
}

/** By the first row; more than four rows nobody writes as an answer. */
function determinant(a: Entries): Expression {
  if (a.length !== a[0]!.length) fail();
  if (a.length > 4) throw new TooLarge();
  if (a.length === 1) return a[0]![0]!;
  return a[0]!
    .map((entry, j) => {
      const minor = determinant(a.slice(1).map((row) => row.filter((_, column) => column !== j)));
      return call("multiply", number(j % 2 === 0 ? 1n : -1n), call("multiply", entry, minor));
    })
    .reduce((x, y) => call("add", x, y));
}

/** A small whole exponent; an inverse only of two rows. */
function power(a: Entries, exponent: Expression): Entries {
  const isNegative = exponent.kind === "call" && exponent.name === "multiply";
  const size = isNegative ? exponent.args[1]! : exponent;
  if (size.kind !== "number" || size.value.bottom !== 1n || size.value.top < 1n || size.value.top > 12n) return fail();
  if (a.length !== a[0]!.length) return fail();
  const base = isNegative ? inverse(a) : a;
  let result = base;
  for (let n = 1n; n < size.value.top; n++) result = multiply(result, base);
  return result;
}

function inverse(a: Entries): Entries {
  if (a.length !== 2) return fail();
  const [[p, q], [u, v]] = a as unknown as [[Expression, Expression], [Expression, Expression]];
  const by = determinant(a);
  const minus = (x: Expression): Expression => call("multiply", number(-1n), x);
  return map(
    [
      [v, minus(q)],
      [minus(u), p],
    ],
    (entry) => call("divide", entry, by),
  );
}

function work(tree: Expression): Entries | Expression {
  if (tree.kind === "matrix") return tree.rows;
  if (tree.kind !== "call" || !mentions(tree, isMatrix)) return mentions(tree, isMatrix) ? fail() : tree;
  const [a, b] = tree.args.map(work) as [Entries | Expression, Entries | Expression];
  if (tree.args.length === 1) {
    if (isScalar(a)) return call(tree.name, a);
    if (tree.name === "det" || tree.name === "abs") return determinant(a);
    return tree.name === "transpose" ? a[0]!.map((_, j) => a.map((row) => row[j]!)) : fail();
  }
  if (isScalar(a) && isScalar(b)) return call(tree.name, a, b);
  switch (tree.name) {
    case "add":
      return isScalar(a) || isScalar(b) ? fail() : add(a, b);
    case "multiply":
      if (isScalar(a)) return map(b as Entries, (entry) => call("multiply", a, entry));
      return isScalar(b) ? map(a, (entry) => call("multiply", b, entry)) : multiply(a, b);
    case "divide":
      return !isScalar(a) && isScalar(b) ? map(a, (entry) => call("divide", entry, b)) : fail();
    case "power":
      return !isScalar(a) && isScalar(b) ? power(a, b) : fail();
    default:
      return fail();
  }
}

/**
 * A formula with its matrices worked out.
 *
 * @returns its entries where it is a matrix, the formula without matrices where it is a number, `undefined` where it is neither
 * @throws TooLarge
 */
export function workOut(tree: Expression): { entries: Entries } | { number: Expression } | undefined {
  try {
    const result = work(tree);
    return isScalar(result) ? { number: result } : { entries: result };
  } catch (error) {
    if (error instanceof NoMatrix) return undefined;
    throw error;
  }
}
