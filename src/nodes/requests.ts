import type { AnyFamily, GuidelineStyle, ShownPlans } from "../families/types.js";
import type { AbilityName } from "../models/abilities.js";
import type { CallRequest } from "../models/call.js";
import { NO_SAMPLING } from "../models/embedder.js";
import { deriveSeed } from "../models/seed.js";
import type { Json } from "../state/json.js";
import type { Stage } from "../state/stage.js";
import type { Critique } from "./critique.js";

/** What a stage's call depends on beside the stage: the same for a run of the graph and for draws that are recorded. */
export interface Asking {
  family: Pick<AnyFamily, "prompts">;
  task: Json;
  stage: Stage;
  /** Seed of the run; the call's own derives from it and from its id. */
  seed: number;
  /** `turn/stage/index` for what is drawn once a sample, `turn/stage` for what is drawn once a stage. */
  id: string;
}

/** The call that writes a plan of `stage.plan`'s kind. */
export function planRequest(
  { family: { prompts }, task, stage, seed, id }: Asking,
  style: GuidelineStyle,
  critique: Critique = {},
): CallRequest {
  const { by, kind, temperature, maxTokens } = stage.plan!;
  const limits = prompts.limits[kind];
  const call = `${id}/${kind}`;
  return {
    call,
    role: by,
    stage: stage.name,
    purpose: kind,
    messages: prompts.plan(task as never, { kind, style, ...critique }),
    sampling: {
      temperature,
      maxTokens: maxTokens ?? limits.maxTokens,
      ...(limits.stop ? { stop: limits.stop } : {}),
      seed: deriveSeed(seed, call),
    },
  };
}

/** The call that draws one sample. `needs`: what the stage's scorer needs of the model. */
export function executeRequest(
  { family: { prompts }, task, stage, seed, id }: Asking,
  shown: ShownPlans,
  needs: readonly AbilityName[] = [],
): CallRequest {
  const limits = prompts.limits.execute;
  const call = `${id}/execute`;
  const tools = prompts.tools?.(task as never) ?? [];
  const grammar = prompts.grammar?.(task as never);
  return {
    call,
    role: stage.execute.by,
    stage: stage.name,
    purpose: "execute",
    messages: prompts.execute(task as never, shown),
    sampling: {
      temperature: stage.execute.temperature,
      maxTokens: stage.execute.maxTokens ?? limits.maxTokens,
      ...(limits.stop ? { stop: limits.stop } : {}),
      seed: deriveSeed(seed, call),
      ...(needs.includes("logprobs") ? { logprobs: true } : {}),
      ...(grammar === undefined ? {} : { grammar }),
    },
    ...(tools.length > 0 ? { tools } : {}),
  };
}

/** The call that makes a vector of a text. Nothing depends on its seed. */
export function embedRequest({
  text,
  ...request
}: Pick<CallRequest, "role" | "stage" | "call"> & { text: string }): CallRequest {
  return { ...request, purpose: "embed", messages: [{ role: "user", content: text }], sampling: NO_SAMPLING };
}
