import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/families/choice/canonical.js";
import { unmet } from "../../../src/families/choice/unmet.js";

const names = fc.constantFrom("a", "b");
const small = fc.integer({ min: -1, max: 3 });
const leaf = fc.oneof(small, fc.constantFrom("", "x", "long"), fc.boolean(), fc.constant(null));
const type = fc.constantFrom("string", "number", "integer", "boolean", "null", "array", "object");

/** Schemas of all that `unmet` looks at, small enough to contradict themselves often. */
const { schema } = fc.letrec<{ schema: JsonObject | boolean; object: JsonObject }>((tie) => ({
  schema: fc.oneof({ maxDepth: 2 }, fc.boolean(), tie("object")),
  object: fc.record(
    {
      type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })),
      minimum: small,
      maximum: small,
      exclusiveMinimum: small,
      exclusiveMaximum: small,
      minLength: fc.nat(3),
      maxLength: fc.nat(3),
      enum: fc.uniqueArray(leaf, { minLength: 1, maxLength: 3 }),
      const: leaf,
      required: fc.uniqueArray(names, { maxLength: 2 }),
      properties: fc.dictionary(names, tie("schema"), { maxKeys: 2 }),
      additionalProperties: tie("schema"),
      allOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      anyOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      oneOf: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      $ref: fc.constantFrom("#/$defs/one", "#/$defs/two"),
    },
    { requiredKeys: [] },
  ) as unknown as fc.Arbitrary<JsonObject>,
}));
const value = fc.oneof(
  fc.dictionary(names, fc.oneof(leaf, fc.dictionary(names, leaf), fc.constant([]))),
  fc.array(leaf, { maxLength: 2 }),
);

describe("a schema that no value can meet", () => {
  it("is never one that some value does meet", () => {
    // One for all: its keywords are compiled once.
    const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false });
    let met = 0;
    const property = fc.property(
      schema,
      schema,
      schema,
      fc.array(value, { minLength: 20, maxLength: 20 }),
      (root, one, two, values) => {
        const whole = { ...(typeof root === "boolean" ? { allOf: [root] } : root), $defs: { one, two } } as JsonObject;
        const check = ajv.compile(whole);
        const isMet = values.some((candidate) => {
          try {
            return check(candidate) as boolean;
          } catch {
            // It refers to itself without end.
            return false;
          }
        });
        met += isMet ? 1 : 0;
        const said = unmet(whole, ["object", "array"]);
        expect(isMet && said).toBe(isMet ? undefined : false);
      },
    );
    fc.assert(property, { numRuns: 120 });
    expect(met).toBeGreaterThan(8);
  });
});
