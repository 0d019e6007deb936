import { basename, dirname } from "node:path";
import { z } from "zod";
import { saidOf } from "../../../src/options-error.js";
import { broken, readText } from "./file.js";
import { rulesOf, type AlfworldRules } from "./rules.js";

/** A game that can be played. */
export interface AlfworldGame {
  id: string;
  /** One of ALFWorld's six kinds: `pick_and_place_simple`, … */
  type: string;
  /** What is to be done, as a player is told: `Your task is to: …`. */
  task: string;
  /** The hidden part, in PDDL: where everything is. Never for a player. */
  problem: string;
  /** Commands that win, in the words of rules 2.1.3. For tests and grading, never for a player. */
  goldPlan: readonly string[];
}

/** Fields of a row that are read; there may be more. */
const Row = z.object({
  id: z.string().min(1),
  task_type: z.string(),
  task: z.string().min(1),
  pddl_problem: z.string().min(1),
  gold_plan: z.array(z.string()),
});

/**
 * Reads games, one JSON object a line, plain or gzipped.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`
 */
export function readGames(path: string): AlfworldGame[] {
  return readText(path)
    .split("\n")
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      const { id, task_type, task, pddl_problem, gold_plan } = parsed(Row, line, `${path}, line ${index + 1}`);
      return [{ id, type: task_type, task, problem: pddl_problem, goldPlan: gold_plan }];
    });
}

const Bundle = z.object({
  pddl_domain: z.string().min(1),
  grammar: z.string().min(1),
  pddl_problem: z.string().min(1),
  walkthrough: z.array(z.string()).nullish(),
});

/**
 * Reads a `game.tw-pddl` as ALFWorld's releases have it, which holds its own rules; the folders it lies in name it.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`
 */
export function readGameFile(path: string): { game: AlfworldGame; rules: AlfworldRules } {
  const { pddl_domain, grammar, pddl_problem, walkthrough } = parsed(Bundle, readText(path), path);
  const rules = rulesOf({ text: pddl_domain, source: path }, { text: grammar, source: path });
  const [piece] = rules.texts.grammar.get("task")?.[0]?.text ?? [];
  if (piece?.kind !== "text") throw broken(path, "there is no task in its grammar");
  const kind = basename(dirname(dirname(path)));
  const game = { id: `${kind}/${basename(dirname(path))}`, type: kind.split("-")[0]!, task: piece.text };
  return { game: { ...game, problem: pddl_problem, goldPlan: walkthrough ?? [] }, rules };
}

function parsed<T extends z.ZodType>(schema: T, text: string, source: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(source, "it is no JSON");
  }
  const result = schema.safeParse(value, { reportInput: true });
  if (!result.success) throw broken(source, saidOf(result.error));
  return result.data;
}
