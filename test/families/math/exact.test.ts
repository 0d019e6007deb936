import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalNormals } from "../../../src/families/math/equal.js";
import { normalise } from "../../../src/families/math/normalise.js";
import { compareAtOnce } from "../../../src/families/math/same.js";

const r = String.raw;

function same(a: string, b: string): boolean | undefined {
  const [x, y] = [normalise(a), normalise(b)];
  return compareAtOnce(x, y) ?? equalNormals(x, y);
}

/** A formula of numbers with its value, told by whole-number arithmetic alone. */
interface Sum {
  text: string;
  top: bigint;
  bottom: bigint;
}

const leaf = fc.oneof(
  fc.bigInt({ min: 1n, max: 10n ** 25n }).map((n): Sum => ({ text: String(n), top: n, bottom: 1n })),
  fc
    .tuple(fc.bigInt({ min: 2n, max: 12n }), fc.integer({ min: 0, max: 300 }), fc.boolean())
    .map(([base, n, isPlain]): Sum => ({
      text: isPlain ? `${base}^${n}` : `${base}^{${n}}`,
      top: base ** BigInt(n),
      bottom: 1n,
    })),
  fc
    .tuple(fc.bigInt({ min: 1n, max: 999n }), fc.bigInt({ min: 1n, max: 999n }))
    .map(([top, bottom]): Sum => ({ text: r`\frac{${top}}{${bottom}}`, top, bottom })),
  fc.integer({ min: 1, max: 40 }).map((n): Sum => {
    let top = 1n;
    for (let i = 2n; i <= BigInt(n); i++) top *= i;
    return { text: `${n}!`, top, bottom: 1n };
  }),
);
const formula: fc.Arbitrary<Sum> = fc.letrec<{ tree: Sum }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.tuple(tie("tree"), tie("tree"), fc.constantFrom("+", "-", r`\cdot`, "*", "frac")).map(([a, b, sign]): Sum => {
      const text = sign === "frac" ? r`\frac{${a.text}}{(${b.text})+0}` : `(${a.text}) ${sign} (${b.text})`;
      if (sign === "frac") return b.top === 0n ? a : { text, top: a.top * b.bottom, bottom: a.bottom * b.top };
      if (sign === "+" || sign === "-") {
        const other = sign === "+" ? b.top : -b.top;
        return { text, top: a.top * b.bottom + other * a.bottom, bottom: a.bottom * b.bottom };
      }
      return { text, top: a.top * b.top, bottom: a.bottom * b.bottom };
    }),
  ),
})).tree;
const short = formula.filter(({ text }) => text.length < 250);
const written = ({ top, bottom }: Sum): string => r`\frac{${top}}{${bottom}}`;

describe("formulas of whole numbers", () => {
  it("have the value that whole-number arithmetic gives them, however large", () => {
    fc.assert(
      fc.property(short, (sum) => {
        fc.pre(written(sum).length <= 400);
        expect([sum.text, same(sum.text, written(sum))]).toEqual([sum.text, true]);
        expect(same(written(sum), sum.text)).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("are never the same as a value that differs, by however little", () => {
    fc.assert(
      fc.property(short, fc.integer({ min: 0, max: 90 }), fc.boolean(), (sum, size, isMore) => {
        const changed = `(${sum.text}) ${isMore ? "+" : "-"} 10^{-${size}}`;
        expect([changed, same(changed, sum.text)]).toEqual([changed, false]);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it("keep that verdict inside of roots and other functions", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n, max: 10n ** 12n }), fc.integer({ min: 0, max: 60 }), (n, size) => {
        for (const f of [r`\sqrt{@}`, r`\ln(@)`, r`\arctan(@)`, r`\frac{\pi}{@}`, r`@ \cdot \sqrt[3]{2}`]) {
          const [a, b] = [String(n), `${n} + 10^{-${size}}`].map((inside) => f.replace("@", `(${inside})`)) as [
            string,
            string,
          ];
          expect([a, b, same(a, b)]).toEqual([a, b, false]);
          expect(same(a, `${a} + 0`)).toBe(true);
        }
      }),
      { numRuns: 40, seed: 3 },
    );
  });
});

const term = fc.oneof(
  fc.constantFrom("x", "y", "2", "3", r`\pi`, r`\sqrt{2}`),
  fc.constantFrom("x^2", r`\sqrt{x}`, r`\sin x`, r`\ln x`, "e^x", r`\frac{1}{x}`, "|x|", "x y", r`\cos(x+y)`),
);
const polynomial = fc
  .array(fc.tuple(fc.constantFrom("+", "-"), fc.integer({ min: 1, max: 9 }), term, term), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) =>
    parts
      .map(([sign, n, a, b]) => `${sign} ${n} (${a})(${b})`)
      .join(" ")
      .replace(/^\+ /, ""),
  );

describe("formulas with names", () => {
  it("are the same as themselves in another order, and never the same once they are changed", () => {
    fc.assert(
      fc.property(polynomial, fc.constantFrom("+ 1", "- x", r`+ 10^{-12} x`, r`+ \sqrt{2}`), (f, change) => {
        expect([f, same(f, r`\frac{2 (${f})}{2}`)]).toEqual([f, true]);
        expect([f, change, same(f, `(${f}) ${change}`)]).toEqual([f, change, false]);
        expect(same(`(${f}) ${change}`, f)).toBe(false);
      }),
      { numRuns: 150, seed: 4 },
    );
  });
});

it.each([r`9^{9^{9}}`, r`10^{10^{10}}`, "1000000!", r`\binom{10^9}{10^8}`, r`\sum_{n=1}^{10^{12}} n`])(
  "%s is too large to be computed, and no verdict is made up",
  (text) => {
    expect(same(text, r`${text} + 1`)).toBeUndefined();
  },
);
