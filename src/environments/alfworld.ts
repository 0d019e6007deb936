import { CopeError } from "../errors.js";
import type { Json } from "../state/json.js";
import type { Environment, Outcome } from "./environment.js";

// ALFWorld's world was part of this package until 0.2.0. Its names stay, so that a program that uses them learns where it is now.

/** @deprecated ALFWorld's world is `bench/alfworld` of this project's repository. */
export interface Alfworld extends Environment {
  readonly won: boolean;
  readonly steps: number;
  step(command: string): Outcome;
  restore(saved: Json): void;
}

/** @deprecated ALFWorld's world is `bench/alfworld` of this project's repository. */
export interface AlfworldGame {
  id: string;
  type: string;
  task: string;
  problem: string;
  goldPlan: readonly string[];
}

/** @deprecated ALFWorld's world is `bench/alfworld` of this project's repository. */
export interface AlfworldRules {
  domain: unknown;
  texts: unknown;
}

/** @deprecated ALFWorld's world is `bench/alfworld` of this project's repository. */
export type AlfworldOptions = { maxSteps?: number | undefined };

/** @deprecated ALFWorld's world is `bench/alfworld` of this project's repository. */
export type LoadAlfworldOptions = { rules?: "2.1.1" | "2.1.3" | undefined; games?: string | undefined };

/** @deprecated ALFWorld's world is `bench/alfworld` of this project's repository. */
export interface SubGoal {
  name: string;
  reached: boolean;
}

/**
 * @deprecated ALFWorld's world is `bench/alfworld` of this project's repository.
 * @throws CopeError `PACKAGE_MISSING`, always.
 */
export function loadAlfworld(
  _folder: string,
  _options?: LoadAlfworldOptions,
): { rules: AlfworldRules; games: AlfworldGame[] } {
  throw moved("loadAlfworld");
}

/**
 * @deprecated ALFWorld's world is `bench/alfworld` of this project's repository.
 * @throws CopeError `PACKAGE_MISSING`, always.
 */
export function readGameFile(_path: string): { game: AlfworldGame; rules: AlfworldRules } {
  throw moved("readGameFile");
}

/**
 * @deprecated ALFWorld's world is `bench/alfworld` of this project's repository.
 * @throws CopeError `PACKAGE_MISSING`, always.
 */
export function readGames(_path: string): AlfworldGame[] {
  throw moved("readGames");
}

/**
 * @deprecated ALFWorld's world is `bench/alfworld` of this project's repository.
 * @throws CopeError `PACKAGE_MISSING`, always.
 */
export function readRules(_domain: string, _texts: string): AlfworldRules {
  throw moved("readRules");
}

/**
 * @deprecated ALFWorld's world is `bench/alfworld` of this project's repository.
 * @throws CopeError `PACKAGE_MISSING`, always.
 */
export function createAlfworld(_game: AlfworldGame, _rules: AlfworldRules, _options?: AlfworldOptions): Alfworld {
  throw moved("createAlfworld");
}

/**
 * @deprecated ALFWorld's world is `bench/alfworld` of this project's repository.
 * @throws CopeError `PACKAGE_MISSING`, always.
 */
export function scriptedPlayer(_opening: string): Generator<string, void, string> {
  throw moved("scriptedPlayer");
}

/**
 * @deprecated ALFWorld's world is `bench/alfworld` of this project's repository.
 * @throws CopeError `PACKAGE_MISSING`, always.
 */
export function subGoalsOf(_task: string, _observations: readonly string[]): SubGoal[] {
  throw moved("subGoalsOf");
}

function moved(name: string): CopeError {
  return new CopeError(
    "PACKAGE_MISSING",
    `${name} is not in langgraph-cope any more: ALFWorld's world is bench/alfworld of its repository.`,
    "copy that folder, or fill `Environment` with a world of your own.",
  );
}
