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
 * @throws what reading a stage list throws
 */
export function readMethodNames(asked: readonly string[]): NamedMethods {
  const lists: Record<string, StageInput[]> = {};
  const names = asked.map((one) => {
    const cut = one.indexOf("=");
    if (cut < 0) return one;
    const name = one.slice(0, cut).trim();
    lists[name] = readStages(one.slice(cut + 1).trim());
    return name;
  });
  return { names, lists };
}
