import { createRequire } from "node:module";
import type { Ajv, Options } from "ajv";
import type { FormatsPlugin } from "ajv-formats";

const require = createRequire(import.meta.url);

/** Where a draft's validator is. */
export const AJV = { "2020-12": "ajv/dist/2020.js", "2019-09": "ajv/dist/2019.js", "draft-07": "ajv" } as const;

/**
 * A validator of a draft, loaded when a schema is first used: most runs have none. A new one for each schema, since `$id`s are
 * remembered.
 */
export function newAjv(draft: keyof typeof AJV, useDefaults: boolean): Ajv {
  const { default: Made } = require(AJV[draft]) as { default: new (options: Options) => Ajv };
  const addFormats = require("ajv-formats") as { default: FormatsPlugin };
  const code = { regExp: Object.assign(toRegExp, { code: "new RegExp" }) };
  const ajv = new Made({ strict: false, allErrors: true, logger: false, messages: false, useDefaults, code });
  addFormats.default(ajv);
  ajv.addFormat("regex", (text: string) => isRegExp(text));
  if (draft === "draft-07") ajv.addMetaSchema(require("ajv/dist/refs/json-schema-draft-06.json") as object);
  // Its own divides as a computer does: 19.99 would be no multiple of 0.01.
  ajv.removeKeyword("multipleOf");
  return ajv.addKeyword({ keyword: "multipleOf", type: "number", schemaType: "number", validate: isMultiple });
}

/** As JSON Schema wants it, with the flag `u`; patterns that are valid without it alone, as by `\-`, are taken so. */
function toRegExp(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch (error) {
    // An unknown escape of a letter, such as Python's \Z, would silently be the letter.
    if (/\\[A-Za-z]/.test(pattern.replace(/\\[\\dDwWsSbBnrtvfcxu]/g, ""))) throw error;
    return new RegExp(pattern);
  }
}

function isRegExp(text: string): boolean {
  try {
    toRegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Exact, on the digits as they are written. */
function isMultiple(step: number, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  const [one, other] = [decimal(value), decimal(step)];
  const most = Math.max(one.places, other.places);
  return (one.digits * 10n ** BigInt(most - one.places)) % (other.digits * 10n ** BigInt(most - other.places)) === 0n;
}

/** `digits / 10 ** places`. */
function decimal(number: number): { digits: bigint; places: number } {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(number)) ?? [];
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}
