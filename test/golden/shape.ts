/** Kinds of a value at one place of a document: words for leaves, objects for what has parts. */
type Shape = string | { [part: string]: Shape };

/**
 * The shape of a JSON document: its keys and the kinds of their values, whatever the values are. What not every item of a list has
 * ends in `?`.
 */
export function shapeOf(...values: readonly unknown[]): Shape {
  const lists = values.filter((value) => Array.isArray(value));
  const objects = values.filter((value) => typeof value === "object" && value !== null && !Array.isArray(value));
  const leaves = values.filter((value) => typeof value !== "object" || value === null);
  const words = new Set(leaves.map((value) => (value === null ? "null" : typeof value)));
  const parts: Record<string, Shape> = {};
  if (lists.length > 0) {
    const items = lists.flat();
    parts["[]"] = items.length === 0 ? "nothing" : shapeOf(...items);
  }
  for (const key of [...new Set(objects.flatMap((value) => Object.keys(value as object)))].toSorted()) {
    const held = objects.filter((value) => Object.hasOwn(value as object, key));
    const name = held.length < objects.length ? `${key}?` : key;
    parts[name] = shapeOf(...held.map((value) => (value as Record<string, unknown>)[key]));
  }
  const named = [...words].toSorted().join(" | ");
  if (Object.keys(parts).length === 0) return named || "{}";
  return named ? { ...parts, or: named } : parts;
}
