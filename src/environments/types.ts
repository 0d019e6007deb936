import type { Json } from "../state/json.js";

/** What a command led to. */
export interface Outcome {
  /** What an agent sees now. */
  observation: string;
  /** Whether the episode is over: the goal is reached, or it cannot go on. */
  done: boolean;
  /** 1 where the goal is reached, by convention; absent where the environment does not tell. */
  reward?: number;
}

/**
 * A world that an agent acts in by text commands, one a step. Fill it with your own: a game, a shell, a simulation. A command
 * that is unknown or does not fit must not throw: it answers with an observation that says so.
 */
export interface Environment {
  /** What is to be reached, as an agent is told. */
  readonly goal: string;
  /** Whether the episode is over. */
  readonly done: boolean;
  /** What an agent sees now: the latest observation, before the first step the opening one. May be empty. */
  observe(): string;
  /** The commands that fit now, at most 1,000, each in one line and not empty. None ends an agent's run. */
  actions(): string[];
  /** Gives a command. After the end it changes nothing, and answers with the last observation. */
  step(command: string): Outcome | Promise<Outcome>;
  /** The whole state as plain JSON, so that a checkpoint can be resumed in another process. */
  save(): Json;
  /** Goes on from what `save` gave, in an environment made the same way. */
  restore(saved: Json): void | Promise<void>;
}
