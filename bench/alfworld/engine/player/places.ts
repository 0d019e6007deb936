/** Names in a text that says "you see a desk 2, a desk 1, and a bed 1."; none where it says "nothing". */
export function namesIn(text: string): string[] {
  const list = /you see ([^.]*)\./.exec(text)?.[1] ?? "";
  return Array.from(list.matchAll(/\ba (\w+ \d+)/g), ([, name]) => name!);
}

/** The kind of a thing or a place: `desk` of `desk 2`. */
export const kindOf = (name: string): string => name.replace(/ \d+$/, "");

/** Kinds of place with doors, which take a step more. */
const CLOSED = new Set(["cabinet", "drawer", "fridge", "microwave", "safe"]);

/** Places in the order in which somebody would look into them: those without doors first. */
export const openFirst = (places: readonly string[]): string[] =>
  places.toSorted((a, b) => Number(CLOSED.has(kindOf(a))) - Number(CLOSED.has(kindOf(b))));
