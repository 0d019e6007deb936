import { CopeError } from "../errors.js";
import { METHODS } from "../evaluation/methods/index.js";
import type { StageInput } from "../state/stage.js";
import { readStages } from "./stages-file.js";

/** Methods as they are named on a command line, and the stage lists that some of the names stand for. */
export interface NamedMethods {
  names: string[];
  lists: Record<string, StageInput[]>;
}

/**
 * Reads what `--methods` was given: names, and `name=file.json` for a stage list of one's own under a name of one's own.
 *
 * @throws CopeError `OPTIONS_INVALID` for a list without a name, under the name of another method, or two of one name; what
 *   reading a stage list throws
 */
export function readMethodNames(asked: readonly string[]): NamedMethods {
  const lists: Record<string, StageInput[]> = {};
  const names = asked.map((one) => {
    const cut = one.indexOf("=");
    if (cut < 0) return one;
    const name = one.slice(0, cut).trim();
    // Tables hold everything against the method named large: a list under such a name would pass for it.
    if (name === "" || (name !== "cope" && Object.hasOwn(METHODS, name)))
      throw wrong(`"${one}" gives a stage list ${name === "" ? "no name" : "the name of another method"}.`);
    lists[name] = readStages(one.slice(cut + 1).trim());
    return name;
  });
  const twice = names.find((name, i) => Object.hasOwn(lists, name) && names.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(`two methods are named "${twice}".`);
  return { names, lists };
}

const wrong = (reason: string) =>
  new CopeError("OPTIONS_INVALID", `--methods: ${reason}`, "give each stage list a name of its own: mine=stages.json.");
