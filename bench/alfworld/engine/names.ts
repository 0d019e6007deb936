/**
 * What ALFWorld's texts call the objects of a game: `desk_bar__minus_00_dot_57…` is a desk with a number. Numbers fall in the
 * order of the ids: of three desks, the first is desk 3. Basins are called so. An id without a place keeps its own name.
 *
 * @param ids - all objects that any fact of the start names
 * @returns a name for each id
 */
export function namesOf(ids: Iterable<string>): Map<string, string> {
  const sorted = [...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1));
  const left = new Map<string, number>();
  for (const id of sorted) {
    const kind = kindOf(id);
    if (kind !== undefined) left.set(kind, (left.get(kind) ?? 0) + 1);
  }
  return new Map(
    sorted.map((id) => {
      const kind = kindOf(id);
      if (kind === undefined) return [id, id];
      const number = left.get(kind)!;
      left.set(kind, number - 1);
      return [id, `${kind} ${number}`];
    }),
  );
}

function kindOf(id: string): string | undefined {
  const place = id.indexOf("_bar_");
  if (place < 0) return undefined;
  return id.slice(0, place) + (id.includes("basin") ? "basin" : "");
}
