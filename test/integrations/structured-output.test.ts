import { describe, expect, it } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { CopeChatModel } from "../../src/integrations/index.js";
import { scriptedModel } from "../../src/testing/index.js";

/** Samples answer with these drafts in turn, and the large model with another value, so that each call of it is seen. */
function structured(schema: unknown, drafts: readonly string[], large = "none") {
  const asked = (texts: readonly string[]) =>
    scriptedModel(({ purpose, index }) =>
      purpose === "execute" ? texts[(index ?? 0) % texts.length]! : "Look closely.",
    );
  const big = asked([large]);
  const model = new CopeChatModel({ samples: 4, small: asked(drafts), large: big, thresholds: [1, 1] });
  return { chain: model.withStructuredOutput(schema as never), large: big };
}

const text = z.string();
const node: z.ZodType = z.object({
  v: text,
  get kids() {
    return z.array(node).default([]);
  },
});

describe("withStructuredOutput holds drafts against the input of a schema, and a vote over them settles", () => {
  it.each<[string, unknown, string[], unknown]>([
    ["defaults", z.object({ a: text, b: z.number().default(7) }), ['{"a":"x"}', '{"a":"x","b":7}'], { a: "x", b: 7 }],
    ["optional fields", z.object({ a: text, b: text.optional() }), ['{"a":"x"}'], { a: "x" }],
    ["nullable fields", z.object({ a: text.nullable(), b: text.nullish() }), ['{"a":null}'], { a: null }],
    [
      "prefaults and fallbacks",
      z.object({ a: text.prefault("p"), b: z.number().catch(1) }),
      ['{"b":"?"}'],
      { a: "p", b: 1 },
    ],
    [
      "keys that zod strips",
      z.object({ a: text }),
      ['{"a":"x"}', '{"a":"x","note":"1"}', '{"why":2,"a":"x"}'],
      { a: "x" },
    ],
    ["keys that it keeps", z.looseObject({ a: text }), ['{"a":"x","n":1}'], { a: "x", n: 1 }],
    [
      "nested keys that it strips",
      z.object({ o: z.object({ x: text }) }),
      ['{"o":{"x":"y"}}', '{"o":{"x":"y","z":1}}'],
      { o: { x: "y" } },
    ],
    [
      "keys of items",
      z.array(z.object({ a: text, n: z.number().default(0) })),
      ['[{"a":"x","z":1}]', '[{"a":"x","n":0}]'],
      [{ a: "x", n: 0 }],
    ],
    ["transforms", z.object({ a: text.transform((s) => s.length) }), ['{"a":"abc"}'], { a: 3 }],
    ["transforms to the same", z.object({ a: text.trim().toLowerCase() }), ['{"a":" X "}', '{"a":"x"}'], { a: "x" }],
    ["pipes", z.object({ a: text.transform(Number).pipe(z.number().int()) }), ['{"a":"12"}'], { a: 12 }],
    [
      "coercion",
      z.object({ n: z.coerce.number(), d: z.coerce.date() }),
      ['{"n":"12","d":"2024-05-03"}', '{"n":12,"d":"2024-05-03T00:00:00Z"}'],
      { n: 12, d: new Date("2024-05-03") },
    ],
    [
      "codecs",
      z.object({
        d: z.codec(z.iso.date(), z.date(), { decode: (s) => new Date(s), encode: (d) => d.toISOString().slice(0, 10) }),
      }),
      ['{"d":"2024-05-03"}'],
      { d: new Date("2024-05-03") },
    ],
    ["preprocessing", z.object({ n: z.preprocess((v) => Number(v), z.number()) }), ['{"n":"4"}', '{"n":4}'], { n: 4 }],
    [
      "numbers written as texts",
      z.object({ n: z.number(), b: z.boolean() }),
      ['{"n":"4","b":"true"}', '{"n":4,"b":true}'],
      { n: 4, b: true },
    ],
    [
      "unions with keys beside",
      z.union([z.object({ k: z.literal("a") }), z.object({ k: z.literal("b"), v: z.number().default(2) })]),
      ['{"k":"b"}', '{"k":"b","v":2,"z":0}'],
      { k: "b", v: 2 },
    ],
    [
      "discriminated unions",
      z.object({
        s: z.discriminatedUnion("k", [
          z.object({ k: z.literal("a"), t: text.transform((s) => `${s}!`) }),
          z.object({ k: z.literal("b") }),
        ]),
      }),
      ['{"s":{"k":"a","t":"x"}}'],
      { s: { k: "a", t: "x!" } },
    ],
    [
      "enums, records, tuples",
      z.object({ e: z.enum(["x", "y"]), r: z.record(text, z.number()), t: z.tuple([text, z.number()]) }),
      ['{"e":"y","r":{"q":1},"t":["a",2]}'],
      { e: "y", r: { q: 1 }, t: ["a", 2] },
    ],
    ["intersections", z.object({ a: text }).and(z.object({ b: text })), ['{"a":"x","b":"y"}'], { a: "x", b: "y" }],
    [
      "schemas that hold themselves",
      node,
      ['{"v":"r","kids":[{"v":"s"}]}', '{"v":"r","kids":[{"v":"s","kids":[]}]}'],
      { v: "r", kids: [{ v: "s", kids: [] }] },
    ],
    ["a transform of the whole", z.object({ a: text }).transform(({ a }) => a), ['{"a":"x"}'], "x"],
    [
      "defaults made anew each time",
      z.object({ a: text, id: text.default(() => `id${Math.random()}`) }),
      ['{"a":"x"}'],
      { a: "x", id: expect.stringMatching(/^id/) },
    ],
    [
      "zod 3",
      z3.object({ a: z3.string().default("d"), n: z3.coerce.number(), o: z3.object({ x: z3.string() }) }),
      ['{"n":"3","o":{"x":"y"}}', '{"a":"d","n":3,"o":{"x":"y","z":1}}'],
      { a: "d", n: 3, o: { x: "y" } },
    ],
    [
      "multiples of a hundredth",
      z.object({ price: z.number().multipleOf(0.01) }),
      ['{"price":19.99}'],
      { price: 19.99 },
    ],
    [
      "fences within a text",
      z.object({ code: text }),
      [JSON.stringify({ code: "```json\n{}\n```" })],
      { code: "```json\n{}\n```" },
    ],
    [
      "backslashes",
      z.object({ a: text }),
      [String.raw`{"a":"\sqrt{2}"}`, String.raw`{"a":"\\sqrt{2}"}`],
      { a: String.raw`\sqrt{2}` },
    ],
  ])("for %s", async (_, schema, drafts, value) => {
    const { chain, large } = structured(schema, drafts);
    expect(await chain.invoke("Read it.")).toEqual(value);
    expect(large.asked).toEqual([]);
  });

  it.each<[string, unknown, string, string]>([
    [
      "a refinement",
      z.object({ a: z.number(), b: z.number() }).refine(({ a, b }) => a < b),
      '{"a":2,"b":1}',
      '{"a":1,"b":2}',
    ],
    ["a refinement that waits", z.object({ a: text }).refine(async ({ a }) => a !== "no"), '{"a":"no"}', '{"a":"yes"}'],
    ["a refinement that throws", z.object({ a: z.any().refine((a) => a.b.c === 1) }), '{"a":1}', '{"a":{"b":{"c":1}}}'],
    ["strictness", z.strictObject({ a: text }), '{"a":"x","b":1}', '{"a":"x"}'],
    ["a transform that fails", z.object({ d: z.coerce.date() }), '{"d":"someday"}', '{"d":"2024-05-03"}'],
  ])("by which a draft that fails %s has none", async (_, schema, draft, right) => {
    const { chain, large } = structured(schema, [draft], right);
    const value = await chain.invoke("Read it.");
    expect(large.asked).not.toEqual([]);
    expect(value).toEqual(await (schema as z.ZodType).parseAsync(JSON.parse(right)));
  });

  it("is refused before any call where no JSON is a value of it", async () => {
    const { chain, large } = structured(z.object({ day: z.date() }), ['{"day":"2024-05-03"}']);
    await expect(chain.invoke("Read it.")).rejects.toThrow(/day: nothing is allowed there/);
    expect(large.asked).toEqual([]);
  });
});
