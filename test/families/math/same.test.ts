import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CopeError } from "../../../src/errors.js";
import { compareAtOnce, createMathSame } from "../../../src/families/math/same.js";
import { normalise } from "../../../src/families/math/normalise.js";

const atOnce = (a: string, b: string) => compareAtOnce(normalise(a), normalise(b));

describe("comparing without the engine", () => {
  it("needs no worker for whole numbers, decimals, fractions and words", () => {
    const { same } = createMathSame();
    // A promise would mean that the worker was asked.
    expect([same("18", "18.0"), same("18", "$18"), same("1,234", "1234"), same("18 eggs", "18")]).toEqual(
      Array.from({ length: 4 }, () => true),
    );
    expect([same("18", "19"), same("0.5", "0.51"), same("1/3", "0.33"), same("Evelyn", "Maria")]).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });

  it("compares whole numbers of any size exactly", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), fc.integer({ min: 1, max: 9 }), (n, step) => {
        expect(atOnce(String(n), `${n}.00`)).toBe(true);
        expect(atOnce(String(n), String(n + BigInt(step)))).toBe(false);
      }),
    );
  });

  it("compares fractions by value", () => {
    const whole = fc.integer({ min: -10_000, max: 10_000 });
    const positive = fc.integer({ min: 1, max: 10_000 });
    fc.assert(
      fc.property(whole, positive, positive, (top, bottom, factor) => {
        expect(atOnce(`\\frac{${top}}{${bottom}}`, `${top * factor}/${bottom * factor}`)).toBe(true);
        expect(atOnce(`\\frac{${top}}{${bottom}}`, `\\frac{${top + 1}}{${bottom}}`)).toBe(false);
      }),
    );
  });
});

describe("what looks like a unit and is none", () => {
  const r = String.raw;
  it.each([
    ["5 million", "5000000"],
    [r`\$5 \text{ million}`, r`\$5,000,000`],
    [r`2.5 \text{ thousand dollars}`, "2500"],
    ["3 dozen eggs", "36"],
    ["5 square feet", r`5 \text{ feet squared}`],
  ])("%s is %s", async (a, b) => {
    const { same, close } = createMathSame();
    expect(await same(a, b)).toBe(true);
    await close();
  });

  it.each([
    ["5 million", "5"],
    ["3 dozen", "3"],
    ["5 squared", "5"],
    ["5 times x", "5"],
    ["5 below zero", "5"],
    ["3 over 4", "3"],
    [r`2 \text{ and a half}`, "2"],
    ["5 or more", "5"],
    ["at least 5", "5"],
    ["ACB", "ABC"],
    [r`\frac{1}{0}`, r`\frac{2}{0}`],
    [r`\infty`, r`-\infty`],
    [r`10^{-20}`, "0"],
    [r`\sqrt{10^{40}+1}`, r`10^{20}`],
    ["50 cents", r`\$0.50`],
    [r`-2^2`, "4"],
  ])("%s is not %s", async (a, b) => {
    const { same, close } = createMathSame();
    expect(await same(a, b)).toBe(false);
    await close();
  });
});

describe("createMathSame", () => {
  it("remembers a comparison, whichever way it is asked", async () => {
    const { same, close } = createMathSame();
    const first = same("\\sqrt{8}", "2\\sqrt{2}");
    expect(same("2\\sqrt{2}", "\\sqrt{8}")).toBe(first);
    expect(await first).toBe(true);
    await close();
  });

  it("compares again after close", async () => {
    const { same, close } = createMathSame();
    expect(await same("\\sqrt{12}", "2\\sqrt{3}")).toBe(true);
    await close();
    expect(await same("\\sqrt{18}", "3\\sqrt{2}")).toBe(true);
    await close();
  });

  it("takes values that are no strings as they print", () => {
    const { same } = createMathSame();
    expect([same(18, "18"), same(18, 19), same(null, null), same(null, 3)]).toEqual([true, false, true, false]);
  });

  it("takes answers beyond 400 characters for the same only when they are written alike", () => {
    const { same } = createMathSame();
    const long = "1".repeat(401);
    expect([same(long, long), same(long, `${long}.0`)]).toEqual([true, false]);
  });

  it("refuses options that make no sense, with a code", () => {
    expect(() => createMathSame({ timeLimitMs: -1 })).toThrow(CopeError);
  });

  it.each([
    ["even if it never closed", `console.log(await createMathSame().same("2(n+3)", "2n+6"));`, "true"],
    ["even if nothing was ever compared", `createMathSame().warm(); console.log("done");`, "done"],
  ])("does not keep a finished program alive, %s", (_what, use, printed) => {
    const source = new URL("../../../src/families/math/same.ts", import.meta.url).href;
    const program = `const { createMathSame } = await import(${JSON.stringify(source)});
      ${use}`;
    const done = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
      cwd: fileURLToPath(new URL("../../../", import.meta.url)),
      encoding: "utf8",
      timeout: 55_000,
    });
    expect([done.stdout.trim(), done.stderr, done.status]).toEqual([printed, "", 0]);
  });
});
