import { keepRecent } from "../../models/bounded.js";
import type { Same } from "../../scorers/types.js";
import type { Json } from "../../state/message.js";
import { definedNames, entryPointOf, languageOf } from "./definitions.js";
import { type CodeTask, type Parameter, parametersOf } from "./task.js";
import { type Running, runOptions } from "./read.js";

/** What a program returned, by place of the input; null where it failed. */
type Behaviour = ReadonlyMap<number, string | null>;

/** Programs that are remembered. */
const MEMORY = 1_000;
/** Two programs must both have returned something so often before they can be called the same. */
const LEAST = 3;

const MARK = /^(?:#|\/\/) Entry point: (\S+)$/m;

/** A program that says which of its functions is meant, where it is not the last: equality knows no task. */
export function withEntryPoint(program: string, task: CodeTask): string {
  const names = definedNames(program, task.language);
  const name = entryPointOf(task, program);
  if (name === undefined || name === names.at(-1) || !names.includes(name)) return program;
  return `${program}\n\n${task.language === "python" ? "#" : "//"} Entry point: ${name}`;
}

/**
 * Whether two programs behave the same: on inputs made by the number and the annotations of their parameters, wherever both
 * return something, they return the same, and that is the case for at least half of the inputs on which either does, and for
 * three. Inputs that only one of the two is annotated for do not count. Each program is run once. Programs of the same text are the same.
 *
 * @throws CopeError `SANDBOX_MISSING`, `SANDBOX_FAILED`
 */
export function behaveSame(running: Running): Same {
  const remembered = new Map<string, Promise<Behaviour>>();
  const behaviourOf = (program: string): Promise<Behaviour> => {
    const behaviour = remembered.get(program) ?? behave(program, running);
    keepRecent(remembered, program, behaviour, MEMORY);
    // A sandbox that failed is no behaviour.
    behaviour.catch(() => remembered.delete(program));
    return behaviour;
  };
  return async (a, b) => {
    if (await sameText(a, b)) return true;
    if (typeof a !== "string" || typeof b !== "string" || languageOf(a) !== languageOf(b)) return false;
    const [one, other] = await Promise.all([behaviourOf(a), behaviourOf(b)]);
    const tried = [...one.keys()].filter((place) => other.has(place));
    const either = tried.filter((place) => one.get(place) !== null || other.get(place) !== null);
    const both = either.filter((place) => one.get(place) !== null && other.get(place) !== null);
    return (
      both.length >= Math.max(LEAST, either.length / 2) && both.every((place) => one.get(place) === other.get(place))
    );
  };
}

async function behave(program: string, running: Running): Promise<Behaviour> {
  const language = languageOf(program);
  const entryPoint = MARK.exec(program)?.[1] ?? definedNames(program, language).at(-1);
  const parameters = entryPoint === undefined ? undefined : parametersOf(program, entryPoint, language);
  const inputs = parameters ? inputsFor(parameters) : [];
  if (entryPoint === undefined || inputs.length === 0) return new Map();
  const ends = await running.runner.callFunction({
    language,
    program,
    entryPoint,
    inputs: inputs.map(({ args }) => args),
    ...runOptions(running),
  });
  return new Map(
    inputs.map(({ place }, i) => {
      const { output } = ends[i] ?? {};
      return [place, output === undefined ? null : JSON.stringify(rounded(output))];
    }),
  );
}

/** Sums of fractions in another order are the same answer; so are objects in another order of keys. */
function rounded(value: Json): Json {
  if (typeof value === "number") return Number(value.toPrecision(10));
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(rounded);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, held]) => [key, rounded(held)]),
  );
}

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
interface Input {
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

/**
 * A program's text without what it does not depend on: comments that have a line of their own, blank lines, spaces at line
 * ends. Pure, and the same again for its own result.
 */
export function plainProgram(program: string): string {
  const comment = languageOf(program) === "python" ? /^\s*#/ : /^\s*\/\//;
  return program
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !comment.test(line))
    .join("\n");
}

const toText = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Whether two programs are the same text but for comments, blank lines and spaces at line ends. */
export const sameText: Same = (a, b) => plainProgram(toText(a)) === plainProgram(toText(b));
