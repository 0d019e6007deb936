/**
 * Worlds that agents act in by text commands.
 * @module langgraph-cope/environments
 */

// A list of exports, nothing else.

export type { Environment, Outcome } from "./types.js";
export { transcriptOf } from "./transcript.js";
export type { TranscriptRun, TranscriptStep } from "./transcript.js";

// ALFWorld
export { loadAlfworld } from "./alfworld/load.js";
export type { LoadAlfworldOptions } from "./alfworld/load.js";
export { readGameFile, readGames } from "./alfworld/games.js";
export type { AlfworldGame } from "./alfworld/games.js";
export { readRules } from "./alfworld/rules.js";
export type { AlfworldRules } from "./alfworld/rules.js";
export { createAlfworld } from "./alfworld/play.js";
export type { Alfworld, AlfworldOptions } from "./alfworld/play.js";
export { scriptedPlayer } from "./alfworld/player/player.js";
export { subGoalsOf } from "./alfworld/sub-goals.js";
export type { SubGoal } from "./alfworld/sub-goals.js";
