import { CopeError } from "../errors.js";
import { chooseFamily } from "../families/auto.js";
import type { ModelLike } from "../models/given.js";
import { EMBEDDED, missingRole } from "../models/roles.js";
import type { RunOptions, Settings } from "../state/options.js";
import { hasApprovals, hasGates, type Ask } from "../state/ask.js";
import type { Stage } from "../state/stage.js";
import { chosenBy, overlaid } from "./chosen.js";
import { startTime } from "./clock.js";
import { withOverrides } from "./overrides.js";

/** What construction fixes: run-time options are laid over `options`, and stages keep their names and order. */
export interface Construction {
  options: RunOptions;
  /** Models of all roles as passed at construction: strings, instances or functions. */
  models: Readonly<Record<string, ModelLike>>;
  stages: readonly Stage[];
  /** Names of the known families. */
  families: readonly string[];
  /** The thresholds are the stage list's own, which nobody has chosen for these tasks. */
  thresholdsOwn: boolean;
}

/**
 * Lays run-time options over construction and returns what nodes read: plain JSON, without keys.
 *
 * @param task - what is asked, from which `auto` tells its family
 * @throws CopeError OPTIONS_INVALID, FAMILY_UNKNOWN
 */
export function resolveSettings(
  construction: Construction,
  overlays: readonly unknown[],
  task: Arriving = { question: "" },
): Settings {
  const options = overlaid(construction.options, chosenBy({}, overlays));
  const stages = withOverrides(construction.stages, options);
  const { family, familyWhy } = familyFor(construction.families, options, task);
  const given: Record<string, ModelLike> = { ...construction.models, ...options.models };
  // A large model that was named is compared with, also by stages that never ask it.
  const roles = new Set([...rolesOf(stages), ...(given["large"] === undefined ? [] : ["large"])]);
  const models = Object.fromEntries(
    [...roles].map((role) => {
      const model = given[role] ?? EMBEDDED[role];
      if (model === undefined) throw missingRole(role);
      return [role, typeof model === "string" ? model : "given"];
    }),
  );
  return {
    family,
    familyWhy,
    models,
    stages,
    guideline: options.guideline ?? "method",
    seed: options.seed ?? 0,
    budget: options.budget ?? {},
    concurrency: options.concurrency ?? 8,
    attempts: options.attempts ?? 3,
    callTimeoutMs: options.callTimeoutMs ?? 600_000,
    prices: options.prices ?? {},
    ...asking(construction.options.ask, options.ask),
    ...(options.thinking ? { thinking: { ...options.thinking, rooms: {} } } : {}),
    ...(options.harmGuard === undefined ? {} : { harmGuard: options.harmGuard }),
    startedAt: startTime(),
  };
}

/** Every role that a stage uses, in order of first use. */
export function rolesOf(stages: readonly Stage[]): string[] {
  return [...new Set(stages.flatMap((stage) => [...(stage.plan ? [stage.plan.by] : []), stage.execute.by]))];
}

/** Whom a run asks. A wish that the graph has no node for must not be passed over. */
function asking(built: Ask | undefined, wanted: Ask | undefined): { ask?: Ask } {
  if (!wanted) return {};
  const missing = [
    ...(wanted.guideline && !hasApprovals(built) ? ["ask: { guideline: false }"] : []),
    ...((wanted.leaving || wanted.spendingAbove !== undefined) && !hasGates(built) ? ["ask: { leaving: false }"] : []),
  ];
  if (missing.length === 0) return { ask: wanted };
  throw new CopeError(
    "OPTIONS_INVALID",
    "options.ask: this graph was built without the nodes that ask a person.",
    `build it with them, asking or not: createCope({ ${missing.join(", ")} }).`,
  );
}

/** What is asked, before its family parses it. */
export type Arriving = Parameters<typeof chooseFamily>[0];

function familyFor(
  known: readonly string[],
  { family: asked = "auto", reasoning }: RunOptions,
  task: Arriving,
): Pick<Settings, "family" | "familyWhy"> {
  const { family, why } = asked === "auto" ? chooseFamily(task, known) : { family: asked, why: "as asked" };
  if (!known.includes(family))
    throw new CopeError("FAMILY_UNKNOWN", `There is no family named "${asked}".`, `use ${known.join(", ")} or auto.`);
  const familyWhy = asked === "auto" ? `auto: ${why}` : why;
  if (reasoning !== "program") return { family, familyWhy };
  const byProgram = family.endsWith(":program") ? family : `${family}:program`;
  if (known.includes(byProgram)) return { family: byProgram, familyWhy: `${familyWhy}, reasoning by programs` };
  // What was asked for, not what was guessed from the question, must not be passed over.
  if (asked === "auto") return { family, familyWhy: `${familyWhy}; it does not reason by programs` };
  const reason = `the family "${family}" does not reason by programs.`;
  throw new CopeError("OPTIONS_INVALID", reason, 'use the family "math", or leave out reasoning.');
}
