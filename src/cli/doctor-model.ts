import { CopeError } from "../errors.js";
import type { Abilities, AbilityName } from "../models/abilities.js";
import type { Finding } from "./doctor.js";

/** What a model can do and cannot, as its provider declares or its server shows: a few tiny requests are sent to it. */
export async function modelFinding(spec: string): Promise<Finding> {
  const [{ resolveModel }, { abilitiesOf }, { roomFor }] = await Promise.all([
    import("../models/resolve.js"),
    import("../models/abilities.js"),
    import("../nodes/thinking.js"),
  ]);
  const what = `model ${spec}`;
  try {
    const handle = await resolveModel(spec);
    const abilities = await abilitiesOf(handle);
    // Of one that is not declared to think only its answers tell: nothing is said of it.
    const thinks = handle.thinks && { thinks: { tokens: roomFor(undefined, handle) } };
    const room = thinks ? `; thinks before it answers, with room for ${thinks.thinks.tokens} tokens` : "";
    const detail = `${await said(abilities)}${room}`;
    return { what, ok: true, needed: true, detail, ...remedyOf(abilities), abilities, ...thinks };
  } catch (error) {
    if (!CopeError.isInstance(error)) throw error;
    return {
      what,
      ok: false,
      needed: true,
      detail: `[${error.code}] ${error.reason.replace(/\.$/, "")}`,
      remedy: error.remedy,
    };
  }
}

async function said(abilities: Abilities): Promise<string> {
  const { ABILITY_NAMES, abilityWords } = await import("../models/abilities.js");
  const named = (has: boolean | "unknown") =>
    ABILITY_NAMES.filter((name) => abilities[name].has === has)
      .map((name) => word(abilityWords(name), abilities[name].from))
      .join(", ");
  return [
    ["has", named(true)],
    ["has not", named(false)],
    ["not known", named("unknown")],
  ]
    .filter(([, names]) => names !== "")
    .map(([title, names]) => `${title}: ${names}`)
    .join("; ");
}

const word = (name: string, from: "declared" | "probed") => `${name} (${from})`;

/** The way to what is missing, where there is one. */
function remedyOf(abilities: Abilities): { remedy?: string } {
  const names = Object.keys(abilities) as AbilityName[];
  const remedy = names.map((name) => abilities[name]).find((ability) => ability.has !== true && ability.remedy)?.remedy;
  return remedy ? { remedy } : {};
}

/**
 * The models that the environment points at, as strings: those that are loaded at Ollama, and what a server at
 * `OPENAI_BASE_URL` on this machine serves. No others: asking may load a model, or cost.
 */
export async function modelsAtHand(): Promise<string[]> {
  const [{ ollamaUrl }, { openAiUrl }, { isLoopback }] = await Promise.all([
    import("../models/ollama-v1.js"),
    import("../models/spec.js"),
    import("../models/local.js"),
  ]);
  const loaded = (await json(`${ollamaUrl(undefined)}/api/ps`))?.models;
  const base = openAiUrl();
  const served = isLoopback(base) && process.env["OPENAI_API_KEY"] ? (await json(`${base}/models`))?.data : [];
  const names = (list: unknown, key: string): string[] =>
    Array.isArray(list) ? list.map((each) => each?.[key]).filter((name) => typeof name === "string") : [];
  return [
    ...names(loaded, "name").map((name) => `ollama:${name}`),
    ...names(served, "id")
      .slice(0, 1)
      .map((name) => `openai:${name}`),
  ];
}

async function json(url: string): Promise<any> {
  const key = process.env["OPENAI_API_KEY"];
  const headers: Record<string, string> = url.endsWith("/models") && key ? { authorization: `Bearer ${key}` } : {};
  try {
    return await (await fetch(url, { headers, redirect: "error", signal: AbortSignal.timeout(1000) })).json();
  } catch {
    // Nobody there: the finding about the server says so.
    return undefined;
  }
}
