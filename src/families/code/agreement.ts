import { keepRecent } from "../../models/bounded.js";
import type { Same } from "../../scorers/types.js";
import type { Json } from "../../state/json.js";
import { definedNames, entryPointOf, languageOf } from "./definitions.js";
import { inputsFor } from "./inputs.js";
import { sameText } from "./same.js";
import { parametersOf } from "./signature.js";
import type { CodeTask } from "./task.js";
import { runOptions, type Running } from "./try.js";

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
