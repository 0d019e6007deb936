import { privatePattern } from "./private-pattern.js";
import { HIDDEN } from "./redact.js";

/** Puts `[private]` in the place of private texts. What holds none of them comes back as it is, else as a copy. */
export type Hide = <T>(value: T) => T;

const asItIs: Hide = (value) => value;

/**
 * Makes a function that hides these texts wherever they stand in a value: in texts, lists, objects, maps, sets, bytes, headers,
 * messages, errors with their stack, causes and lists of errors; also as they are written in JSON inside JSON, and in addresses.
 * It takes any value, circles included, and throws nothing: an error stays the error that it is.
 */
export function hider(texts: readonly string[]): Hide {
  const pattern = privatePattern(texts);
  if (!pattern) return asItIs;
  const exact = new Set(texts.filter((text) => /^-?[\d.]+$/.test(text)));
  const clean = (text: string) => text.replace(pattern, HIDDEN);
  const leaf = (value: unknown) => hiddenLeaf(value, clean, exact);
  return (value) => {
    try {
      return hidden(value, clean, leaf) as typeof value;
    } catch {
      // Whatever is so odd is not shown at all.
      return bareError(value, clean) as typeof value;
    }
  };
}

/** What is looked into part by part (`parts`), by the text that it is or keeps where nobody can look (`text`), or not at all. */
function kindOf(value: unknown): "parts" | "text" | "none" {
  if (typeof value === "string" || typeof value === "symbol") return "text";
  if (typeof value !== "object" || value === null) return "none";
  try {
    if (TEXTS.some((kind) => value instanceof kind)) return "text";
    const isClosed = ArrayBuffer.isView(value) || CLOSED.some((kind) => value instanceof kind);
    return isClosed ? "none" : "parts";
  } catch {
    // A proxy may throw at any question.
    return "none";
  }
}

const TEXTS = [String, URL, URLSearchParams, RegExp, Headers, Uint8Array, ArrayBuffer] as const;
/** Copies of these would not work. */
const CLOSED = [EventTarget, Promise, Date] as const;

const isOpen = (value: unknown): value is object => kindOf(value) === "parts";

/** A value that is not looked into part by part, without private texts; what holds none as it is. */
function hiddenLeaf(value: unknown, clean: (text: string) => string, exact: ReadonlySet<string>): unknown {
  if (typeof value === "string") return clean(value);
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (isNumber) return exact.size > 0 && exact.has(String(value)) ? HIDDEN : value;
  if (kindOf(value) !== "text") return value;
  const text = textOf(value);
  const said = clean(text);
  if (said === text) return value;
  if (value instanceof Headers) return new Headers([...value].map(([name, of]) => [clean(name), clean(of)]));
  if (value instanceof Uint8Array) return Buffer.from(said);
  return value instanceof ArrayBuffer ? Uint8Array.from(Buffer.from(said)).buffer : said;
}

function textOf(value: unknown): string {
  if (value instanceof Headers) return [...value].flat().join("\n");
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
  return value instanceof ArrayBuffer ? Buffer.from(value).toString() : String(value);
}

/** Without recursion: a chain of causes may be longer than the stack is deep. */
function hidden(root: unknown, clean: (text: string) => string, leaf: (value: unknown) => unknown): unknown {
  if (!isOpen(root)) return leaf(root);
  const parents = new Map<object, object[]>([[root, []]]);
  const dirty = new Set<object>();
  for (const object of parents.keys()) {
    for (const [key, value] of partsOf(object)) {
      for (const part of [key, value]) {
        if (isOpen(part)) {
          const known = parents.get(part);
          if (known) known.push(object);
          else parents.set(part, [object]);
        } else if (!Object.is(leaf(part), part)) dirty.add(object);
      }
    }
  }
  // What holds something that holds a private text is copied, too; nothing else, since copies of some classes do not work.
  for (const object of dirty) for (const parent of parents.get(object)!) dirty.add(parent);
  const copies = new Map([...dirty].map((object) => [object, emptyLike(object)]));
  const copyOf = (part: unknown) => (isOpen(part) ? (copies.get(part) ?? part) : leaf(part));
  for (const [object, copy] of copies) fill(copy, object, copyOf);
  return copies.get(root) ?? root;
}

/** What an object holds by name, also what an error's class says of it; and the members of a map or set. */
function partsOf(object: object): [PropertyKey | unknown, unknown][] {
  const own = keysOf(object).map((key): [PropertyKey, unknown] => [key, valueOf(object, key)]);
  if (object instanceof Map) return [...own, ...Map.prototype.entries.call(object)];
  if (object instanceof Set)
    return [...own, ...[...Set.prototype.values.call(object)].map((member): [unknown, unknown] => [undefined, member])];
  return own;
}

/** An error's own names and those that its classes compute, such as a message that is put together when it is read. */
function keysOf(object: object): PropertyKey[] {
  const own = ownKeys(object);
  if (!(object instanceof Error)) return own;
  const names = new Set(own);
  for (let from = Reflect.getPrototypeOf(object); from && from !== Error.prototype; from = Reflect.getPrototypeOf(from))
    for (const key of Reflect.ownKeys(from)) if (Reflect.getOwnPropertyDescriptor(from, key)?.get) names.add(key);
  return [...names];
}

function ownKeys(object: object): PropertyKey[] {
  try {
    return Reflect.ownKeys(object);
  } catch {
    return [];
  }
}

/** A getter may throw. */
function valueOf(object: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(object, key);
  } catch {
    return undefined;
  }
}

function emptyLike(object: object): object {
  return Object.setPrototypeOf(made(object), Reflect.getPrototypeOf(object)) as object;
}

/** Of the kind that engine and consoles tell by more than its class. */
function made(object: object): object {
  if (object instanceof Map) return new Map();
  if (object instanceof Set) return new Set();
  if (!(object instanceof Error)) return Array.isArray(object) ? [] : {};
  const error = new Error();
  delete error.stack;
  return error;
}

function fill(copy: object, object: object, copyOf: (part: unknown) => unknown): void {
  if (object instanceof Map)
    for (const [key, of] of Map.prototype.entries.call(object)) Map.prototype.set.call(copy, copyOf(key), copyOf(of));
  if (object instanceof Set)
    for (const of of Set.prototype.values.call(object)) Set.prototype.add.call(copy, copyOf(of));
  for (const key of keysOf(object)) {
    const enumerable = Reflect.getOwnPropertyDescriptor(object, key)?.enumerable ?? false;
    const value = copyOf(valueOf(object, key));
    if (Array.isArray(copy) && key === "length") copy.length = Number(value);
    else
      Object.defineProperty(copy, typeof key === "string" ? String(copyOf(key)) : key, {
        value,
        enumerable,
        writable: true,
        configurable: true,
      });
  }
}

/** An error by its words alone. */
function bareError(value: unknown, clean: (text: string) => string): unknown {
  if (!(value instanceof Error)) return HIDDEN;
  const [name, message, stack] = ["name", "message", "stack"].map((key) => clean(String(valueOf(value, key) ?? "")));
  return Object.assign(new Error(message), { name, stack });
}
