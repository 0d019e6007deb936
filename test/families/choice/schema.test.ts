import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/families/choice/canonical.js";
import { findJson } from "../../../src/families/choice/find-json.js";
import { schemaChecker } from "../../../src/families/choice/schema.js";

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  ...more,
});
const refusal = (schema: JsonObject) => {
  const made = schemaChecker(schema);
  return typeof made === "string" ? made : undefined;
};
const check = (schema: JsonObject, value: unknown) => {
  const made = schemaChecker(schema);
  if (typeof made === "string") throw new Error(made);
  return made.check(value);
};
/** 2 ** depth checks of a value that is an object. */
const doubling = (depth: number): JsonObject => {
  const twice = (i: number): JsonObject => ({ allOf: [{ $ref: `#/$defs/s${i}` }, { $ref: `#/$defs/s${i}` }] });
  const steps = Array.from(
    { length: depth },
    (_, i) => [`s${i}`, i === 0 ? { type: "object" } : twice(i - 1)] as const,
  );
  return { ...twice(depth - 1), type: "object", $defs: Object.fromEntries<JsonObject>(steps) };
};
const nested = (depth: number): JsonObject =>
  depth === 0 ? { type: "object" } : { properties: { a: nested(depth - 1) } };

describe("a schema is refused before anything is asked where", () => {
  it.each<[string, JsonObject, RegExp]>([
    ["it is invalid", { type: "objekt" }, /type/],
    ["it is of an unknown draft", { $schema: "http://json-schema.org/draft-03/schema#" }, /draft/],
    ["it refers elsewhere", { $ref: "https://example.com/person.json" }, /nothing is fetched/],
    ["it refers to a part that is not there", { type: "object", $ref: "#/$defs/x" }, /#\/\$defs\/x/],
    ["it is asynchronous", { $async: true, type: "object" }, /\$async/],
    ["it wants a bare text", { type: "string" }, /wrap the value/],
    ["it refers to itself at once", { $ref: "#" }, /does not end|without end/],
    ["its pattern is of another language", object({ a: { type: "string", pattern: "\\A[a-z]+\\Z" } }), /./],
    ["a field must be what nothing is", object({ a: { not: {} } }), /a: nothing is allowed/],
    ["its pattern is none", object({ a: { type: "string", pattern: "(" } }), /./],
    ["it is nested without measure", nested(200), /deeper than 64/],
    ["it is very long", { type: "object", title: "x".repeat(70_000) }, /longer than/],
    ["it takes for ever", doubling(40), /does not end|longer than/],
    ["types exclude each other", object({ a: { allOf: [{ type: "string" }, { type: "number" }] } }), /a: the types/],
    ["limits leave nothing", object({ a: { type: "number", minimum: 3, maximum: 2 } }), /a: minimum 3/],
    [
      "limits leave nothing between them",
      object({ a: { type: "number", exclusiveMinimum: 2, maximum: 2 } }),
      /minimum 2/,
    ],
    ["lengths leave nothing", object({ a: { type: "string", minLength: 3, maxLength: 2 } }), /minLength/],
    ["no listed value has the type", object({ a: { type: "number", enum: ["x"] } }), /a: no listed value/],
    ["a value is two at once", object({ a: { allOf: [{ const: 1 }, { const: 2 }] } }), /a: no listed value/],
    ["a field must be there and may not", object({ a: false }), /a: nothing is allowed/],
    ["a required field is no field", { type: "object", required: ["a"], additionalProperties: false }, /a: nothing/],
    ["no branch can be met", object({ a: { type: "string", anyOf: [{ type: "number" }, { const: 1 }] } }), /no branch/],
    ["a field needs itself", object({ a: { $ref: "#" } }), /without end/],
    [
      "the contradiction is behind a reference",
      { ...object({ a: { $ref: "#/$defs/n" } }), $defs: { n: false } },
      /a: nothing/,
    ],
  ])("%s", (_, schema, said) => expect(refusal(schema)).toMatch(said));
});

describe("a schema is taken where", () => {
  it.each<[string, JsonObject]>([
    ["it says nothing", {}],
    ["a list may end a recursion", object({ children: { type: "array", items: { $ref: "#" } } })],
    ["null may end a recursion", object({ next: { anyOf: [{ $ref: "#" }, { type: "null" }] } })],
    [
      "one definition is used twice",
      { ...object({ a: { $ref: "#/$defs/n" }, b: { $ref: "#/$defs/n" } }), $defs: { n: object({ x: {} }) } },
    ],
    [
      "a definition holds a field of its own kind of name",
      { ...object({ a: { $ref: "#/$defs/n" } }), $defs: { n: { type: "object" } }, allOf: [{ $ref: "#/$defs/n" }] },
    ],
    [
      "a limit does not bind the type that is left",
      object({ a: { type: ["number", "null"], minimum: 3, maximum: 2 } }),
    ],
    ["an optional field cannot be", { type: "object", properties: { a: false } }],
    ["it is of draft-07", { $schema: "http://json-schema.org/draft-07/schema#", ...object({ a: { type: "string" } }) }],
    ["it is of draft-06", { $schema: "http://json-schema.org/draft-06/schema#", ...object({ a: { const: 1 } }) }],
    [
      "it is of draft-04",
      {
        $schema: "http://json-schema.org/draft-04/schema#",
        id: "http://example.com/x",
        ...object({ a: { minimum: 1, exclusiveMinimum: true } }),
      },
    ],
    ["it is of no draft in particular", { $schema: "http://json-schema.org/schema#", ...object({ a: {} }) }],
    ["it writes tuples as older drafts do", object({ a: { type: "array", items: [{ type: "string" }] } })],
    ["it refers by the older name of definitions", { $ref: "#/definitions/a", definitions: { a: object({ b: {} }) } }],
    ["its pattern has escapes that mean nothing", object({ a: { type: "string", pattern: "^\\d{3}\\-\\d{4}$" } })],
    ["it is of 2019-09", { $schema: "https://json-schema.org/draft/2019-09/schema", ...object({ a: {} }) }],
    ["it has keywords of one's own", { "x-note": 1, ...object({ a: { type: "string", format: "odd" } }) }],
  ])("%s", (_, schema) => expect(refusal(schema)).toBeUndefined());
});

describe("a value", () => {
  const numbers = object({
    n: { type: "number" },
    i: { type: "integer" },
    b: { type: "boolean" },
    s: { type: "string" },
  });

  it("is changed where a text is a number, or true or false, beyond doubt", () => {
    expect(check(numbers, { n: "-1.50", i: " 12 ", b: "true", s: "7" })).toEqual({ n: -1.5, i: 12, b: true, s: "7" });
  });

  it.each(["12,5", "$5", "5 kg", "007", "1e3", "", "Infinity", "0x10", "1.5"])(
    "is not changed from the text %j into a whole number",
    (i) => expect(check(numbers, { n: 1, i, b: true, s: "" })).toBeUndefined(),
  );

  it.each([
    { n: 1, i: 1, b: "yes", s: "" },
    { n: 1, i: 1, b: 1, s: "" },
    { n: 1, i: 1, b: true, s: 5 },
    { n: null, i: 1, b: true, s: "" },
    { n: true, i: 1, b: true, s: "" },
  ])("is not changed in %j", (value) => expect(check(numbers, value)).toBeUndefined());

  it("has its fields in the schema's order, others after them by name", () => {
    const value = check({ ...object({ b: {}, a: {} }) }, { z: 1, a: { d: 1, c: 2 }, y: 2, b: [{ f: 1, e: 2 }] });
    expect(JSON.stringify(value)).toBe('{"b":[{"e":2,"f":1}],"a":{"c":2,"d":1},"y":2,"z":1}');
  });

  it("is refused where plain numbers would round it", () => {
    expect(check({}, JSON.parse('{"id": 12345678901234567890}'))).toBeUndefined();
    expect(check({}, JSON.parse('{"id": 1e999}'))).toBeUndefined();
    expect(check({}, JSON.parse('{"id": 9007199254740991}'))).toEqual({ id: 9007199254740991 });
  });

  it("keeps a field named __proto__ a field", () => {
    const value = check({}, JSON.parse('{"__proto__": {"admin": true}}')) as { admin?: boolean };
    expect(value.admin).toBeUndefined();
    expect(JSON.stringify(value)).toBe('{"__proto__":{"admin":true}}');
  });

  it.each<[number, number, boolean]>([
    [0.01, 19.99, true],
    [0.01, 1.005, false],
    [0.01, 4.35, true],
    [0.1, 0.3, true],
    [0.1, 0.35, false],
    [0.01, 123456789.01, true],
    [0.01, 1e15, true],
    [1e-7, 3e-7, true],
    [1e-7, 3.5e-7, false],
    [1e7, 1, false],
    [1e7, 3e7, true],
    [0.25, -1.75, true],
    [3, 9007199254740990, true],
    [3, 9007199254740991, false],
    [7, 0, true],
  ])("is a multiple of %d by its digits: %d is %s", (multipleOf, n, isOne) => {
    expect(check(object({ n: { type: "number", multipleOf } }), { n }) !== undefined).toBe(isOne);
  });

  it("is held to limits as draft-04 writes them, and to patterns without the flag u", () => {
    const limit = (exclusive: boolean) => ({ type: "number", minimum: 1, exclusiveMinimum: exclusive });
    const schema = (exclusive: boolean) => object({ n: limit(exclusive), list: { items: [limit(exclusive)] } });
    expect(check(schema(true), { n: 1, list: [] })).toBeUndefined();
    expect(check(schema(true), { n: 2, list: [1] })).toBeUndefined();
    expect(check(schema(false), { n: 1, list: [1] })).toEqual({ n: 1, list: [1] });
    const phone = object({ a: { type: "string", pattern: "^\\d{3}\\-\\d{4}$" } });
    expect([check(phone, { a: "555-0100" }), check(phone, { a: "5550100" })]).toEqual([{ a: "555-0100" }, undefined]);
    const letters = object({ a: { type: "string", pattern: "^\\p{L}+$" } });
    expect([check(letters, { a: "é" }), check(letters, { a: "p{L}" })]).toEqual([{ a: "é" }, undefined]);
  });

  it("is checked by format", () => {
    const dated = object({ day: { type: "string", format: "date" } });
    expect(check(dated, { day: "2024-02-29" })).toEqual({ day: "2024-02-29" });
    expect(check(dated, { day: "2023-02-29" })).toBeUndefined();
  });

  it("that a pattern would take for ever over is not read, within half a second", () => {
    const slow = object({ a: { type: "string", pattern: "^(a+)+$" } });
    const start = performance.now();
    expect(check(slow, { a: `${"a".repeat(60)}!` })).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(check(slow, { a: "aaa" })).toEqual({ a: "aaa" });
  });

  it("that nests without end is not read", () => {
    expect(check({}, JSON.parse(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`))).toBeUndefined();
  });
});

describe("JSON in a text", () => {
  const last = (text: string) => findJson(text, ["{"]);

  it.each<[string, unknown]>([
    ['{"a": 1}', { a: 1 }],
    ['First {"a": 1}, better {"a": 2}.', { a: 2 }],
    ['```json\n{"a": {"b": "}"}}\n```\nDone.', { a: { b: "}" } }],
    ["```\n{'a': 1, /* one */ b: [1, 2,],}\n```", { a: 1, b: [1, 2] }],
    ['Use { to start: {"a": 1}', { a: 1 }],
    ['{"a": 1}\n\nThe set {x | x > 1} is no data.', { a: 1 }],
    ['{"a": "line \\"quoted\\" {"}', { a: 'line "quoted" {' }],
    ['He said "so {"a": 1}', { a: 1 }],
    ['{"a": 1', undefined],
    ['[note: a 5" pipe] {"a": 1}', { a: 1 }],
    ['The 5" [pipe} is {"a": 1}', { a: 1 }],
    ['Use [" to begin. {"a": 1}', { a: 1 }],
    ["Use {' to begin, don't {\"a\": 1}", { a: 1 }],
    ['"{" opens it, said "O\'Neil: {"a": "it\'s {"}', { a: "it's {" }],
    ['f(x) = {x^2 if x > 0, "else" 0} so {"a": 1}', { a: 1 }],
    ['{{"a": 1}}', { a: 1 }],
    ['{"a": 1}}', { a: 1 }],
    ['\uFEFF{"a": 1}', { a: 1 }],
    ['`{"a": 1}` and then {', { a: 1 }],
    ["{'a': True, 'b': None, 'c': [False]}", { a: true, b: null, c: [false] }],
    ['{"True": "None"}', { True: "None" }],
    ['{"a": "two\nlines"}', { a: "two\nlines" }],
    ['{"a": "it\\\'s", "b\\_c": 1}', { a: "it's", b_c: 1 }],
    ['{"a": 1}\n{"a": 2}\n{"a": 3, "b"', { a: 2 }],
    ['{"a": [1, {"b": 2}, {"c"', undefined],
    ['[{"a": 1}, {"a": 2}, {"a', undefined],
    ['{"a": Noon}', undefined],
    ['{"a": }', undefined],
    ["[1, 2]", undefined],
    ["", undefined],
  ])("is the last object of %j", (text, value) => expect(last(text)).toEqual(value));

  it("is found in time whatever the text is", () => {
    const start = performance.now();
    for (const text of [
      '{"a\n'.repeat(10_000),
      "{x:True,".repeat(5_000),
      "{".repeat(40_000),
      '{"'.repeat(20_000),
      "{}".repeat(20_000),
      '"{\n'.repeat(13_000),
    ])
      last(text);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("a backslash in JSON", () => {
  const read = (written: string) => (findJson(`{"a": "${written}"}`, ["{"]) as { a: string } | undefined)?.a;
  const { raw } = String;

  it.each([
    // Nobody doubled them.
    raw`\sqrt{2}`,
    raw`\d+\s\w`,
    raw`\bword\b \d`,
    raw`\frac{1}{2}`,
    raw`\beta + \bar{x}`,
    raw`\rho \right)`,
    raw`\theta \times \tilde{a}`,
    raw`x \to y^2`,
    raw`\nu = \tau`,
    raw`a \neq b`,
    raw`\text{if } x`,
    raw`\underline{x} \usepackage`,
    raw`\(x\)`,
    raw`C:\new\table\users`,
    raw`^\w+@\w+\.\w+$`,
  ])("stays in %s", (written) => expect(read(written)).toBe(written));

  it.each([
    [raw`one\ntwo\tthree`, "one\ntwo\tthree"],
    [raw`a\tan apple`, "a\tan apple"],
    [raw`high\nmid\nlow`, "high\nmid\nlow"],
    [raw`a\ni\nu\ne`, "a\ni\nu\ne"],
    [raw`x\r\ny`, "x\r\ny"],
    [raw`page\f`, "page\f"],
    [raw`\u00e9 \ud83d\ude00`, "é 😀"],
    [raw`a\/b`, "a/b"],
    [raw`say \"hi\"`, 'say "hi"'],
    [raw`\\frac{1}{2}\nu`, "\\frac{1}{2}\nu"],
    [raw`\\d+\n`, "\\d+\n"],
    [raw`C:\\new\\table`, "C:\\new\\table"],
    [raw`\sqrt{2}\nThen`, "\\sqrt{2}\nThen"],
  ])("means what JSON says in %s", (written, meant) => expect(read(written)).toBe(meant));
});
