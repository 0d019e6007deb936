import type { ErrorObject } from "ajv";
import { isObject } from "./canonical.js";

/** A number as JSON would write it, and true and false: what is meant is beyond doubt, unlike "12,5", "$5" or "yes". */
const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;
const WORDS: Readonly<Record<string, boolean>> = { true: true, false: false };

/**
 * A copy of a value in which texts are numbers, or true and false, where a schema said that it wants those. Nothing else is
 * changed: no number becomes a text, nothing becomes null, nothing is left out.
 *
 * @param errors - what the schema found wrong with the value
 * @returns `undefined` where there is nothing to change
 */
export function coerce(value: unknown, errors: readonly ErrorObject[]): unknown {
  const copy = structuredClone(value);
  let changed = false;
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== "type" || instancePath === "") continue;
    const steps = instancePath
      .slice(1)
      .split("/")
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    const name = steps.pop()!;
    const holder = steps.reduce<unknown>((at, step) => (isHolder(at) ? at[step] : undefined), copy);
    if (!isHolder(holder) || !Object.hasOwn(holder, name)) continue;
    const meant = meantBy(holder[name], [(params as { type: string | string[] }).type].flat());
    if (meant === undefined) continue;
    holder[name] = meant;
    changed = true;
  }
  return changed ? copy : undefined;
}

const isHolder = (value: unknown): value is Record<string, unknown> => isObject(value) || Array.isArray(value);

function meantBy(value: unknown, wanted: readonly string[]): number | boolean | undefined {
  if (typeof value !== "string") return;
  const text = value.trim();
  if (wanted.some((type) => type === "number" || type === "integer") && NUMBER.test(text)) return Number(text);
  return wanted.includes("boolean") && Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
}
