// Plain data as JSON with tags, and back, inside a runtime: what is no data cannot be told from one runtime to the other.
/* oxlint-disable no-unused-vars -- put together with the file that uses it */

class NotPlain extends Error {}

const MOST_ITEMS = 1_000_000;

function encode(value) {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { number: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (value === undefined) return { undefined: 0 };
  if (typeof value === "bigint") return { bigint: String(value) };
  if (typeof value !== "object") throw new NotPlain(`a ${typeof value}`);
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => encode(value[i]));
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Map.prototype) return { map: [...value].map(([key, held]) => [encode(key), encode(held)]) };
  if (prototype === Set.prototype) return { set: [...value].map(encode) };
  if (prototype === Date.prototype) return { date: encode(value.getTime()) };
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return { typed: [Object.getPrototypeOf(value).constructor.name, [...value].map(encode)] };
  }
  if (prototype === Object.prototype || prototype === null) {
    return { object: Object.keys(value).map((key) => [key, encode(value[key])]) };
  }
  if (typeof value.next === "function" && typeof value[Symbol.iterator] === "function") {
    const items = [];
    for (const item of value) {
      if (items.push(encode(item)) > MOST_ITEMS) throw new NotPlain("an iterator of more than a million items");
    }
    return { iterator: items };
  }
  throw new NotPlain(String(prototype.constructor?.name ?? "an object"));
}

/** As `encode`, with one kind of reason for all that cannot be sent. */
function encoded(value) {
  try {
    return encode(value);
  } catch (error) {
    if (error instanceof NotPlain) throw error;
    throw new NotPlain(
      error instanceof RangeError || /stack/.test(error?.message) ? "data nested too deeply" : "data that throws",
    );
  }
}

const TYPED = new Set([
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "Float32Array",
  "Float64Array",
  "BigInt64Array",
  "BigUint64Array",
]);

const DECODERS = {
  number: Number,
  undefined: () => undefined,
  bigint: BigInt,
  map: (pairs) => new Map(pairs.map(([key, held]) => [decode(key), decode(held)])),
  set: (items) => new Set(items.map(decode)),
  date: (time) => new Date(decode(time)),
  typed: ([name, items]) => {
    if (!TYPED.has(name)) throw new TypeError(name);
    return globalThis[name].from(items.map(decode));
  },
  object: (pairs) => Object.fromEntries(pairs.map(([key, held]) => [key, decode(held)])),
  iterator: (items) => items.map(decode)[Symbol.iterator](),
};

function decode(data) {
  if (Array.isArray(data)) return data.map(decode);
  if (typeof data !== "object" || data === null) return data;
  const [[tag, held]] = Object.entries(data);
  if (!Object.hasOwn(DECODERS, tag)) throw new TypeError(tag);
  return DECODERS[tag](held);
}

function isRecord(value) {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Changes what a test holds in place as the function changed its copy. */
function update(old, now) {
  if (Array.isArray(old) && Array.isArray(now)) {
    const items = now.map((item, i) => (i < old.length ? update(old[i], item) : item));
    old.splice(0, old.length, ...items);
    return old;
  }
  if ((old instanceof Map && now instanceof Map) || (old instanceof Set && now instanceof Set)) {
    old.clear();
    for (const one of now) {
      if (old instanceof Map) old.set(...one);
      else old.add(one);
    }
    return old;
  }
  if (isRecord(old) && isRecord(now)) {
    const entries = Object.entries(now).map(([key, held]) => [
      key,
      Object.hasOwn(old, key) ? update(old[key], held) : held,
    ]);
    for (const key of Object.keys(old)) delete old[key];
    Object.assign(old, Object.fromEntries(entries));
    return old;
  }
  if (ArrayBuffer.isView(old) && ArrayBuffer.isView(now) && old.length === now.length) {
    old.set(now);
    return old;
  }
  return now;
}

/** An error in one line; it may be anything. */
function said(error) {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return String(text).split("\n")[0].slice(0, 300);
  } catch {
    return "an error that cannot be told";
  }
}
