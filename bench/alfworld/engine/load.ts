import { join } from "node:path";
import { z } from "zod";
import { parseOptions } from "../../../src/options-error.js";
import { readGames, type AlfworldGame } from "./games.js";
import { readRules, type AlfworldRules } from "./rules.js";

/** Which files of a folder are read. */
export const LoadAlfworldOptions = z.strictObject({
  /**
   * Version of the rules. The worlds are the same, the texts differ: 2.1.1, the one of most papers, says `put x in/on y` and
   * arrives at `loc 12`; 2.1.3 says `move x to y`, arrives at `desk 1`, and knows `help`.
   *
   * @default "2.1.1"
   */
  rules: z.enum(["2.1.1", "2.1.3"]).default("2.1.1"),
  /** The file of games. @default "valid_unseen_134.jsonl.gz" */
  games: z.string().min(1).default("valid_unseen_134.jsonl.gz"),
});
export type LoadAlfworldOptions = z.input<typeof LoadAlfworldOptions>;

/**
 * Reads ALFWorld's games and rules from a folder with `alfred_<version>.pddl`, `alfred_<version>.twl2` and a file of games.
 *
 * @throws CopeError `OPTIONS_INVALID`, `FILE_NOT_FOUND`, `FILE_BROKEN`
 * @see ALFWorld, arXiv 2010.03768
 */
export function loadAlfworld(
  folder: string,
  options: LoadAlfworldOptions = {},
): { rules: AlfworldRules; games: AlfworldGame[] } {
  const { rules, games } = parseOptions(LoadAlfworldOptions, options, "alfworld");
  const file = (ending: string) => join(folder, `alfred_${rules}.${ending}`);
  return { rules: readRules(file("pddl"), file("twl2")), games: readGames(join(folder, games)) };
}
