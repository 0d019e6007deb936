import type { AnyFamily } from "../families/types.js";
import { createCaller, type CallContext } from "../models/call.js";
import type { ModelLike } from "../models/given.js";
import { memoryJournal } from "../models/journal.js";
import { createPriceBook, type PriceBook } from "../models/prices.js";
import { createRoles, EMBEDDED, missingRole } from "../models/roles.js";
import type { Tape } from "../models/tape.js";
import type { ChatHandle } from "../models/types.js";
import { requireAbilities } from "../models/abilities.js";
import type { Price } from "../state/options.js";
import type { Asker } from "./ask.js";
import type { Problem } from "./problem.js";
import type { Series } from "./series.js";

/** Models and limits of a recording. */
export interface ModelOptions {
  /** Models by role. @default the embedded pair for `small` and `large` */
  models?: Readonly<Record<string, ModelLike>>;
  /** Own prices, USD per million tokens, by `provider:model`. */
  prices?: Record<string, Price>;
  /** Calls under way at once. @default 8 */
  concurrency?: number;
  /** Attempts at one call, the first included. @default 3 */
  attempts?: number;
  /** @default 600000 */
  callTimeoutMs?: number;
  signal?: AbortSignal;
}

/** The roles that series ask. */
export function rolesOfSeries(series: readonly Series[]): string[] {
  const asked = series.flatMap(({ stage, part }) => [
    ...(stage.plan && (part === "plan" || stage.plan.kind === "goal") ? [stage.plan.by] : []),
    ...(part === "sample" ? [stage.execute.by] : []),
  ]);
  return [...new Set(asked)];
}

/**
 * Opens the models of all series, and the door through which draws are made. Everything a person must mend is told here,
 * before the first call.
 *
 * @throws CopeError `OPTIONS_INVALID` for a role without a model, `ABILITY_MISSING` where log-probabilities are wanted of a
 *   model that has none, and what opening a model throws
 */
export async function openModels(
  {
    series,
    tape,
    family,
    seed,
    logprobs,
  }: { series: readonly Series[]; tape: Tape; family: AnyFamily; seed: number; logprobs: boolean },
  { models = {}, prices = {}, concurrency = 8, attempts = 3, callTimeoutMs = 600_000, signal }: ModelOptions,
): Promise<Asker & { handles: Readonly<Record<string, ChatHandle>>; prices: PriceBook }> {
  const roles = createRoles(models);
  const handles: Record<string, ChatHandle> = {};
  for (const role of rolesOfSeries(series)) {
    const model = models[role] ?? EMBEDDED[role];
    if (model === undefined) throw missingRole(role);
    handles[role] = await roles(role, typeof model === "string" ? model : "given");
    if (logprobs) await requireAbilities(handles[role], ["logprobs"], "--logprobs");
  }
  const call = createCaller({ journal: memoryJournal(), tape });
  const priceBook = createPriceBook(prices);
  return {
    family,
    seed,
    logprobs,
    handles,
    prices: priceBook,
    identity: (role) => handles[role]!.identity,
    call(request) {
      const context: CallContext = {
        model: handles[request.role]!,
        prices: priceBook,
        namespace: "",
        turn: 1,
        attempts,
        concurrency,
        callTimeoutMs,
        ...(signal ? { signal } : {}),
      };
      return call(request, context);
    },
    grade: async ({ gold }: Problem, value) => (typeof gold === "string" ? await family.same(gold, value) : null),
  };
}
