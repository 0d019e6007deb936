import { AIMessage } from "@langchain/core/messages";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { CopeError, isCode } from "../errors.js";
import { billOf, spentIn, sum } from "../models/ledger.js";
import type { Answer, StageReport } from "../state/answer.js";
import type { RunState, RunUpdate } from "../state/channels.js";
import type { Spent } from "../state/ledger.js";
import type { Verdict } from "../state/verdict.js";
import { chooseAnswer } from "./choose.js";
import { samplesOf, verdictOf } from "./carry.js";
import { ifLargeAlone } from "./if-large-alone.js";
import { runKey, whereabouts, type Kit } from "./kit.js";
import { withSeen } from "./thinking.js";
import { unansweredIn, warnOf } from "./unanswered.js";
import { mostSpent } from "./unknown-cost.js";

/**
 * The last node: picks the answer, writes the reports of the stages and the bill.
 *
 * @throws CopeError with the first failure's code where not one call was answered
 */
export function createFinishNode(kit: Kit) {
  return async function finish(state: RunState, config: LangGraphRunnableConfig): Promise<RunUpdate> {
    const { settings, calls, turn } = state;
    // Calls that were answered at once, by a tape or a fake, leave LangChain's callbacks waiting: they go first, or a
    // `messages` stream may end without the answer.
    await new Promise(setImmediate);
    kit.clock.forget(runKey(turn, settings, config));
    await kit.settled(whereabouts(config), turn);
    const chosen = chooseAnswer(state);
    const atMost = await mostSpent(kit, state);
    const bill = { ...billOf(calls), ...(atMost ? { atMost } : {}) };
    if (!chosen) throw nothingAnswered(state, spentIn(bill));
    const { sample, ...rest } = chosen;
    const family = kit.family(settings);
    const value = sample.value ?? sample.doubtful;
    const answer: Answer = {
      value: value === undefined ? null : family.print(value),
      text: sample.text,
      stage: sample.stage,
      ...(sample.checks ? { checks: sample.checks } : {}),
      ...rest,
    };
    // For the thread's next turn: what its models were seen to do.
    const seen = await withSeen(kit, settings, state);
    const { fallbackFrom: from } = answer;
    const fallback = from === undefined ? {} : { fallback: { from, to: answer.stage } };
    const unanswered = unansweredIn(state);
    warnOf(unanswered, { ...(from === undefined ? {} : { from }), to: answer.stage });
    const before = state.bill ?? { turns: 0, calls: 0, usd: 0 };
    return {
      wave: null,
      ...(seen === settings ? {} : { settings: seen }),
      answer,
      stages: reportsOf(kit, state),
      ledger: {
        ...bill,
        ifLargeAlone: await ifLargeAlone(kit, state),
        ...(unanswered.length > 0 ? { unanswered } : {}),
        ...fallback,
      },
      bill: { turns: before.turns + 1, calls: before.calls + bill.calls, usd: sum([before.usd, bill.usd]) },
      // Without an id of ours, unless it was streamed by one: conversations that go on outside of this thread count their turns anew.
      messages: [new AIMessage({ content: answer.text, ...(sample.messageId ? { id: sample.messageId } : {}) })],
    };
  };
}

/** One report for each stage that ran, in order. */
function reportsOf(kit: Kit, state: RunState): StageReport[] {
  const { settings, samples, verdicts, plans, wave } = state;
  return settings.stages.flatMap((stage): StageReport[] => {
    const verdict = verdictOf(stage.name, verdicts);
    const drawn = samplesOf(stage.name, samples);
    const written = plans
      .filter((plan) => plan.stage === stage.name && plan.text !== "")
      .map(({ kind, by, text }) => ({ kind, by, text }));
    if (!verdict && drawn.length === 0 && written.length === 0) return [];
    const base = { name: stage.name, planned: stage.execute.samples, drawn: drawn.length, plans: written };
    if (verdict && verdict.decision !== "sample") {
      const { low, threshold, decision, why } = verdict;
      return [
        {
          ...base,
          confidence: drawn.length > 0 ? low : null,
          threshold,
          decision,
          why,
          ...flipIn(kit, verdict, state),
        },
      ];
    }
    // A last stage without a check: nobody measured its one answer.
    const ended = wave?.stop !== undefined || (drawn[0]?.failed?.runOver ?? false);
    const why = ended ? "a limit ended the run here" : lastWhy(drawn[0]);
    return [{ ...base, confidence: null, threshold: null, decision: ended ? "stopped" : "last", why }];
  });
}

/** The answer that a guided stage did not repeat. */
function flipIn(kit: Kit, { flip }: Verdict, { settings, samples, verdicts }: RunState): Pick<StageReport, "flip"> {
  if (!flip) return {};
  const { value } = samples.find(({ id }) => id === flip.from)!;
  const { low } = verdictOf(flip.stage, verdicts)!;
  const printed = kit.family(settings).print(value!);
  return { flip: { stage: flip.stage, value: printed, confidence: low, guarded: flip.guarded } };
}

function lastWhy(sample: RunState["samples"][number] | undefined): string {
  if (sample?.failed) return `the last stage's call failed: ${sample.failed.code}`;
  if (sample?.value !== undefined) return "the last stage answers";
  return sample?.doubtful === undefined
    ? "the last stage's answer could not be read"
    : `the last stage answers with doubt (${sample.unread})`;
}

function nothingAnswered({ samples, wave, verdicts }: RunState, spent: Spent): CopeError {
  const end = verdicts.at(-1);
  if (end?.stop === "rejected")
    return new CopeError(
      "REJECTED",
      `${end.why}, before there was any answer.`,
      "ask again, and approve it or use models that run here.",
      { spent },
    );
  const failed = samples.find((sample) => sample.failed)?.failed;
  if (!failed) {
    return new CopeError(
      wave?.stop === "timeout" ? "TIMEOUT" : "BUDGET_TOO_SMALL",
      "a limit ended the run before the first sample.",
      "allow more.",
      { spent },
    );
  }
  // One reason for all of them is worth more than "everything failed".
  const same = samples.every((sample) => sample.failed?.code === failed.code) && isCode(failed.code);
  const code = same && isCode(failed.code) ? failed.code : "ALL_CALLS_FAILED";
  return new CopeError(
    code,
    `none of ${samples.length} samples was answered; the first failed with ${failed.code}: ${failed.message}.`,
    REMEDIES[failed.code] ?? "check that the models' servers are up, then ask again.",
    { spent },
  );
}

const REMEDIES: Readonly<Record<string, string>> = {
  PLAN_EMPTY: "give it room to think (--thinking-tokens, or thinking: { tokens }), or let another model plan.",
  CONTEXT_OVERFLOW: "shorten the question, or choose a model with a longer context.",
  TIMEOUT: "allow more time.",
  BUDGET_TOO_SMALL: "ask again with a larger budget.",
  NETWORK_UNREACHABLE: "check that the models' servers are up and that the network reaches them, then ask again.",
  RATE_LIMITED: "wait, or lower the concurrency.",
};
