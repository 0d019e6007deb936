import type { RunState } from "../state/channels.js";
import type { Plan } from "../state/plan.js";
import type { Unanswered } from "../state/ledger.js";
import { samplesOf } from "./carry.js";

/** Roles that answered none of a stage's calls: the run went on without them, which looks like an answer from outside. */
export function unansweredIn({ settings, samples, plans }: RunState): Unanswered[] {
  return settings.stages.flatMap(({ name: stage, plan, execute }): Unanswered[] => {
    const written = plans.filter((one) => one.stage === stage && one.kind === plan?.kind);
    const unplanned = written.length > 0 && written.every(wasLost);
    if (unplanned) return [{ stage, role: plan!.by, code: written[0]!.failed!.code }];
    const drawn = samplesOf(stage, samples);
    const failed = drawn.length > 0 && drawn.every(wasLost);
    return failed ? [{ stage, role: execute.by, code: drawn[0]!.failed!.code }] : [];
  });
}

/** Its call failed. A planner that was paid and wrote no plan did answer: `why` tells of it. */
const wasLost = ({ failed }: Pick<Plan, "failed">): boolean =>
  failed !== undefined && !failed.runOver && failed.code !== "PLAN_EMPTY";

/** Says aloud what nobody may look for: no text of a task is in it. */
export function warnOf(unanswered: readonly Unanswered[], fallback: { from?: string; to: string }): void {
  for (const one of unanswered) {
    const after = one.stage === fallback.from ? ` Stage "${fallback.to}" answers in its place.` : "";
    process.emitWarning(`${unansweredText(one)}.${after}`, { code: "COPE_ROLE_FAILED" });
  }
}

/** The same as a phrase, for people. */
export const unansweredText = ({ stage, role, code }: Unanswered): string =>
  `the role "${role}" answered none of its calls in stage "${stage}" (${code})`;
