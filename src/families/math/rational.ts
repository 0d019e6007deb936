/*
 * Plain numbers, compared exactly by whole-number arithmetic: most answers of word problems end here, without the engine.
 * The one rule that is not exact, for rounded decimals, is `rounds`.
 */

/** An exact number as it was written. */
export interface PlainNumber {
  /** Numerator; carries the sign. */
  top: bigint;
  /** Denominator, positive. The fraction need not be in lowest terms. */
  bottom: bigint;
  /** Digits behind the decimal point, where the number is written with a point and finite; else absent. */
  decimals?: number;
  /** Digits from the first that is not 0, where `decimals` is there. */
  significant?: number;
}

/** Digits, point, repeating block, power of ten; all but one may be missing. */
const DECIMAL = /^(\d*)(?:\.(\d*))?(?:\\overline\{(\d+)\})?(?:(?:e|(?<=\.\d*)E|\\cdot10\^)\{?([+-]?\d{1,3})\}?)?$/;
/** `\frac{a}{b}` and `a/b`, of decimals. */
const QUOTIENT = /^(?:\\frac\{(.+?)\}\{(.+?)\}|([^/]+)\/([^/]+))$/;
/** `1\frac{3}{4}` and `1 3/4`. */
const MIXED = /^(\d+)(?: ?\\frac\{(\d+)\}\{(\d+)\}| (\d+)\/(\d+))$/;

/** Ten to a power that is not negative. */
const power = (exponent: number): bigint => 10n ** BigInt(exponent);

/** Reads `12`, `.5`, `0.1\overline{6}`, `2.5\cdot10^{-3}`, `4e3`, `1.5E-3`; no sign. */
function parseDecimal(text: string): PlainNumber | undefined {
  const match = DECIMAL.exec(text);
  const [, whole = "", part, repeat, exponent] = match ?? [];
  if (!match || whole + (part ?? "") + (repeat ?? "") === "" || (repeat !== undefined && part === undefined)) return;
  const decimals = part?.length ?? 0;
  let top = BigInt(whole + (part ?? "") || "0");
  let bottom = power(decimals);
  if (repeat !== undefined) {
    // 0.1666… = (16 - 1) / 90: the repeating block times 10^k, less what stands before it.
    const nines = power(repeat.length) - 1n;
    top = top * nines + BigInt(repeat);
    bottom *= nines;
  }
  if (exponent !== undefined) {
    const shift = Number(exponent);
    if (shift >= 0) top *= power(shift);
    else bottom *= power(-shift);
  }
  if (part === undefined || repeat !== undefined || exponent !== undefined) return { top, bottom };
  return { top, bottom, decimals, significant: (whole + part).replace(/^0+/, "").length };
}

/**
 * Reads a number without variables or roots: integer, decimal, fraction, mixed number, powers of ten.
 * @param text - normal form (see `normalise`), at most 400 characters.
 * @returns its exact value, or `undefined` when it is anything else.
 */
export function parseNumber(text: string): PlainNumber | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  const body = text.slice(sign.length);
  const value = parseDecimal(body) ?? parseMixed(body) ?? parseQuotient(body);
  return value && sign === "-" ? { ...value, top: -value.top } : value;
}

/** A whole number and a fraction side by side are their sum. */
function parseMixed(text: string): PlainNumber | undefined {
  const [, whole, top, bottom, slashTop, slashBottom] = MIXED.exec(text) ?? [];
  if (whole === undefined) return;
  const below = BigInt(bottom ?? slashBottom ?? "0");
  if (below === 0n) return;
  return { top: BigInt(whole) * below + BigInt(top ?? slashTop ?? "0"), bottom: below };
}

/** A fraction of two decimals, each with its sign. */
function parseQuotient(text: string): PlainNumber | undefined {
  const match = QUOTIENT.exec(text);
  if (!match) return;
  const [above, below] = [match[1] ?? match[3]!, match[2] ?? match[4]!].map((part) => {
    const negative = part.startsWith("-");
    const value = parseDecimal(negative ? part.slice(1) : part);
    return value && negative ? { ...value, top: -value.top } : value;
  });
  if (!above || !below || below.top === 0n) return;
  // A negative denominator hands its sign up.
  const flip = below.top < 0n ? -1n : 1n;
  return { top: flip * above.top * below.bottom, bottom: flip * above.bottom * below.top };
}

const absolute = (n: bigint): bigint => (n < 0n ? -n : n);

/** Whether the number has a finite decimal: no prime factor but 2 and 5 is left in its denominator. */
function isFinite({ top, bottom }: PlainNumber): boolean {
  // 10^k holds all factors 2 and 5 that a denominator of that many bits can have.
  return (absolute(top) * power(bottom.toString(2).length)) % bottom === 0n;
}

/** Fewest significant digits with which a rounded decimal stands for an exact value. */
const LEAST_SIGNIFICANT = 4;

/**
 * Whether `decimal` is the exact value rounded, or cut off, to its printed decimals, with at least four significant
 * digits. False for whole numbers. The caller makes sure that the exact value has no finite decimal.
 */
export function rounds(decimal: PlainNumber, exact: PlainNumber): boolean {
  if (!decimal.decimals || (decimal.significant ?? 0) < LEAST_SIGNIFICANT) return false;
  if (decimal.top < 0n !== exact.top < 0n) return false;
  const scaled = absolute(exact.top) * power(decimal.decimals);
  const cut = scaled / exact.bottom;
  const rounded = (2n * scaled + exact.bottom) / (2n * exact.bottom);
  const printed = absolute(decimal.top);
  return printed === cut || printed === rounded;
}

/** Whether two numbers are the same: exactly, or one is the other's decimal under the rule of `rounds`. */
export function sameNumber(a: PlainNumber, b: PlainNumber): boolean {
  if (a.top * b.bottom === b.top * a.bottom) return true;
  return (rounds(a, b) && !isFinite(b)) || (rounds(b, a) && !isFinite(a));
}
