import { after, moves, type Move } from "./pddl/act.js";
import { Facts } from "./pddl/facts.js";
import { readProblem } from "./pddl/problem.js";
import { holds, type Bindings, type World } from "./pddl/solve.js";
import { objectsOf } from "./pddl/typed.js";
import { namesOf } from "./names.js";
import type { AlfworldGame } from "./games.js";
import type { AlfworldRules } from "./rules.js";
import { ruleText, textOf, type Scene } from "./texts/grammar.js";

/** A game at one time: what was said last, and what can be done. */
export interface Turn {
  text: string;
  won: boolean;
  /** The commands that fit, in order. */
  commands(): string[];
  /** The next turn; undefined where the command does not fit. */
  give(command: string): Turn | undefined;
}

/**
 * A game at its start. What is said is the look around and the task, without TextWorld's banner.
 *
 * @throws CopeError `FILE_BROKEN`
 */
export function openWorld(game: AlfworldGame, { domain, texts }: AlfworldRules): Turn {
  const { objects, start, goal } = readProblem(game.problem, `the problem of ${game.id}`);
  const names = namesOf(start.flatMap(({ args }) => args));
  const scene = (world: World): Scene => ({
    grammar: texts.grammar,
    world,
    entity: (id) => ({ id, name: names.get(id) ?? id, indefinite: "a", definite: "the" }),
  });

  const turnOf = (world: World, textFor: (scene: Scene) => string): Turn => {
    // Made when first asked for: most turns are asked twice, some never.
    let known: Map<string, Move> | undefined;
    const commands = () => (known ??= commandsOf(world));
    return {
      text: textFor(scene(world)),
      won: holds(goal, {}, world),
      commands: () => [...commands().keys()],
      give(command) {
        const move = commands().get(command);
        if (!move) return undefined;
        const next = { ...world, facts: after(move, world) };
        return turnOf(next, (now) => textOf(texts.actions.get(move.action.name)!.feedback, move.bindings, now));
      },
    };
  };
  const commandsOf = (world: World): Map<string, Move> => {
    const now = scene(world);
    const all = Array.from(moves(domain.actions, world), (move): [string, Move] => [commandOf(move, now), move]);
    const first = new Map(all.toReversed());
    return new Map([...first].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  };
  const commandOf = ({ action, bindings }: Move, now: Scene): string =>
    textOf(texts.actions.get(action.name)!.command, bindings, now);

  const NONE: Bindings = {};
  const world = { objects: objectsOf(objects, domain.above), facts: new Facts(start) };
  return turnOf(world, (now) => `${ruleText("look.feedback", NONE, now)}\n\n${game.task}`);
}
