import { createCaller } from "../../models/call.js";
import { memoryJournal } from "../../models/journal.js";
import { createPriceBook, type PriceBook } from "../../models/prices.js";
import { createRoles, EMBEDDED, missingRole } from "../../models/roles.js";
import { openTape } from "../../models/tape.js";
import { withRoom } from "../../models/thinking/reply.js";
import type { ChatHandle } from "../../models/types.js";
import { roomFor } from "../../nodes/thinking.js";
import type { Message } from "../../state/message.js";
import { ATTEMPTS, type ModelOptions } from "../models.js";
import { requirePrices } from "../price-unknown.js";
import { createSpending, type SpendingLimits } from "../spending.js";
import { JUDGE_TOKENS } from "./prompts.js";
import { pricedModel } from "../../models/types.js";

/** Who judges, and under which limits. */
export interface JudgeModelOptions extends Omit<ModelOptions, "embeddings"> {
  /** The role whose model judges: `large`, or any other with a model. */
  judge: string;
  /** File of the tape: a judgement on record is not asked for again. */
  tape: string;
  limits?: SpendingLimits;
}

/** A judge, ready to be asked. */
export interface Judge {
  /** `provider:model`. */
  model: string;
  /** The judge's text, or that the call failed. @throws what no retry mends; `BUDGET_TOO_SMALL`; the signal's reason */
  ask(call: string, messages: readonly Message[]): Promise<{ text: string } | { failed: string }>;
  spent(): { calls: number; usd: number | null };
  close(): void;
}

/** The model that judges, opened, and what it costs. */
export interface OpenJudge {
  handle: ChatHandle;
  prices: PriceBook;
}

/**
 * The model that is to judge, opened: tells what a person must mend before anything is paid for.
 *
 * @throws CopeError `OPTIONS_INVALID` for a role without a model, `PRICE_UNKNOWN` for a limit in dollars on a model without a
 *   price, and what opening a model throws
 */
export async function judgeModel({
  judge,
  models = {},
  prices: own = {},
  limits,
}: Pick<JudgeModelOptions, "judge" | "models" | "prices" | "limits">): Promise<OpenJudge> {
  const model = models[judge] ?? EMBEDDED[judge];
  if (model === undefined) throw missingRole(judge);
  const handle = await createRoles(models)(judge, typeof model === "string" ? model : "given");
  const prices = createPriceBook(own);
  requirePrices([pricedModel(handle)], prices, limits);
  return { handle, prices };
}

/** Tokens that a judge may think beside its answer, if it thinks. */
export const judgeRoom = (model: ChatHandle): number | undefined =>
  model.thinks ? roomFor(undefined, model) : undefined;

/** Opens a judge: greedy, through the one door to models, on a tape. @throws as `judgeModel` and `openTape` do */
export async function openJudge(options: JudgeModelOptions): Promise<Judge> {
  const { judge: role, limits = {}, attempts = ATTEMPTS, concurrency = 8, callTimeoutMs = 600_000, signal } = options;
  const { handle: model, prices } = await judgeModel(options);
  const tape = openTape(options.tape);
  const spending = createSpending(tape, { limits, prices, attempts });
  const call = createCaller({ journal: memoryJournal(), tape: spending.tape });
  const room = judgeRoom(model);
  const context = { model, prices, namespace: "", turn: 1, attempts, concurrency, callTimeoutMs };
  return {
    model: `${model.identity.provider}:${model.identity.model}`,
    async ask(id, messages) {
      const request = { call: id, role, stage: "judge", purpose: "execute", messages } as const;
      const sampling = { temperature: 0, maxTokens: JUDGE_TOKENS, seed: 0 };
      const outcome = await call(withRoom({ ...request, sampling }, room), {
        ...context,
        ...(signal ? { signal } : {}),
      });
      spending.add(outcome.entries);
      return outcome.reply ? { text: outcome.reply.text } : { failed: outcome.failed!.message };
    },
    spent: () => ({ calls: spending.calls(), usd: spending.usd() }),
    close: () => tape.close(),
  };
}
