import type { Json } from "../../state/json.js";
import type { Parameter } from "./signature.js";

/** Values to try functions on, by kind. Small, since many functions take time that grows fast with what they are given. */
const VALUES: Readonly<Record<Kind, readonly Json[]>> = {
  // Counts, sizes and indices are what most functions take; below 0 right programs differ.
  int: [3, 0, 7, 1, 10, 2, 12, 5],
  float: [2.5, 0.5, -1.25, 3, 10.75],
  bool: [true, false],
  str: ["abba", "", "Hello World", "a", "listen", "The quick brown fox", "12", "([])", "aab"],
  ints: [[3, 1, 2], [], [1, 2, 2, 3], [5], [-1, 4, 0, -3], [10, 9, 8, 7, 6], [2, 2]],
  floats: [[1.5, 2, 0.5], [2.25], [-1.5, 3.5, 3.5]],
  strs: [["b", "a", "c"], ["one", "two", "three", "two"], ["x"], ["ab", "", "Ab"]],
  lists: [
    [
      [1, 2],
      [3, 4],
    ],
    [[5], [1, 1, 2]],
    [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
  ],
  dict: [{ a: 1, b: 2 }, { x: 3 }, { one: 1, two: 2, three: 2 }],
};
type Kind = "int" | "float" | "bool" | "str" | "ints" | "floats" | "strs" | "lists" | "dict";
const KINDS = Object.keys(VALUES) as Kind[];

/** Functions of more parameters are not tried. */
const MOST_PARAMETERS = 6;
/** Lists of arguments for each pair of kinds, and where all arguments are of one kind. */
const EACH = { mixed: 2, alike: 8 } as const;

/** A list of arguments with its place among all of its length: places are what the runs of two programs have in common. */
export interface Input {
  place: number;
  args: Json[];
}

/**
 * Lists of arguments to try a function on: always the same for the same number of parameters, the first of one kind and all
 * others of one kind, less those that its annotations rule out. None where it has no parameters or more than six.
 */
export function inputsFor(parameters: readonly Parameter[]): Input[] {
  const count = parameters.length;
  if (count === 0 || count > MOST_PARAMETERS) return [];
  const allowed = parameters.map(({ type }) => kindsOf(type));
  const all = KINDS.flatMap((first) =>
    (count === 1 ? [first] : KINDS).flatMap((others) =>
      Array.from({ length: first === others ? Math.min(EACH.alike, VALUES[first].length) : EACH.mixed }, (_, nth) => ({
        kinds: parameters.map((_parameter, i) => (i === 0 ? first : others)),
        nth,
      })),
    ),
  );
  return all.flatMap(({ kinds, nth }, place) => {
    if (!kinds.every((kind, i) => allowed[i]!.includes(kind))) return [];
    // Arguments differ from each other, and later rounds begin elsewhere.
    return [{ place, args: kinds.map((kind, i) => VALUES[kind][(nth + i) % VALUES[kind].length]!) }];
  });
}

/** The kinds that an annotation lets in; all of them where it says nothing that is known. */
function kindsOf(type: string | undefined): readonly Kind[] {
  const plain = type?.replace(/^(?:typing\.)?(?:Optional|Final)\[(.*)\]$/, "$1").replace(/["']|\|None$/g, "") ?? "";
  const inner = /^(?:typing\.)?(?:[Ll]ist|[Tt]uple|Sequence|Iterable|Set|set)\[(.*?)(?:,\.\.\.)?\]$/.exec(plain)?.[1];
  if (inner !== undefined) {
    if (/^\w*[Ll]ist|^\w*[Tt]uple/.test(inner)) return ["lists"];
    return ({ int: ["ints"], float: ["floats", "ints"], str: ["strs"] } as const)[inner] ?? LISTS;
  }
  if (/^(?:typing\.)?(?:[Dd]ict|Mapping)\b/.test(plain)) return ["dict"];
  if (/^(?:typing\.)?(?:[Ll]ist|[Tt]uple|Sequence|Iterable)$/.test(plain)) return LISTS;
  return (
    ({ int: ["int"], float: ["float", "int"], str: ["str"], bool: ["bool"] } as Record<string, Kind[]>)[plain] ?? KINDS
  );
}

const LISTS: readonly Kind[] = ["ints", "floats", "strs", "lists"];
