// ALFWorld's text world, rebuilt from its own rules and games: a list of exports, nothing else.

export { loadAlfworld } from "./load.js";
export { readGameFile, readGames } from "./games.js";
export type { AlfworldGame } from "./games.js";
export { readRules } from "./rules.js";
export type { AlfworldRules } from "./rules.js";
export { createAlfworld } from "./play.js";
export { scriptedPlayer } from "./player/player.js";
export { subGoalsOf } from "./sub-goals.js";
