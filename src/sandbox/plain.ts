import type { Json } from "../state/json.js";
import type { CallEnd } from "./calls.js";

type Tagged = Json;

/** Arguments as the processes word plain data: an object is a dictionary. */
export function toPlain(value: Json): Tagged {
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  return { dict: Object.entries(value).map(([key, held]) => [key, toPlain(held)]) };
}

/** The same as the JavaScript runtimes word it. */
export function toPlainJavaScript(value: Json): Tagged {
  if (Array.isArray(value)) return value.map(toPlainJavaScript);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? { number: "-0" } : value;
  return { object: Object.entries(value).map(([key, held]) => [key, toPlainJavaScript(held)]) };
}

/** An answer of a candidate's process. Whatever it wrote, this is plain data or an error. */
export function fromPlain(line: string, args: readonly Json[]): CallEnd {
  try {
    const answer = JSON.parse(line) as Record<string, Json>;
    const changed = new Map((answer["changed"] as [number, Json][] | undefined) ?? []);
    if (typeof answer["text"] === "string") return { error: answer["text"].slice(0, 300) };
    if (typeof answer["lost"] === "string") return { error: answer["lost"].slice(0, 300) };
    if (typeof answer["odd"] === "string") return { error: answer["odd"].slice(0, 300) };
    if (typeof answer["same"] === "number") {
      const index = answer["same"];
      return { output: changed.has(index) ? read(changed.get(index)!) : args[index] };
    }
    if (!("value" in answer)) return { error: "what it answered cannot be read" };
    return { output: read(answer["value"]!) };
  } catch {
    return { error: "what it answered cannot be read" };
  }
}

/** Longer whole numbers stay in hexadecimal: turning them into digits takes time that grows with the square. */
const MOST_DIGITS = 10_000;

function read(value: Tagged): Json {
  if (Array.isArray(value)) return value.map(read);
  if (typeof value !== "object" || value === null) return value;
  const [tag, held] = Object.entries(value)[0]!;
  switch (tag) {
    case "int":
      return String(held).length > MOST_DIGITS ? `0x${String(held)}` : whole(String(held));
    case "float":
    case "number":
    case "bigint":
      return held === "-0" ? 0 : String(held);
    case "undefined":
      return null;
    case "datetime":
    case "time":
      // In ISO 8601; what follows it is for Python alone.
      return (held as Json[])[0]!;
    case "typed":
      return read((held as Json[])[1]!);
    case "set":
    case "frozenset":
      return sorted((held as Json[]).map(read));
    case "dict":
    case "object":
    case "map":
    case "Counter":
    case "OrderedDict":
      return mapped((held as [Json, Json][]).map(([key, one]) => [read(key), read(one)]));
    default:
      return Array.isArray(held) ? held.map(read) : (held as Json);
  }
}

function whole(hex: string): string {
  return hex.startsWith("-") ? `-${BigInt(`0x${hex.slice(1)}`)}` : String(BigInt(`0x${hex}`));
}

function sorted(values: Json[]): Json[] {
  const keyed = values.map((value) => [JSON.stringify(value), value] as const);
  return keyed.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, value]) => value);
}

/** The order in which a dictionary was filled is no part of its value. */
function mapped(pairs: [Json, Json][]): Json {
  const inOrder = sorted(pairs) as [Json, Json][];
  if (!inOrder.every(([key]) => typeof key === "string")) return inOrder;
  return Object.fromEntries(inOrder) as Json;
}
