import type { ShownPlans } from "../families/types.js";
import type { RunState } from "../state/channels.js";
import type { Json } from "../state/json.js";
import type { Preview } from "../state/pending.js";
import type { Stage } from "../state/stage.js";
import { shownPlans } from "./carry.js";
import type { Critique } from "./critique.js";
import type { Kit } from "./kit.js";
import { worstStage, type Worst } from "./limits.js";
import { isLastStage } from "./insist.js";
import { needsOf } from "./needs.js";
import { critiqueBefore } from "./plan.js";
import { executeRequest, planRequest } from "./requests.js";

/**
 * The requests a stage is about to send, by the functions that its planner and its executor send them by. What is still to
 * be written is told in brackets, and the request is then not `exact`.
 *
 * @param planned - its guideline is there: the requests that remain are the executor's
 */
export async function previewStage(
  kit: Kit,
  stage: Stage,
  state: RunState,
  { planned }: { planned: boolean },
): Promise<Preview[]> {
  const { settings, task, turn, wave } = state;
  const { samples, by: executor } = stage.execute;
  const family = kit.family(settings);
  const asking = (id: string) => ({ family, task, stage, seed: settings.seed, id });
  const about = async (role: string) => {
    const { identity, local = false } = await kit.model(role, settings);
    return { role, model: `${identity.provider}:${identity.model}`, local };
  };
  const previews: Preview[] = [];
  const shown: ShownPlans = sent(shownPlans(stage, state));
  let exact = true;
  if (stage.plan && !planned) {
    const { by, kind } = stage.plan;
    const once = kind === "guideline";
    const critique: Critique = once && settings.guideline === "critique" ? await critiqueBefore(kit, state) : {};
    const id = once ? `${turn}/${stage.name}` : `${turn}/${stage.name}/0`;
    const { messages } = planRequest(asking(id), settings.guideline, critique);
    previews.push({
      ...(await about(by)),
      purpose: kind,
      messages: [...messages],
      exact: true,
      times: once ? 1 : samples,
    });
    if (stage.sees.includes(kind)) {
      shown[kind] = `[the ${kind}, still to be written by ${by}]`;
      exact = false;
    }
  }
  const needs = needsOf(kit, stage, settings);
  const { messages, tools } = executeRequest(asking(`${turn}/${stage.name}/0`), shown, needs);
  const execute = await about(executor);
  const offered = tools ? { tools: [...tools] } : {};
  previews.push({ ...execute, purpose: "execute", messages: [...messages], ...offered, exact, times: samples });
  const again = family.insist?.(task as never, isLastStage(stage, settings));
  // What was granted for retries pays for it.
  if (again !== undefined && (wave?.attempts ?? settings.attempts) > 1) {
    const { messages: insisted } = executeRequest(
      { ...asking(`${turn}/${stage.name}/0`), task: again as Json },
      {},
      needs,
    );
    const onlyIf = "a sample only repeats what led nowhere";
    previews.push({ ...execute, purpose: "execute", messages: [...insisted], exact: true, times: samples, onlyIf });
  }
  if (needs.includes("embeddings")) {
    // Embeddings that were passed in may be anywhere.
    const embeds = kit.embeddings ? { ...execute, model: "given:embeddings", local: false } : execute;
    const content = "[the answer, still to be written]";
    previews.push({ ...embeds, purpose: "embed", messages: [{ role: "user", content }], exact: false, times: samples });
  }
  return previews;
}

const sent = ({ goal, guideline }: ShownPlans): ShownPlans => ({
  ...(goal ? { goal } : {}),
  ...(guideline ? { guideline } : {}),
});

/** What a stage costs at the most with all its samples, each call tried as often as it may be. */
export async function worstOfStage(
  kit: Kit,
  stage: Stage,
  { settings, task, wave }: RunState,
  { planned }: { planned: boolean },
): Promise<Worst> {
  const { each, once } = await worstStage(kit, stage, settings, task);
  const tries = wave?.attempts ?? settings.attempts;
  const total = (of: (worst: Worst) => number): number =>
    (of(each) * stage.execute.samples + (planned ? 0 : of(once))) * tries;
  const priced = each.usd !== null && (planned || once.usd !== null);
  return {
    usd: priced ? total(({ usd }) => usd ?? 0) : null,
    calls: total(({ calls }) => calls),
    tokens: total(({ tokens }) => tokens),
  };
}
