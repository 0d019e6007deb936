import { HIDDEN } from "./redact.js";

/** Puts `[private]` in the place of private texts. What holds none of them comes back as it is, else as a copy. */
export type Hide = <T>(value: T) => T;

const asItIs: Hide = (value) => value;

/**
 * Makes a function that hides these texts wherever they stand in a value: in texts, lists, objects, messages, errors with their
 * stack and cause; also as they are written in JSON and in addresses.
 */
export function hider(texts: readonly string[]): Hide {
  const forms = [...new Set(texts.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  if (forms.length === 0) return asItIs;
  const clean = (text: string) => forms.reduce((said, form) => said.replaceAll(form, HIDDEN), text);
  const dirty = (text: string) => forms.some((form) => text.includes(form));
  return (value) => copied(value, { dirty, clean }, new Map()) as typeof value;
}

function formsOf(text: string): string[] {
  if (text === "") return [];
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text.toWellFormed())];
}

interface Texts {
  dirty(text: string): boolean;
  clean(text: string): string;
}

function holds(value: unknown, dirty: Texts["dirty"], seen: Set<unknown>): boolean {
  if (typeof value === "string") return dirty(value);
  if (!isOpen(value) || seen.has(value)) return false;
  seen.add(value);
  if (value instanceof Map || value instanceof Set) return [...value].some((part) => holds(part, dirty, seen));
  return Reflect.ownKeys(value).some(
    (key) => (typeof key === "string" && dirty(key)) || holds(valueOf(value, key), dirty, seen),
  );
}

/** Only what holds a private text is copied: a copy of some classes, `Headers` among them, would not work. */
function copied(value: unknown, texts: Texts, made: Map<unknown, unknown>): unknown {
  const { dirty, clean } = texts;
  if (typeof value === "string") return clean(value);
  if (made.has(value)) return made.get(value);
  if (!isOpen(value) || !holds(value, dirty, new Set())) return value;
  const part = (of: unknown) => copied(of, texts, made);
  if (value instanceof Map) return new Map([...value].map(([key, of]) => [part(key), part(of)]));
  if (value instanceof Set) return new Set([...value].map(part));
  const copy = Array.isArray(value) ? [] : (Object.create(Object.getPrototypeOf(value)) as object);
  made.set(value, copy);
  for (const key of Reflect.ownKeys(value)) {
    if (Array.isArray(value) && key === "length") continue;
    const { enumerable = true } = Object.getOwnPropertyDescriptor(value, key)!;
    const name = typeof key === "string" ? clean(key) : key;
    const own = { value: part(valueOf(value, key)), enumerable, writable: true, configurable: true };
    Object.defineProperty(copy, name, own);
  }
  return copy;
}

/** Whether it can be looked into, and copied. */
const isOpen = (value: unknown): value is object =>
  typeof value === "object" &&
  value !== null &&
  !ArrayBuffer.isView(value) &&
  !(value instanceof EventTarget || value instanceof Promise || value instanceof Date);

/** A getter may throw. */
function valueOf(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}
