import { CopeError } from "../errors.js";
import type { FieldWords } from "../options-error.js";

/** Collects the values of a flag that may be given several times. */
export const many = (value: string, before: string[]): string[] => [...before, value];

/** The number that was typed: NaN where it is none, for a schema to tell; undefined where the flag is not there. */
export function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : text.trim() === "" ? Number.NaN : Number(text);
}

/** What was typed with commas between. */
export const listOf = (text: string): string[] => text.split(",").map((part) => part.trim());

/** Numbers with commas between, as `numberOf` reads each. */
export const numbersOf = (text: string | undefined): number[] | undefined =>
  text === undefined ? undefined : listOf(text).map((part) => numberOf(part)!);

/**
 * A price as `--price` gives it: whose it is, and US dollars per million tokens in and out.
 *
 * @param example - a right one, for the error
 * @throws CopeError `OPTIONS_INVALID`
 */
export function priceOf(text: string, example = "openai:mine=0.15,0.6"): [string, { input: number; output: number }] {
  const cut = text.lastIndexOf("=");
  const [input, output, ...more] = numbersOf(text.slice(cut + 1))!;
  const isWhole = cut > 0 && output !== undefined && more.length === 0 && ![input, output].some(Number.isNaN);
  if (isWhole) return [text.slice(0, cut).trim(), { input: input!, output }];
  throw new CopeError("OPTIONS_INVALID", `--price: "${text}" is given.`, `give two prices, as --price ${example}.`);
}

/** How an error tells of fields that have the names of flags. */
export function flagWords(flags: object, command: string): FieldWords {
  return {
    name: (path) => `--${kebab(path.split(".")[0]!)}`,
    given: (path) => {
      const typed = (flags as Record<string, unknown>)[path.split(".")[0]!];
      return typeof typed === "string" ? typed : undefined;
    },
    remedy: `see \`cope ${command} --help\`.`,
  };
}

/** A flag as it is typed, of its name in code. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** An object without the fields that are undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}
