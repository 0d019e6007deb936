// Worlds that agents act in by text commands: a list of exports, nothing else.

export { transcriptOf } from "./environment.js";
export type { Environment, Outcome, TranscriptRun, TranscriptStep } from "./environment.js";

// Names of earlier versions
export {
  createAlfworld,
  loadAlfworld,
  readGameFile,
  readGames,
  readRules,
  scriptedPlayer,
  subGoalsOf,
} from "./alfworld.js";
export type {
  Alfworld,
  AlfworldGame,
  AlfworldOptions,
  AlfworldRules,
  LoadAlfworldOptions,
  SubGoal,
} from "./alfworld.js";
