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

/** One step of a run in an environment. */
export interface TranscriptStep {
  command: string;
  /** What it led to. */
  observation: string;
  /** Who decided it: a role, a stage, a person. */
  by?: string | undefined;
  /** Why, in a sentence. */
  why?: string | undefined;
  /** As the environment told. */
  reward?: number | undefined;
  done?: boolean | undefined;
}

/** A run that a person can read. */
export interface TranscriptRun {
  goal: string;
  /** What was seen before the first step. */
  opening: string;
  steps: readonly TranscriptStep[];
  /** Whether the environment came to its end. @default what its last step says */
  done?: boolean | undefined;
}

/**
 * A run as a text for people: the goal, then each command with who decided it and why, and what it led to; last how it ended
 * and how many steps each decided.
 *
 * @example
 * transcriptOf({ goal: env.goal, opening, steps: [{ command, by: "small", why: "7 of 8 agree", ...(await env.step(command)) }] })
 */
export function transcriptOf({ goal, opening, steps, done = steps.at(-1)?.done ?? false }: TranscriptRun): string {
  const parts = steps.map(({ command, observation, by, why }, index) => {
    const who = [by, why].filter((text) => text !== undefined && text !== "").join(": ");
    return [`${index + 1}. > ${command}`, ...(who === "" ? [] : [`   (${who})`]), indented(observation)].join("\n");
  });
  return [`Goal: ${goal}`, opening, ...parts, endOf(steps, done)].join("\n\n").concat("\n");
}

const indented = (text: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? "" : `   ${line}`))
    .join("\n");

function endOf(steps: readonly TranscriptStep[], done: boolean): string {
  const last = steps.at(-1);
  if (!last) return done ? "At its end before the first step." : "No step was taken.";
  const count = `${steps.length} ${steps.length === 1 ? "step" : "steps"}`;
  const end = done
    ? `${(last.reward ?? 0) > 0 ? "Reached" : "Ended, not reached"}, after ${count}`
    : `Not at its end, after ${count}`;
  const shares = new Map<string, number>();
  for (const { by } of steps) if (by) shares.set(by, (shares.get(by) ?? 0) + 1);
  const who = [...shares].toSorted(([, a], [, b]) => b - a).map(([by, share]) => `${by} ${share}`);
  return who.length > 0 ? `${end} (${who.join(", ")}).` : `${end}.`;
}
