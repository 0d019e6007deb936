import * as fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { readMath } from "../../../src/families/math/read.js";
import { createMathSame } from "../../../src/families/math/same.js";

const { same, close } = createMathSame({ timeLimitMs: 1_000 });
afterAll(close);

const r = String.raw;
const number = fc.oneof(
  fc.integer({ min: -50, max: 2_000 }).map(String),
  fc.constantFrom(
    "1,250",
    "0.75",
    ".5",
    "3/4",
    r`\frac{3}{4}`,
    r`\frac12`,
    "12%",
    r`\$5`,
    "$5",
    "1e3",
    "7_8",
    "−3",
    "½",
  ),
);
const term = fc.oneof(
  number,
  fc.constantFrom("x", "2k", r`\pi`, r`\sqrt{2}`, r`\infty`, "i", r`\sin x`, r`\text{ cm}`, r`^\circ`, "e^x", r`\pm 2`),
);
const glue = fc.constantFrom(
  "",
  " ",
  "+",
  " - ",
  "*",
  "/",
  "^",
  "_",
  ", ",
  " = ",
  " < ",
  r` \cup `,
  " and ",
  r` \\ `,
  "&",
  ":",
  "!",
);
const formula = fc.array(fc.tuple(term, glue), { minLength: 1, maxLength: 5 }).map((parts) => parts.flat().join(""));
const wrapped = fc
  .tuple(
    formula,
    fc.constantFrom("", "(|)", "[|)", r`\{|\}`, "$|$", r`\frac{|}{2}`, r`\sqrt{|}`, r`\text{|}`, "{|", "|}"),
  )
  .map(([inside, frame]) => (frame.includes("|") ? frame.replace("|", () => inside) : inside));
const closing = fc
  .tuple(
    wrapped,
    fc.constantFrom(
      r`\boxed{@}`,
      r`\boxed{@`,
      "The answer is @.",
      "Answer: @",
      "#### @",
      "**@**",
      "so $x = @$.",
      "@ eggs.",
      r`\[@\]`,
      "@",
    ),
  )
  .map(([answer, frame]) => frame.replace("@", () => answer));
const prose = fc.oneof(
  fc.lorem({ maxCount: 12 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
  formula,
  fc.constant("## Step 2:\n"),
);
/** A model's output: some prose, one or two closings, now and then cut off. */
const output = fc
  .tuple(fc.array(prose, { maxLength: 4 }), fc.array(closing, { minLength: 1, maxLength: 2 }), fc.nat({ max: 20 }))
  .map(([before, ends, cut]) => [...before, ...ends].join("\n").slice(0, cut < 3 ? -1 - cut : undefined));

it("2,000 generated outputs are read and compared without an error, each the same as itself, both ways alike", async () => {
  const values: string[] = [];
  for (const text of fc.sample(output, { numRuns: 2_000, seed: 20_260 })) {
    const reading = readMath(text);
    if (!reading) continue;
    expect(reading.value.trim()).not.toBe("");
    expect(["box", "sentence", "number"]).toContain(reading.by);
    expect(await same(reading.value, reading.value)).toBe(true);
    values.push(reading.value);
  }
  // The generator is worth something only if most of it can be read.
  expect(values.length).toBeGreaterThan(1_000);
  for (let i = 1; i < values.length; i++) {
    const [a, b] = [values[i - 1]!, values[i]!];
    expect(await same(a, b)).toBe(await same(b, a));
  }
}, 120_000);
