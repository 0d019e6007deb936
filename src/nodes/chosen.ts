import { CopeError } from "../errors.js";
import { parseOptions } from "../options-error.js";
import { stricter } from "../state/ask.js";
import { RunOptions, type Budget } from "../state/options.js";

/**
 * What a thread's runs have chosen so far, with what this run chooses: it lasts until it is changed. `null` gives an option, or
 * one key of `models`, `prices`, `budget` or `ask`, back to what the graph was built with.
 *
 * @param before - what earlier turns have chosen
 * @param overlays - this run's own: input key `options`, then context
 * @throws CopeError OPTIONS_INVALID
 */
export function chosenBy(before: RunOptions, overlays: readonly unknown[]): RunOptions {
  let [kept, now]: [RunOptions, RunOptions] = [overlaid({}, before), {}];
  for (const overlay of overlays) {
    const { values, nulls } = parted(overlay ?? {});
    // What this very run asks for twice binds twice; what earlier turns asked for is changed by it.
    now = overlaid(without(now, nulls), values);
    kept = without(kept, nulls);
  }
  const nested = NESTED.map((key) => [key, { ...kept[key], ...now[key] }] as const);
  const whole = { ...kept, ...now, ...Object.fromEntries(nested) };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => !isEmpty(value)));
}

/** What is chosen later wins, model by model and price by price; a limit can only be made tighter. */
export function overlaid(
  below: RunOptions,
  { small, large, models, prices, budget, ask, ...rest }: RunOptions,
): RunOptions {
  const both = stricter(below.ask, ask);
  return {
    ...below,
    ...defined(rest),
    models: { ...below.models, ...models, ...defined({ small, large }) },
    prices: { ...below.prices, ...prices },
    budget: tighter(below.budget ?? {}, budget ?? {}),
    ...(both ? { ask: both } : {}),
  };
}

const NESTED = ["models", "prices", "budget", "ask"] as const;
const isNested = (key: string): key is (typeof NESTED)[number] => NESTED.some((name) => name === key);

/** A path of one or two keys. */
type Path = readonly [key: string, inner?: string];

/** What is chosen, and what is given back. */
function parted(overlay: unknown): { values: RunOptions; nulls: Path[] } {
  if (!isObject(overlay)) return { values: parseOptions(RunOptions, overlay, "options"), nulls: [] };
  const nulls: Path[] = [];
  const kept = (fields: Record<string, unknown>, outer?: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([key, value]) => {
        if (value === null) nulls.push(outer === undefined ? [key] : [outer, key]);
        if (value === null || value === undefined) return [];
        return [[key, outer === undefined && isNested(key) && isObject(value) ? kept(value, key) : value]];
      }),
    );
  const values = parseOptions(RunOptions, kept(overlay), "options");
  const unknown = nulls.find(([key]) => !(key in RunOptions.shape));
  if (unknown)
    throw new CopeError("OPTIONS_INVALID", `options: there is no "${unknown[0]}".`, "correct the field it names.");
  return { values, nulls };
}

/** Models are kept by role, whichever way they were named. */
function without(options: RunOptions, nulls: readonly Path[]): RunOptions {
  const left: Record<string, unknown> = { ...options };
  for (const [key, inner] of nulls) {
    const [outer, name] = key === "small" || key === "large" ? ["models", key] : [key, inner];
    if (name === undefined) delete left[outer];
    else {
      const { [name]: _, ...others } = (left[outer] ?? {}) as Record<string, unknown>;
      left[outer] = others;
    }
  }
  return left;
}

function tighter(a: Budget, b: Budget): Budget {
  const least = (key: keyof Budget) => Math.min(a[key] ?? Infinity, b[key] ?? Infinity);
  const keys = Object.keys({ ...defined(a), ...defined(b) }) as (keyof Budget)[];
  return Object.fromEntries(keys.map((key) => [key, least(key)]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown): boolean =>
  value === undefined || (isObject(value) && Object.keys(value).length === 0);

/** A form sends empty fields as undefined: those are not choices. */
function defined<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value != null)) as never;
}
