import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readExpression } from "../../../../src/environments/alfworld/pddl/expression.js";
import { factOf, Facts } from "../../../../src/environments/alfworld/pddl/facts.js";
import { readFormula } from "../../../../src/environments/alfworld/pddl/formula.js";
import { holds, solutions, type Bindings } from "../../../../src/environments/alfworld/pddl/solve.js";
import { objectsOf } from "../../../../src/environments/alfworld/pddl/typed.js";

const OBJECTS = [
  { name: "a", type: "t" },
  { name: "b", type: "t" },
  { name: "c", type: "below" },
  { name: "d", type: "u" },
];
const NAMES = OBJECTS.map(({ name }) => name);
const objects = objectsOf(OBJECTS, new Map([["below", "t"]]));
const VARIABLES = [
  { name: "?x", type: "t" },
  { name: "?y", type: "object" },
];

type Part = { text: string; true: (facts: Set<string>, bound: Bindings) => boolean };
const term = fc.constantFrom("?x", "?y", "?z", "a", "d");
const value = (name: string, bound: Bindings) => bound[name] ?? name;

/** Formulas with what they mean, said once more in the plainest way. */
const formula = fc.letrec<{ any: Part }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(term, term).map(([l, r]): Part => ({
      text: `(q ${l} ${r})`,
      true: (facts, bound) => facts.has(`q ${value(l, bound)} ${value(r, bound)}`),
    })),
    term.map((t): Part => ({ text: `(p ${t})`, true: (facts, bound) => facts.has(`p ${value(t, bound)}`) })),
    fc.tuple(term, term).map(([l, r]): Part => ({
      text: `(= ${l} ${r})`,
      true: (_, bound) => value(l, bound) === value(r, bound),
    })),
    tie("any").map((of): Part => ({ text: `(not ${of.text})`, true: (facts, bound) => !of.true(facts, bound) })),
    fc.tuple(fc.constantFrom("and", "or"), fc.array(tie("any"), { maxLength: 3 })).map(([kind, of]): Part => ({
      text: `(${kind} ${of.map(({ text }) => text).join(" ")})`,
      true: (facts, bound) =>
        kind === "and" ? of.every((part) => part.true(facts, bound)) : of.some((part) => part.true(facts, bound)),
    })),
    fc
      .tuple(fc.constantFrom("exists", "forall"), fc.constantFrom("?x", "?z"), tie("any"))
      .map(([kind, name, of]): Part => ({
        text: `(${kind} (${name} - t) ${of.text})`,
        true: (facts, bound) => {
          const ways = ["a", "b", "c"].map((object) => of.true(facts, { ...bound, [name]: object }));
          return kind === "exists" ? ways.includes(true) : !ways.includes(false);
        },
      })),
  ),
})).any;

const facts = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom(...NAMES).map((name) => factOf("p", [name])),
    fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)).map((args) => factOf("q", args)),
  ),
  { selector: ({ key }) => key },
);

describe("what makes a formula true", () => {
  it("is found completely and once, as by trying everything", () => {
    fc.assert(
      fc.property(formula, facts, (part, there) => {
        const world = { objects, facts: new Facts(there) };
        const keys = new Set(there.map(({ key }) => key));
        const read = readFormula(readExpression(part.text, "formula"));
        const bound = { "?z": "b" };
        const all = ["a", "b", "c"].flatMap((x) => NAMES.map((y) => ({ ...bound, "?x": x, "?y": y })));
        const expected = all.filter((way) => part.true(keys, way));
        const found = [...solutions(VARIABLES, read, bound, world)];
        const shown = (ways: readonly Bindings[]) => ways.map((way) => `${way["?x"]} ${way["?y"]}`).toSorted();
        expect(shown(found)).toEqual(shown(expected));
        for (const way of all) expect(holds(read, way, world)).toBe(part.true(keys, way));
      }),
      { numRuns: 300 },
    );
  });
});
