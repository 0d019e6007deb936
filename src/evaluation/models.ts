import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { createCaller, type CallContext, type CallRequest } from "../models/call.js";
import { embedder } from "../models/embedder.js";
import type { ModelLike } from "../models/given.js";
import { memoryJournal } from "../models/journal.js";
import { createPriceBook, type PriceBook } from "../models/prices.js";
import { createRoles, EMBEDDED, missingRole } from "../models/roles.js";
import type { Tape } from "../models/tape.js";
import { pricedModel, type ChatHandle } from "../models/types.js";
import { requireAbilities } from "../models/abilities.js";
import { roomFor } from "../nodes/thinking.js";
import type { Price, Thinking } from "../state/options.js";
import { gradeByFamily, type Asker } from "./ask.js";
import type { Series } from "./series.js";
import { topOf } from "./wordings.js";

/** Attempts at one call where nothing else is said. */
export const ATTEMPTS = 3;

/** Models and limits of a recording. */
export interface ModelOptions {
  /** Models by role. @default the embedded pair for `small` and `large` */
  models?: Readonly<Record<string, ModelLike>>;
  /** What makes vectors of answers for methods that score by them. @default the small model's own embeddings */
  embeddings?: EmbeddingsInterface;
  /** Own prices, USD per million tokens, by `provider:model`. */
  prices?: Record<string, Price>;
  /** Room for thinking, only for models that think. @default 2048 tokens for models on this machine, 4096 for hosted ones */
  thinking?: Thinking;
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
    ...(part !== "plan" ? [stage.execute.by] : []),
  ]);
  return [...new Set(asked)];
}

/** The models of a recording, opened. */
export interface OpenModels {
  /** By role, of the roles that series ask. */
  handles: Readonly<Record<string, ChatHandle>>;
  /** Of `small` and `large`, also where no series asks them; undefined where such a one cannot be opened. */
  pair: Readonly<Record<string, ChatHandle | undefined>>;
  /** By role, of the roles whose answers methods want vectors of. */
  embedders: Readonly<Record<string, ChatHandle>>;
  prices: PriceBook;
}

/**
 * Opens the models of all series. Everything a person must mend is told here, before the first call.
 *
 * @throws CopeError `OPTIONS_INVALID` for a role without a model, `ABILITY_MISSING` where log-probabilities are wanted of a
 *   model that has none, or embeddings, and what opening a model throws
 */
export async function openModels(
  series: readonly Series[],
  {
    models = {},
    prices = {},
    embeddings,
    logprobs = false,
  }: Pick<ModelOptions, "models" | "prices" | "embeddings"> & { logprobs?: boolean },
): Promise<OpenModels> {
  const roles = createRoles(models);
  const open = async (role: string) => {
    const model = models[role] ?? EMBEDDED[role];
    if (model === undefined) throw missingRole(role);
    return roles(role, typeof model === "string" ? model : "given");
  };
  const handles: Record<string, ChatHandle> = {};
  for (const role of rolesOfSeries(series)) {
    handles[role] = await open(role);
    const reads = series.some(({ stage, ...one }) => stage.execute.by === role && topOf(one) !== undefined);
    if (logprobs || reads)
      await requireAbilities(
        handles[role],
        ["logprobs"],
        logprobs ? "--logprobs" : "a method that reads probabilities",
      );
  }
  const embedders = Object.fromEntries(
    rolesOfSeries(series.filter(({ part }) => part === "vector")).map((role) => [
      role,
      embedder(handles[role]!, embeddings, "a method that scores answers by vectors"),
    ]),
  );
  const pair = {
    small: handles["small"] ?? (await open("small").catch(() => undefined)),
    large: handles["large"] ?? (await open("large").catch(() => undefined)),
  };
  return { handles, pair, embedders, prices: createPriceBook(prices) };
}

/** What draws are made by, and what was seen of models so far. */
interface AskerParts extends Pick<Asker, "family" | "seed" | "logprobs" | "saw"> {
  tape: Tape;
  /** Tokens for thinking, by role. */
  rooms: Readonly<Record<string, number>>;
}

/** Room for the models that are known to think: by their names, or by what `seen` roles did before. */
export function roomsOf(
  handles: OpenModels["handles"],
  { thinking, seen = [] }: Pick<ModelOptions, "thinking"> & { seen?: readonly string[] | undefined },
): Record<string, number> {
  const thinks = Object.entries(handles).filter(([role, handle]) => handle.thinks || seen.includes(role));
  return Object.fromEntries(thinks.map(([role, handle]) => [role, roomFor(thinking?.tokens, handle)]));
}

/** The door through which draws are made. */
export function createAsker(
  { handles, embedders, prices }: Pick<OpenModels, "handles" | "embedders" | "prices">,
  { tape, family, seed, logprobs, rooms, saw }: AskerParts,
  { concurrency = 8, attempts = ATTEMPTS, callTimeoutMs = 600_000, signal }: ModelOptions,
): Asker {
  const handleOf = ({ role, purpose }: Pick<CallRequest, "role" | "purpose">) =>
    (purpose === "embed" ? embedders : handles)[role]!;
  const call = createCaller({ journal: memoryJournal(), tape });
  return {
    family,
    seed,
    logprobs,
    identity: (request) => pricedModel(handleOf(request)),
    room: (role) => rooms[role],
    isSeen: (role) => rooms[role] !== undefined && handles[role]?.thinks === undefined,
    saw,
    call(request) {
      const context: CallContext = {
        model: handleOf(request),
        prices,
        namespace: "",
        turn: 1,
        attempts,
        concurrency,
        callTimeoutMs,
        ...(signal ? { signal } : {}),
      };
      return call(request, context);
    },
    grade: (problem, value) => gradeByFamily(family, problem, value),
  };
}
