import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOf } from "../../src/models/error-parts.js";
import { hider } from "../../src/models/hide.js";
import { redact } from "../../src/models/redact.js";

const TEXT = 'Zoë "Z" O\'Neil / a\\b & <c>\nd 日本';
const hide = hider([TEXT, "Nightingale"]);
const json = (value: unknown, times: number): string => {
  let text = String(value);
  for (let i = 0; i < times; i++) text = JSON.stringify({ said: text });
  return text;
};
const ascii = (text: string) =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

describe("a private text is hidden", () => {
  it.each<[string, string]>([
    ["as it is", TEXT],
    ...[1, 2, 3, 4, 5, 8].map((n): [string, string] => [`in JSON, ${n} deep`, json(TEXT, n)]),
    ["in JSON of ASCII alone", ascii(TEXT)],
    ["in such JSON inside JSON", JSON.stringify(ascii(TEXT))],
    [
      "in JSON of ASCII with capital digits",
      ascii(TEXT).replace(/\\u[0-9a-f]{4}/g, (unit) => `\\u${unit.slice(2).toUpperCase()}`),
    ],
    ["in JSON that escapes slashes", JSON.stringify(TEXT).replaceAll("/", "\\/")],
    [
      "in JSON that escapes what HTML knows",
      JSON.stringify(TEXT).replace(/[<>&']/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    ],
    ["in an address", `https://host/?q=${encodeURIComponent(TEXT)}&x=1`],
    [
      "in an address with small digits",
      encodeURIComponent(TEXT).replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
    ],
    ["in an address inside another", encodeURIComponent(encodeURIComponent(TEXT))],
    ["in a path of an address", encodeURI(TEXT)],
    ["in a form", String(new URLSearchParams({ q: TEXT }))],
    ["in JSON in an address", encodeURIComponent(json(TEXT, 2))],
    ["in an address in JSON", json(encodeURIComponent(TEXT), 2)],
  ])("%s", (_, text) => {
    const said = hide(text);
    expect(said).toContain("[private]");
    expect(said).not.toMatch(/Neil|Zo/);
    expect(hide("Zoë alone, and O'Neil alone")).toBe("Zoë alone, and O'Neil alone");
  });

  it("at any depth of JSON and addresses, whatever the text", () => {
    const text = fc.string({ unit: "binary", minLength: 4, maxLength: 30 });
    const steps = fc.array(fc.constantFrom(JSON.stringify, ascii, encodeURIComponent), { maxLength: 4 });
    fc.assert(
      fc.property(text, steps, (of, encoders) => {
        const whole = of.toWellFormed();
        const said = encoders.reduce((inner, encode) => encode(inner), `a: ${whole} :z`);
        expect(hider([whole])(said)).toContain("[private]");
      }),
      { numRuns: 1_000, seed: 1 },
    );
  });

  it("in long texts and many of them, in time", () => {
    const long = 'Ein "langer" Text: 日本語 und mehr. '.repeat(300);
    const many = hider([long, ...Array.from({ length: 500 }, (_, i) => `person number ${i}`)]);
    const before = performance.now();
    expect(many(json(`${"x".repeat(100_000)} ${long}`, 2))).not.toContain("langer");
    expect(many("\\".repeat(50_000) + "%25".repeat(50_000))).toHaveLength(200_000);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  const circle = new Map<unknown, unknown>([["name", "Nightingale"]]);
  circle.set("self", circle);
  const ring = new Set<unknown>(["Nightingale"]);
  ring.add({ ring });
  const list: unknown[] = ["Nightingale"];
  list.push(list);
  class Person {
    name = "Nightingale";
    greet() {
      return `I am ${this.name}`;
    }
  }
  it.each<[string, unknown]>([
    ["a map of itself", circle],
    ["a set of itself", ring],
    ["a list of itself", list],
    ["a map's keys", new Map([[{ of: "Nightingale" }, 1]])],
    ["the names of fields", { Nightingale: 1 }],
    ["hidden fields", Object.defineProperty({}, "of", { value: "Nightingale", enumerable: false })],
    ["fields by symbol", { [Symbol("of")]: "Nightingale" }],
    ["an instance", new Person()],
    ["a buffer", { bytes: Buffer.from("for Nightingale") }],
    ["bytes", { bytes: new TextEncoder().encode("for Nightingale").buffer }],
    ["headers", { headers: new Headers({ "x-said": "Nightingale" }) }],
    ["an address", { url: new URL("https://host/Nightingale") }],
    ["parameters", { of: new URLSearchParams({ q: "Nightingale" }) }],
    ["a text in an object", { of: Object("Nightingale") as unknown }],
    ["a symbol", { of: Symbol("Nightingale") }],
    ["a pattern", { of: /Nightingale/ }],
    ["an object without a class", Object.assign(Object.create(null) as object, { of: "Nightingale" })],
    ["what is frozen", Object.freeze({ of: Object.freeze(["Nightingale"]) })],
  ])("in %s", (_, value) => {
    const said = hide(value);
    const shown = inspect(said, { depth: null, showHidden: true });
    expect(shown + bytesOf(said)).toContain("[private]");
    expect(shown + bytesOf(said)).not.toContain("Nightingale");
    expect(Object.getPrototypeOf(Object(said))).toBe(Object.getPrototypeOf(Object(value)));
  });

  it("in an account number that is a number, and in no other", () => {
    expect(hider(["4711"])({ account: 4711, other: 47112, big: 4711n })).toEqual({
      account: "[private]",
      other: 47112,
      big: "[private]",
    });
  });
});

const bytesOf = (value: unknown): string => {
  const { bytes } = value as { bytes?: ArrayBuffer | Buffer };
  return bytes ? Buffer.from(bytes as ArrayBuffer).toString() : "";
};

describe("an error", () => {
  it("stays the error that it is: class, fields, cause, and what consoles print of it", () => {
    class OwnError extends RangeError {
      override name = "OwnError";
      readonly code = "E_OWN";
      readonly status = 418;
    }
    const error = new OwnError("for Nightingale", { cause: new TypeError("Nightingale's cause") });
    const said = hide(error);
    expect(said).toBeInstanceOf(OwnError);
    expect(said).toMatchObject({ message: "for [private]", name: "OwnError", code: "E_OWN", status: 418 });
    expect(said.cause).toBeInstanceOf(TypeError);
    expect(inspect(said, { depth: null })).toMatch(/OwnError: for \[private\]\n\s+at /);
    expect(inspect(said, { depth: null })).not.toContain("Nightingale");
    expect(error.message).toBe("for Nightingale");
  });

  it("that holds nothing private comes back as it is, whatever it holds", () => {
    const error = Object.assign(new Error("no", { cause: { nan: Number.NaN } }), { headers: new Headers({ a: "b" }) });
    expect(hide(error)).toBe(error);
  });

  it("of several errors, and of itself, is looked through", () => {
    const all = new AggregateError([new Error("Nightingale 1"), new Error("2")], "for Nightingale");
    all.cause = all;
    const said = hide(all);
    expect(said).toBeInstanceOf(AggregateError);
    expect(said.errors.map(({ message }) => message)).toEqual(["[private] 1", "2"]);
    expect(said.cause).toBe(said);
  });

  it("with a circle around it stays the real error", () => {
    const held = new Map<string, unknown>();
    held.set("held", held).set("for", "Nightingale");
    const said = hide(Object.assign(new TypeError("the real one"), { held }));
    expect(said).toBeInstanceOf(TypeError);
    expect(said.message).toBe("the real one");
    expect(said.held.get("held")).toBe(said.held);
    expect(said.held.get("for")).toBe("[private]");
  });

  it("whose getters throw, or make its message up, is told without what is private", () => {
    class Made extends Error {
      readonly #of: string;
      constructor(of: string) {
        super();
        this.#of = of;
        delete (this as { message?: string }).message;
      }
      override get message() {
        return `for ${this.#of}`;
      }
      get broken(): never {
        throw new RangeError("another error");
      }
    }
    Object.defineProperty(Made.prototype, "name", { value: "Made" });
    const said = hide(new Made("Nightingale"));
    expect(said).toBeInstanceOf(Made);
    expect(said.message).toBe("for [private]");
    expect(said.broken).toBeUndefined();
    const odd = Object.defineProperty(new Error("x"), "message", {
      get() {
        throw new RangeError("another error");
      },
    });
    expect(hide(odd)).toBe(odd);
    expect(textOf(odd)).not.toContain("another error");
  });

  it("of the platform is told by its class and name", () => {
    const said = hide(new DOMException("Nightingale left", "AbortError"));
    expect(said).toBeInstanceOf(DOMException);
    expect(said).toMatchObject({ message: "[private] left", name: "AbortError" });
  });

  it("with twenty thousand causes, or with what answers no question, is no reason for another", () => {
    let error = new Error("Nightingale");
    for (let i = 0; i < 20_000; i++) error = new Error(`${i}`, { cause: error });
    expect(hide(error).message).toBe("19999");
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const said = hide(Object.assign(new Error("for Nightingale"), { proxy }));
    expect(said.message).toBe("for [private]");
  });
});

it("what looks like a key is hidden in JSON inside JSON, too", () => {
  expect(redact(json('{"password":"hunter22hunter"}', 3))).not.toContain("hunter22");
  expect(redact(JSON.stringify({ body: JSON.stringify({ api_key: "0123456789" }) }))).not.toContain("0123456789");
});
