/*
 * The only file that computes. The engine's own equality works with a fixed small tolerance, which takes 10^-11 for 0 and
 * \sqrt{10^{40}+1} for 10^20; so values are computed to many digits here, at fixed places where there are variables, and
 * compared relative to their size. To be loaded in the worker only.
 */

import { type BoxedExpression, ComputeEngine, isNumber } from "@cortex-js/compute-engine";
import { type PlainNumber, parseNumber, rounds } from "./rational.js";
import { ROW_END } from "./spelling.js";

/**
 * Digits that values are computed to. Two values are one when they agree to `AGREE` of them: enough that an accident
 * is out of the question, while rounding may still cost a part.
 */
const DIGITS = 100;
const AGREE = 60;
/** Below this a computed value is zero and what rounding left of it. */
const ZERO = 1e-80;

/** One engine for the worker's life: loading it takes longer than hundreds of comparisons. */
const engine = new ComputeEngine();
engine.precision = DIGITS;

/** Where formulas with variables are compared: rational, of both signs, with no variable at the same place twice. */
const PLACES: readonly (readonly [number, number])[] = [
  [17, 13],
  [-29, 11],
  [7, 3],
  [41, 19],
  [-5, 23],
];
/** For formulas that are exact at whole numbers only. */
const WHOLE_PLACES: readonly (readonly [number, number])[] = [3, 5, 6, 8, 11].map((n) => [n, 1] as const);

/** A letter before a parenthesis is a factor, unless it is the usual name of a function. */
const toLatex = (formula: string): string =>
  formula.replaceAll(ROW_END, "\\\\").replace(/(?<![\\A-Za-z])([A-Zabcdj-z])(?=\()/g, "$1\\cdot ");

/**
 * A formula as the engine reads it; `undefined` where it has words, ellipses or syntax that the engine refuses. A formula
 * that is only partly understood must never be compared.
 */
function parse(formula: string): BoxedExpression | undefined {
  if (/["$]|\\(?:dots|begin\{(?!vmatrix))/.test(formula)) return;
  const expression = engine.parse(toLatex(formula));
  return expression.isValid ? expression : undefined;
}

/** Size as a machine number: enough to tell large from small, never to tell the same from different. */
const magnitude = (value: BoxedExpression): number => Math.hypot(value.re, value.im);

/** Whether two numeric values agree; `undefined` where neither is a finite number. */
function agree(a: BoxedExpression, b: BoxedExpression): boolean | undefined {
  const finite = [a, b].map((value) => isNumber(value) && value.isFinite === true);
  if (!finite[0] || !finite[1]) return finite[0] === finite[1] ? undefined : false;
  // Also the way out for two zeros, which have no ratio.
  if (a.isSame(b)) return true;
  const difference = engine.function("Subtract", [a, b]).N();
  const scale = magnitude(a) >= magnitude(b) ? a : b;
  if (magnitude(scale) < ZERO) return true;
  // Divided by the engine: as machine numbers, large values would overflow.
  return magnitude(engine.function("Divide", [difference, scale]).N()) < 10 ** -AGREE;
}

/** The formula's values at the places; variables get different places in each round. */
function valuesAt(formula: BoxedExpression, variables: readonly string[], whole: boolean): BoxedExpression[] {
  const places = whole ? WHOLE_PLACES : PLACES;
  return places.map((_, round) => {
    const at = variables.map((name, i) => {
      const [top, bottom] = places[(round + i) % places.length]!;
      // Beyond five variables the places repeat, so they are moved.
      return [name, engine.number([top + bottom * Math.floor(i / places.length), bottom])] as const;
    });
    return formula.subs(Object.fromEntries(at)).N();
  });
}

/** Names of both sides: a name that only one side has must matter. */
const variablesOf = (...formulas: BoxedExpression[]): string[] =>
  [...new Set(formulas.flatMap((formula) => formula.unknowns))].toSorted();

/** Names that a formula declares (a function, say) must not outlive the comparison. */
function scoped<T>(work: () => T): T {
  engine.pushScope();
  try {
    return work();
  } finally {
    engine.popScope();
  }
}

/** Whether two formulas are identically equal: they agree wherever they were computed, and at three places at least. */
export function sameFormula(left: string, right: string): boolean {
  if (left === right) return true;
  return scoped(() => {
    const [a, b] = [parse(left), parse(right)];
    if (!a || !b) return false;
    const variables = variablesOf(a, b);
    // Of what is not finite only infinity is an answer; 1/0 and 2/0 are none.
    const infinite = [left, right].every((text) => text.includes("\\infty"));
    if (variables.length === 0) return agree(a.N(), b.N()) ?? (infinite && a.isSame(b));
    // Factorials of fractions are computed with machine precision only.
    const whole = /!|\\binom/.test(left + right);
    const [va, vb] = [valuesAt(a, variables, whole), valuesAt(b, variables, whole)];
    const agreed = va.map((value, i) => agree(value, vb[i]!));
    // One place where they differ is proof; places where neither has a value say nothing.
    if (agreed.includes(false)) return false;
    // Where nothing could be computed (an unknown function), only the same structure is the same.
    return agreed.filter((said) => said === true).length >= 3 || a.isSame(b);
  });
}

/** Whether a formula without variables has this value, exactly or by the rule for rounded decimals. */
export function hasValue(formula: string, number: PlainNumber): boolean {
  return scoped(() => {
    const value = parse(formula)?.N();
    if (!value || !isNumber(value) || value.isFinite !== true || value.im !== 0) return false;
    // Powers of ten beyond this are not worth expanding.
    const digits = value.toString().replace(/[eE]\+?/, "e");
    if (Math.abs(Number(/e(-?\d+)$/.exec(digits)?.[1] ?? 0)) > 400) return false;
    const exact = parseNumber(digits);
    if (!exact) return false;
    const given = engine.number([number.top, number.bottom]).N();
    // Fewer digits are the whole value, and then only the whole value is the same.
    return agree(value, given) === true || (digits.length > AGREE && rounds(number, exact));
  });
}

/** Whether two equations hold for the same values: one side less the other is a constant multiple. */
export function sameEquation(left: readonly [string, string], right: readonly [string, string]): boolean {
  return scoped(() => {
    const [a, b, c, d] = [...left, ...right].map(parse);
    if (!a || !b || !c || !d) return false;
    const variables = variablesOf(a, b, c, d);
    // Without variables it is no equation but a claim, true or false.
    if (variables.length === 0) return false;
    const [p, q] = (
      [
        [a, b],
        [c, d],
      ] as const
    ).map((sides) => valuesAt(engine.function("Subtract", sides), variables, false)) as [
      BoxedExpression[],
      BoxedExpression[],
    ];
    // p / q is the same at all places when p(x) q(0) = q(x) p(0).
    const products = p.map((value, i) => [
      engine.function("Multiply", [value, q[0]!]).N(),
      engine.function("Multiply", [q[i]!, p[0]!]).N(),
    ]);
    const trivial = [p[0]!, q[0]!].some((value) => magnitude(value) < 10 ** -AGREE);
    return !trivial && products.every(([one, other]) => agree(one!, other!) === true);
  });
}
