import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../models/request-key.js";
import type { Json } from "../state/json.js";

/** One problem of a data set: what is asked, what grades the answer, and what tables can be split by. */
export const Problem = z.object({
  /** Unique in its set. */
  id: z.string().min(1),
  /** Name of the family that solves it: `math`, `code`, `chat` or one of the user's own. */
  family: z.string().min(1),
  /**
   * What the family's task schema parses, and all that a model may see. Code adds `language`, `entryPoint`, `imports` and
   * the `tests` that are shown; a second turn adds `after`, the id of the first, and `history`, which begins with its question.
   */
  task: z.looseObject({ question: z.string().min(1) }) as unknown as z.ZodType<ProblemTask>,
  /**
   * What grades. Math: the answer, a text. Code: `CodeGold`. Chat: a reference, `{ turns }`, or null. Null elsewhere where
   * data without labels was asked for. It never reaches a model: nothing of it may stand in `task`.
   */
  gold: z.json() as z.ZodType<Json>,
  /** Level, subject, category and the like, by name. */
  about: z.record(z.string(), z.string()),
});
export type Problem = z.infer<typeof Problem>;

/** A task as plain JSON; every family's has a question. */
export type ProblemTask = { readonly question: string } & { readonly [field: string]: Json };

/** Id of the problem whose answer stands before this one in a conversation; undefined for a first turn. */
export function turnBefore({ task }: { readonly task?: { readonly [field: string]: Json } }): string | undefined {
  const after = task?.["after"];
  return typeof after === "string" ? after : undefined;
}

/** What grades a program: Python that raises where it is wrong. */
export type CodeGold = {
  /** Each is run for itself, after the program and `setup`. */
  readonly tests: readonly string[];
  /** Definitions that the tests use, run after the program and before the tests; often empty. */
  readonly setup: string;
  /** The function that the tests call, where known. */
  readonly entryPoint: string | null;
};

/**
 * What makes two sets of problems the same one, whatever the order of their rows.
 *
 * @returns SHA-256, 64 hexadecimal digits, of canonical JSON of ids, tasks and golds, sorted by id.
 */
export function fingerprintOf(problems: readonly Problem[]): string {
  const sorted = problems.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const text = canonicalJson(sorted.map(({ id, task, gold }) => [id, task, gold]));
  return createHash("sha256").update(text).digest("hex");
}
