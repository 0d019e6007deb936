import { Command, Option } from "commander";
import type { z } from "zod";
import { CopeError } from "../errors.js";

/** What checks are built from. Loaded when a command runs: `--help` needs no schemas. */
const loadSchemas = async () => ({
  ...(await import("zod")),
  ...(await import("../state/options.js")),
  ...(await import("../state/stage.js")),
  ...(await import("../state/stage.js")),
});

/** The schema that a flag's value has to meet. */
type Check<Value> = (schemas: Awaited<ReturnType<typeof loadSchemas>>) => z.ZodType<Value> | Promise<z.ZodType<Value>>;

/** One flag, declared once: how it is typed, what help says, how it is read, and what it may be. */
interface Flag<Given, Value> {
  /** What follows the name, such as `<file>`; empty for a switch. */
  placeholder: string;
  about: string;
  /** May be given several times. */
  repeatable?: boolean;
  /** Typed as `--no-NAME`: the value is true without it. */
  negated?: boolean;
  read(typed: Given): unknown;
  check?: Check<Value>;
}

type Flags = Readonly<Record<string, Flag<any, any>>>;

/** A command's flags as they are typed. */
export type Typed<F> = { [Name in keyof F]?: F[Name] extends Flag<infer Given, any> ? Given : never };

/** A command's flags as they are read. */
export type Values<F> = { [Name in keyof F]?: F[Name] extends Flag<any, infer Value> ? Value : never };

/** A flag that takes a text. `read` makes of it what `check` is shown. */
export const text = <Value = string>(
  placeholder: string,
  about: string,
  check?: Check<Value>,
  read: (typed: string) => unknown = (typed) => typed,
): Flag<string, Value> => ({ placeholder, about, read, check });

/** A flag that takes a number. What is none reaches the check as NaN, and the error tells it as it was typed. */
export const number = <Value = number>(placeholder: string, about: string, check?: Check<Value>) =>
  text(placeholder, about, check ?? (({ z }) => z.number() as unknown as z.ZodType<Value>), numberOf);

/** A flag that takes numbers with commas between. */
export const numbers = <Value = number[]>(placeholder: string, about: string, check?: Check<Value>) =>
  text(placeholder, about, check ?? (({ z }) => z.array(z.number()) as unknown as z.ZodType<Value>), numbersOf);

/** A flag that takes texts with commas between. */
export const list = <Value = string[]>(placeholder: string, about: string, check?: Check<Value>) =>
  text(placeholder, about, check, listOf);

/** A flag that may be given several times. */
export const many = <Value = string[]>(
  placeholder: string,
  about: string,
  check?: Check<Value>,
  read: (typed: string[]) => unknown = (typed) => typed,
): Flag<string[], Value> => ({ placeholder, about, repeatable: true, read, check });

/** A flag that takes nothing. */
export const on = (about: string): Flag<boolean, boolean> => ({ placeholder: "", about, read: (typed) => typed });

/** A flag that takes nothing and turns off what is on without it. */
export const off = (about: string): Flag<boolean, boolean> => ({ ...on(about), negated: true });

/** `--json`, which every command has. */
export const json = on("one JSON document on stdout");

/** Tells the command line the exit code of a command that does not simply succeed. */
export type Done = (exit: number) => void;

/** What a command is made of. */
interface CommandParts<F extends Flags> {
  name: string;
  about: string;
  /** Its arguments, as `<name>` or `[name]`, with what help says of each. */
  args?: Readonly<Record<string, string>>;
  flags: F;
  /** What help ends with. */
  example?: string;
  /** Imports what is heavy itself. Returns an exit code where it is not 0. */
  run(typed: Typed<F>, ...args: any[]): Promise<number | void>;
}

/** Makes a command of its parts. */
export function command<F extends Flags>(
  { name, about, args = {}, flags, example, run }: CommandParts<F>,
  done?: Done,
): Command {
  const made = new Command(name).description(about);
  for (const [argument, words] of Object.entries(args)) made.argument(argument, words);
  for (const [key, flag] of Object.entries(flags)) made.addOption(optionOf(key, flag));
  if (example) made.addHelpText("after", `\n${example}`);
  return made.action(async (...given: unknown[]) => {
    const typed = given.at(-2) as Typed<F>;
    const exit = await run(typed, ...given.slice(0, -2));
    if (exit !== undefined) done?.(exit);
  });
}

/** A command that only holds others. */
export function group(name: string, about: string, commands: readonly Command[]): Command {
  const made = new Command(name).description(about);
  for (const one of commands) made.addCommand(one);
  return made;
}

function optionOf(key: string, { placeholder, about, repeatable, negated }: Flag<any, any>): Option {
  const option = new Option(`--${negated ? "no-" : ""}${kebab(key)} ${placeholder}`.trim(), about);
  return repeatable ? option.argParser((one: string, before: string[] = []) => [...before, one]) : option;
}

/**
 * Reads the flags of a command, and checks them.
 *
 * @throws CopeError `OPTIONS_INVALID`, naming the flag as it is typed
 */
export async function parse<F extends Flags>(name: string, flags: F, typed: Typed<F>): Promise<Values<F>> {
  const [{ parseOptions }, schemas] = await Promise.all([import("../options-error.js"), loadSchemas()]);
  const shape: Record<string, z.ZodType> = {};
  const values: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(flags)) {
    const given = typed[key];
    if (given === undefined) continue;
    values[key] = flag.read(given);
    shape[key] = (await flag.check?.(schemas)) ?? schemas.z.any();
  }
  return parseOptions(schemas.z.object(shape), values, name, flagWords(typed, name)) as Values<F>;
}

/** How an error tells of fields that have the names of flags. */
export function flagWords(typed: object, name: string) {
  return {
    name: (path: string) => `--${kebab(path.split(".")[0]!)}`,
    given: (path: string) => {
      const given = (typed as Record<string, unknown>)[path.split(".")[0]!];
      return typeof given === "string" ? given : undefined;
    },
    remedy: `see \`cope ${name} --help\`.`,
  };
}

/** The first of some flags that is typed. */
export const firstTyped = <T extends object, Name extends keyof T & string>(
  typed: T,
  names: readonly Name[],
): Name | undefined => names.find((name) => typed[name] !== undefined);

/** An error about flags. */
export const wrong = (reason: string, remedy: string) => new CopeError("OPTIONS_INVALID", reason, remedy);

/** The number that was typed: NaN where it is none, for a check to tell. */
export const numberOf = (typed: string): number => (typed.trim() === "" ? Number.NaN : Number(typed));

/** What was typed with commas between. */
export const listOf = (typed: string): string[] => typed.split(",").map((part) => part.trim());

const numbersOf = (typed: string): number[] => listOf(typed).map(numberOf);

/** A name and a value with `=` between. @throws CopeError `OPTIONS_INVALID` */
export function pairOf(typed: string, flag: string, name: string): [string, string] {
  const at = typed.indexOf("=");
  if (at > 0 && at < typed.length - 1) return [typed.slice(0, at).trim(), typed.slice(at + 1).trim()];
  throw wrong(`--${flag}: a name, "=" and a value are needed, "${typed}" is given.`, `see \`cope ${name} --help\`.`);
}

/** US dollars per million tokens. */
export type Prices = Record<string, { input: number; output: number }>;

/**
 * Prices as `--price` gives them: whose each is, and US dollars per million tokens in and out.
 *
 * @param example - a right one, for the error
 * @throws CopeError `OPTIONS_INVALID`
 */
export const pricesOf = (typed: readonly string[], example = "openai:mine=0.15,0.6"): Prices =>
  Object.fromEntries(
    typed.map((one) => {
      const cut = one.lastIndexOf("=");
      const [input, output, ...more] = numbersOf(one.slice(cut + 1));
      const isWhole = cut > 0 && output !== undefined && more.length === 0 && ![input, output].some(Number.isNaN);
      if (isWhole) return [one.slice(0, cut).trim(), { input: input!, output }];
      throw wrong(`--price: "${one}" is given.`, `give two prices, as --price ${example}.`);
    }),
  );

/** A flag as it is typed, of its name in code. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** An object without the fields that are undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}

/** The flags of commands that read a recording. */
export const recordingFlags = {
  tape: text("<file>", "a tape or an export of draws (default: the newest tape under ./runs)"),
  recording: text("<id>", "which recording of the tape (default: the one begun last)"),
  data: text("<file>", "data set that grades values which are read otherwise today"),
};

/** The flags of commands that look at one list of stages in a recording. */
export const stagesFlags = {
  ...recordingFlags,
  limit: number("<n>", "only the first so many problems of the recording", ({ z }) => z.int().min(1)),
  strategy: text("<name>", "cope, cope:s1s2, cope:s2s3, cope:direct (default: cope)"),
  stages: text("<file>", "a stage list of your own, as JSON, in place of a strategy"),
};
