import { CopeError } from "../errors.js";
import { keepRecent } from "./bounded.js";
import { DEFAULT_LARGE, DEFAULT_SMALL } from "./llama/catalog.js";
import { given, type ModelLike } from "./given.js";
import { resolveModel } from "./resolve.js";
import type { ChatHandle } from "./types.js";

/** Models that are used when none are given: small enough to run embedded on two cores. */
export const EMBEDDED: Readonly<Record<string, string>> = {
  small: `llama:${DEFAULT_SMALL}`,
  large: `llama:${DEFAULT_LARGE}`,
};

/** Finds a role's model: by string, or as passed at construction where settings say `given`. Each is opened once. */
export type Roles = (role: string, chosen: string | undefined) => Promise<ChatHandle>;

/** Handles that are kept: run-time options may name any number of models. */
const MOST_OPEN = 100;

/** Opens models when they are first needed, and keeps those that were asked for last. */
export function createRoles(constructed: Readonly<Record<string, ModelLike>>): Roles {
  const open = new Map<string, Promise<ChatHandle>>();
  return (role, chosen) => {
    const model = chosen === "given" ? constructed[role] : chosen;
    if (model === undefined) throw missingRole(role);
    const key = typeof model === "string" ? model : `given ${role}`;
    const known = open.get(key);
    if (known) return keepRecent(open, key, known, MOST_OPEN);
    const handle = typeof model === "string" ? resolveModel(model) : Promise.resolve().then(() => given(model));
    // A missing file or key may be mended while the process lives: ask again next time.
    handle.catch(() => open.delete(key));
    return keepRecent(open, key, handle, MOST_OPEN);
  };
}

/** No model is given for a role that a stage uses. */
export function missingRole(role: string): CopeError {
  return new CopeError(
    "OPTIONS_INVALID",
    `no model is given for the role "${role}".`,
    `pass one: createCope({ models: { ${role}: "provider:model" } }).`,
  );
}
