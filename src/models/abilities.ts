import { CopeError } from "../errors.js";
import type { ChatHandle } from "./types.js";

/**
 * What a model may be able to do beyond answering, by name:
 * - `logprobs`: the log-probability of each token it generated;
 * - `continuation`: going on from the middle of an assistant's text;
 * - `severalSamples`: several samples of one prompt in one call;
 * - `tools`: calling tools; `schema`: an answer that follows a JSON schema;
 * - `embeddings`: vectors of texts; `tokenCount`: the exact number of tokens of a text, without generating any.
 */
export const ABILITY_NAMES = [
  "logprobs",
  "continuation",
  "severalSamples",
  "tools",
  "schema",
  "embeddings",
  "tokenCount",
] as const;
/** Name of an ability: see `ABILITY_NAMES`. */
export type AbilityName = (typeof ABILITY_NAMES)[number];

/** Whether a model has an ability, and where that is known from. */
export interface Ability {
  /** `unknown` is treated as missing wherever the ability is needed: nothing is guessed. */
  has: boolean | "unknown";
  /** `declared`: by the provider's documentation. `probed`: a tiny request was sent to the very server. */
  from: "declared" | "probed";
  /** What was seen, or why it is not known. */
  why?: string;
  /** What to do where it is missing, if there is something better than another model. */
  remedy?: string;
}

/** One description per model of what it can do. */
export type Abilities = Record<AbilityName, Ability>;

/** What nobody has said and nobody can ask. */
export const UNKNOWN: Ability = { has: "unknown", from: "declared", why: "nothing is known of this model" };

/** True for the name of an ability. */
export function isAbilityName(name: unknown): name is AbilityName {
  return (ABILITY_NAMES as readonly unknown[]).includes(name);
}

/**
 * Everything that is known of a model, one ability after the other. May send a few tiny requests, once per process and
 * server.
 *
 * @throws CopeError where the server does not answer, refuses the key, or does not know the model
 */
export async function abilitiesOf(handle: ChatHandle, signal?: AbortSignal): Promise<Abilities> {
  const known: Partial<Abilities> = {};
  for (const name of ABILITY_NAMES) known[name] = (await handle.ability?.(name, signal)) ?? UNKNOWN;
  return known as Abilities;
}

/**
 * Makes sure that a model has what a scorer or a strategy needs, before anything is paid.
 *
 * @param who - who needs it, as the error names it: `the scorer of stage "solo"`
 * @throws CopeError `ABILITY_MISSING`, and what asking the server throws
 */
export async function requireAbilities(
  handle: ChatHandle,
  needs: readonly AbilityName[],
  who: string,
  signal?: AbortSignal,
): Promise<void> {
  for (const name of needs) {
    const ability = (await handle.ability?.(name, signal)) ?? UNKNOWN;
    if (ability.has !== true) throw abilityMissing(handle.identity, name, ability, who);
  }
}

const WORDS: Record<AbilityName, string> = {
  logprobs: "log-probabilities",
  continuation: "continuing an assistant's text",
  severalSamples: "several samples a call",
  tools: "tool calls",
  schema: "answers by JSON schema",
  embeddings: "embeddings",
  tokenCount: "exact token counts",
};

/** An ability as a person calls it. */
export function abilityWords(name: AbilityName): string {
  return WORDS[name];
}

const OWN_REMEDIES: Partial<Record<AbilityName, string>> = {
  embeddings:
    'pass LangChain embeddings (createCope({ embeddings })), name a scorer that needs none (scorer: "vote"), or use a model that has them, such as an embedded one ("llama:…").',
};

/** The error for a model that lacks what `who` needs, or of which it is not known. */
export function abilityMissing(
  { provider, model }: { provider: string; model: string },
  name: AbilityName,
  { has, why, remedy }: Ability,
  who: string,
): CopeError {
  const lacks = has === "unknown" ? "it is not known whether it has them" : "it has none";
  return new CopeError(
    "ABILITY_MISSING",
    `${who} needs ${WORDS[name]} (${name}) of ${provider}:${model}, and ${lacks}${why ? ` (${why})` : ""}.`,
    remedy ??
      OWN_REMEDIES[name] ??
      `use a model that has them, such as an embedded one ("llama:…"); \`cope doctor --model PROVIDER:MODEL\` says what a model can do.`,
  );
}
