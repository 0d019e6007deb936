import { existsSync } from "node:fs";
import { join } from "node:path";
import { createAlfworld, readGames, readRules, type AlfworldGame } from "../../../bench/alfworld/engine/index.js";
import { needs } from "../../support/needs.js";

const root = join(import.meta.dirname, "..", "..", "..");
const folder = join(root, "..", "shared", "data", "alfworld");

/** The folder of ALFWorld's files, where they are there. */
export const alfworld = (): string | undefined => (needs("ALFWorld's files", existsSync(folder)) ? folder : undefined);

/** A small game of our own, with rules of its own. */
export const lighthouse = (file: "rules.pddl" | "texts.twl2" | "games.jsonl"): string =>
  join(root, "test", "fixtures", "lighthouse", file);

/** The small game in play. */
export function playLighthouse(options = {}, change: Partial<AlfworldGame> = {}) {
  const rules = readRules(lighthouse("rules.pddl"), lighthouse("texts.twl2"));
  const game = { ...readGames(lighthouse("games.jsonl"))[0]!, ...change };
  return { game, rules, play: createAlfworld(game, rules, options) };
}
