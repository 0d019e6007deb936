import { z } from "zod";
import { CopeError } from "../../errors.js";
import { parseOptions } from "../../options-error.js";
import type { Json } from "../../state/json.js";
import type { Environment, Outcome } from "../types.js";
import type { AlfworldGame } from "./games.js";
import { openWorld, type Turn } from "./world.js";
import type { AlfworldRules } from "./rules.js";

/** How a game is played. */
export const AlfworldOptions = z.strictObject({
  /** Commands after which the game ends, whatever they led to. @default 50, the usual limit */
  maxSteps: z.int().min(1).default(50),
});
export type AlfworldOptions = z.input<typeof AlfworldOptions>;

/** A game in play. */
export interface Alfworld extends Environment {
  /** Whether the goal is reached. */
  readonly won: boolean;
  /** Commands given so far. */
  readonly steps: number;
  step(command: string): Outcome;
  restore(saved: Json): void;
}

/** What `save` gives: since games have no chance in them, the commands are the whole state. */
const Saved = z.strictObject({ game: z.string(), commands: z.array(z.string()) });

/** What ALFWorld says to a command that is unknown or does not fit. */
export const NOTHING = "Nothing happens.";

/**
 * Starts a game: the same commands always lead to the same texts. A command that is unknown or does not fit costs a step. The
 * reward is 1 with the step that reaches the goal, else 0.
 *
 * @throws CopeError `OPTIONS_INVALID`, `FILE_BROKEN`
 * @example
 * const play = createAlfworld(games[0], rules);
 * play.observe(); // You are in the middle of a room. …
 * play.actions(); // ["go to bed 1", …]
 * play.step("go to desk 1"); // { observation: "You arrive at …", done: false, reward: 0 }
 */
export function createAlfworld(game: AlfworldGame, rules: AlfworldRules, options: AlfworldOptions = {}): Alfworld {
  const { maxSteps } = parseOptions(AlfworldOptions, options, "game");
  const opening = openWorld(game, rules);
  let turn: Turn = opening;
  let commands: string[] = [];
  let last = opening.text;

  const isDone = () => turn.won || commands.length >= maxSteps;
  const give = (command: string) => {
    const next = turn.give(command.trim());
    commands.push(command);
    if (next) turn = next;
    last = next?.text ?? NOTHING;
  };
  return {
    goal: game.task,
    get done() {
      return isDone();
    },
    get won() {
      return turn.won;
    },
    get steps() {
      return commands.length;
    },
    observe: () => last,
    actions: () => (isDone() ? [] : turn.commands()),
    step(command) {
      if (isDone()) return { observation: last, done: true, reward: turn.won ? 1 : 0 };
      give(command);
      return { observation: last, done: isDone(), reward: turn.won ? 1 : 0 };
    },
    save: () => ({ game: game.id, commands: [...commands] }),
    restore(saved: Json) {
      const parsed = Saved.safeParse(saved);
      if (!parsed.success || parsed.data.game !== game.id) {
        const what = parsed.success ? `a state of the game ${parsed.data.game}` : "no state of a game";
        throw new CopeError("TASK_INVALID", `game ${game.id}: ${what} is to be restored.`, "give what `save` gave.");
      }
      [turn, commands, last] = [opening, [], opening.text];
      for (const command of parsed.data.commands) give(command);
    },
  };
}
