import { tool } from "@langchain/core/tools";
import { expect, it } from "vitest";
import { z } from "zod";
import * as z3 from "zod/v3";
import { validCalls } from "../../src/families/action/calls.js";
import { inputSchema } from "../../src/models/input-schema.js";
import { toolSpecs } from "../../src/models/tool-specs.js";

/** Schema, arguments, whether zod takes them, and what votes see of them. */
const CASES: [name: string, schema: z.ZodType | z3.ZodTypeAny, args: object, meant: object][] = [
  ["an unknown field", z.object({ a: z.number() }), { a: 1, b: 2 }, { a: 1 }],
  ["an unknown field within", z.object({ o: z.object({ a: z.number() }) }), { o: { a: 1, b: 2 } }, { o: { a: 1 } }],
  [
    "an unknown field in a list",
    z.object({ l: z.array(z.object({ a: z.number() })) }),
    { l: [{ a: 1, b: 2 }] },
    { l: [{ a: 1 }] },
  ],
  ["a loose object", z.looseObject({ a: z.number() }), { a: 1, b: 2 }, { a: 1, b: 2 }],
  ["a record", z.object({ r: z.record(z.string(), z.number()) }), { r: { x: 1, y: 2 } }, { r: { x: 1, y: 2 } }],
  ["a default left out", z.object({ a: z.string().default("x") }), {}, { a: "x" }],
  ["a coerced number", z.object({ a: z.coerce.number() }), { a: "5" }, { a: "5" }],
  ["a caught value left out", z.object({ a: z.number().catch(3) }), {}, {}],
  ["a date", z.object({ a: z.coerce.date() }), { a: "2026-11-30" }, { a: "2026-11-30" }],
  ["a caught value", z.object({ a: z.number().catch(3) }), { a: "many" }, { a: "many" }],
  ["a prepared value", z.object({ a: z.preprocess(Number, z.number()) }), { a: "5" }, { a: "5" }],
  ["a transform", z.object({ a: z.string().transform(Number) }), { a: "5" }, { a: "5" }],
  ["a trimmed text", z.object({ a: z.string().trim().length(3) }), { a: " abc " }, { a: " abc " }],
  ["an expression with a flag", z.object({ a: z.string().regex(/^[a-z]+$/i) }), { a: "ABC" }, { a: "ABC" }],
  [
    "an escaped dash",
    z.object({ a: z.string().regex(new RegExp("^\\d{3}\\-\\d{4}$")) }),
    { a: "555-1234" },
    { a: "555-1234" },
  ],
  [
    "a local time",
    z.object({ a: z.iso.datetime({ local: true }) }),
    { a: "2026-11-30T10:00:00" },
    { a: "2026-11-30T10:00:00" },
  ],
  [
    "an address with an umlaut",
    z.object({ a: z.url() }),
    { a: "https://example.org/ä" },
    { a: "https://example.org/ä" },
  ],
  ["a refinement", z.object({ a: z.number().refine((n) => n > 0) }), { a: 1 }, { a: 1 }],
  [
    "a union of objects",
    z.object({ u: z.union([z.object({ k: z.literal("a") }), z.object({ x: z.number() })]) }),
    { u: { x: 1 } },
    { u: { x: 1 } },
  ],
  ["a tuple", z.object({ t: z.tuple([z.number(), z.string()]) }), { t: [1, "a"] }, { t: [1, "a"] }],
  ["null", z.object({ a: z.number().nullable() }), { a: null }, { a: null }],
  ["no fields", z.object({}), { a: 1 }, {}],
  ["zod 3: an unknown field", z3.object({ a: z3.number() }), { a: 1, b: 2 }, { a: 1 }],
  ["zod 3: a default left out", z3.object({ a: z3.string().default("x") }), {}, { a: "x" }],
  ["zod 3: passthrough", z3.object({ a: z3.number() }).passthrough(), { a: 1, b: 2 }, { a: 1, b: 2 }],
];

it.each(CASES)("a call that zod takes is made as it was written: %s", (_, schema, args, meant) => {
  expect((schema as z.ZodType).safeParse(args).success).toBe(true);
  const specs = toolSpecs([tool(() => "", { name: "t", description: "", schema: schema as never }) as never]);
  const [call] = validCalls([{ name: "t", args }], specs) as unknown as [{ args: object; meant?: object }];
  expect(call.args).toEqual(args);
  expect(call.meant ?? call.args).toEqual(meant);
});

it.each([
  ["a strict object", z.strictObject({ a: z.number() }), { a: 1, b: 2 }],
  ["a strict object of zod 3", z3.object({ a: z3.number() }).strict(), { a: 1, b: 2 }],
  ["a wrong kind", z.object({ a: z.number() }), { a: "many" }],
  ["a missing field", z.object({ a: z.number() }), {}],
])("what zod refuses never votes: %s", (_, schema, args) => {
  const specs = toolSpecs([tool(() => "", { name: "t", description: "", schema: schema as never }) as never]);
  expect(validCalls([{ name: "t", args }], specs)).toEqual(expect.any(String));
});

it("of schemas that are no zod nothing is known beyond themselves", () => {
  expect(inputSchema({ type: "object" })).toBeUndefined();
  expect(inputSchema(undefined)).toBeUndefined();
});

it("models are told of a tool in the form that LangChain tells them", () => {
  const [spec] = toolSpecs([
    tool(() => "", { name: "t", description: "", schema: z.object({ a: z.string().default("x") }) }) as never,
  ]);
  expect(spec!.schema).toMatchObject({ required: ["a"], additionalProperties: false });
});
