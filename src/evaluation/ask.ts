import type { AnyFamily } from "../families/types.js";
import { emptyPlan } from "../families/plans.js";
import type { CallOutcome, CallRequest } from "../models/call.js";
import { NO_SAMPLING } from "../models/embedder.js";
import { requestKey } from "../models/request-key.js";
import { onlyThought, thinkingIn, thought, withRoom } from "../models/thinking/reply.js";
import type { ModelIdentity, PricedModel } from "../models/types.js";
import { meanLogprob } from "../scorers/perplexity.js";
import { executeRequest, planRequest, type Asking } from "../nodes/requests.js";
import type { Draw, DrawCall, DrawGrade } from "./draw.js";
import type { Wanted } from "./methods/types.js";
import { meanMargin } from "./mean-margin.js";
import type { Problem } from "./problem.js";
import { givenKey } from "./series.js";
import { topOf, wordingOf } from "./wordings.js";

/** What draws are made with. */
export interface Asker {
  family: AnyFamily;
  /** Seed of the run: every call's seed derives from it. */
  seed: number;
  /** Log-probabilities are asked for with every sample. */
  logprobs: boolean;
  call(request: CallRequest): Promise<CallOutcome>;
  identity(request: Pick<CallRequest, "role" | "purpose">): PricedModel;
  /** Tokens that a role's model may think beside its visible limit; undefined for one that is not known to think. */
  room(role: string): number | undefined;
  /** Whether a role's model is known to think by its replies alone: those drawn before the first of them had no room. */
  isSeen(role: string): boolean;
  /** A role's model was seen to think: from now on it has room, also when the recording goes on. */
  saw(role: string): void;
  /** Whether a value is right; null where there is nothing to grade by, undefined where nobody could tell. */
  grade(problem: Problem, value: string): Promise<boolean | null | undefined>;
}

/** The request for the goal or guideline that belongs to a draw; undefined where it has none. */
function planOf(asker: Asker, problem: Problem, { series, given, index }: Wanted): CallRequest | undefined {
  const { stage, part, style } = series;
  if (part !== "plan" && (part === "vector" || stage.plan?.kind !== "goal")) return undefined;
  const id = part === "plan" ? `1/${stage.name}` : `1/${stage.name}/${index}`;
  const { votes, failures } = given;
  const critique = { ...(votes ? { votes } : {}), ...(failures ? { failures } : {}) };
  return planRequest(asking(asker, problem, stage, id), style, critique);
}

function sampleOf(asker: Asker, problem: Problem, { series, given, index }: Wanted, goal?: string): CallRequest {
  const { stage, wording } = series;
  const shown = goal ? { ...given, goal: { index, text: goal } } : given;
  const messages = wordingOf(asker.family, wording).messages(problem.task, shown);
  const { tools, ...own } = asker.family.prompts;
  // A method's own words (a judge's) are answered in words.
  const prompts = { ...own, execute: () => messages, ...(wording === undefined && tools ? { tools } : {}) };
  const shownAs = { ...asking(asker, problem, stage, `1/${stage.name}/${index}`), family: { prompts } };
  // The second likeliest token says by how far the first one leads.
  const topLogprobs = topOf(series) ?? (asker.logprobs ? 2 : undefined);
  const request = executeRequest(shownAs, {}, topLogprobs ? ["logprobs"] : []);
  return topLogprobs ? { ...request, sampling: { ...request.sampling, topLogprobs } } : request;
}

/** Nothing depends on the seed of a vector. */
function vectorOf({ task }: Problem, { series: { stage }, given, index }: Wanted): CallRequest {
  const content = `${task.question}\n\n${given.answer!.text}`;
  const common = { role: stage.execute.by, stage: stage.name, purpose: "embed" } as const;
  const call = `1/${stage.name}/${index}/embed`;
  return { ...common, call, messages: [{ role: "user", content }], sampling: NO_SAMPLING };
}

const asking = ({ family, seed }: Asker, { task }: Problem, stage: Asking["stage"], id: string): Asking => ({
  family,
  task,
  stage,
  seed,
  id,
});

/**
 * Makes a draw: asks for its goal where it has one, then for its text, reads and grades it. What a model fails at is part
 * of the draw; what only a person can mend is thrown.
 */
export async function makeDraw(asker: Asker, problem: Problem, wanted: Wanted): Promise<Draw> {
  const { series, given, index } = wanted;
  const place = { problem: problem.id, series: series.id, given: givenKey(given), index };
  const nothing = { ...place, calls: [] as DrawCall[], text: "", value: null, right: null };
  const { prompts } = asker.family;

  if (series.part === "vector") {
    const { reply, calls, failed } = await asked(asker, vectorOf(problem, wanted));
    return reply ? { ...nothing, calls, vector: JSON.parse(reply.text) as number[] } : { ...nothing, failed: failed! };
  }
  const planner = planOf(asker, problem, wanted);
  const planned = planner && (await asked(asker, planner));
  const plan = planned?.reply ? prompts.tidyPlan(planned.reply.text, series.stage.plan!.kind, problem.task) : undefined;
  const calls = planned?.calls ?? [];
  if (planned && !planned.reply) return { ...nothing, calls, failed: planned.failed! };
  if (planned?.reply && plan === "" && (series.part === "plan" || onlyThought(planned.reply)))
    return { ...nothing, calls, failed: emptyPlan(planned.reply) };
  if (series.part === "plan")
    return { ...nothing, calls, text: plan ?? "", ...(planned?.reply && thinkingIn(planned.reply)) };

  const sample = await asked(asker, sampleOf(asker, problem, wanted, plan));
  const goal = plan ? { goal: plan } : {};
  const both = [...calls, ...sample.calls];
  if (!sample.reply) return { ...nothing, calls: both, ...goal, failed: sample.failed! };
  const { text, finish, logprobs, topLogprobs } = sample.reply;
  const mean = meanLogprob(logprobs);
  const margin = meanMargin(topLogprobs);
  const { read } = wordingOf(asker.family, series.wording);
  const reading = onlyThought(sample.reply) ? null : await read(text, problem.task, sample.reply);
  const value = reading?.value === undefined ? { value: null } : { value: reading.value, readBy: reading.by };
  return {
    ...nothing,
    calls: both,
    text,
    ...thinkingIn(sample.reply),
    ...goal,
    ...(finish ? { finish } : {}),
    ...(mean === undefined ? {} : { meanLogprob: mean }),
    ...(margin === undefined ? {} : { meanMargin: margin }),
    ...value,
    ...(reading?.checks ? { checks: reading.checks } : {}),
    ...(reading?.sandbox ? { sandbox: reading.sandbox } : {}),
    ...(await gradeOf(asker, problem, value)),
  };
}

/** Whether a value is right by what grades a problem, as its family compares; see `Family.grade`. */
export async function gradeByFamily(
  family: AnyFamily,
  { gold, task }: Pick<Problem, "gold" | "task">,
  value: string,
): Promise<boolean | null | undefined> {
  if (family.grade) return gold === null ? null : family.grade(gold, value, task);
  return typeof gold === "string" ? family.same(gold, value) : null;
}

/** A draw's grade by what the data say now. What a method reads with words of its own (a judge's verdict) has none. */
export async function gradeOf(
  { grade }: Pick<Asker, "grade">,
  problem: Problem,
  { value, readBy }: Pick<Draw, "value" | "readBy">,
): Promise<DrawGrade> {
  if (value === null || readBy === "verdict") return { right: null };
  const right = await grade(problem, value);
  return right === undefined ? { right: null, gradeUnknown: true } : { right };
}

async function asked(asker: Asker, request: CallRequest) {
  const first = { asked: sent(asker, request), isKnown: asker.room(request.role) !== undefined };
  let { reply, failed, entries } = await asker.call(first.asked);
  if (reply && thought(reply) && request.purpose !== "embed") asker.saw(request.role);
  // Drawn as by a model that is known to think: else another run of the same would draw another answer.
  const isAway = !first.isKnown && request.purpose !== "embed" && reply !== undefined && onlyThought(reply);
  const last = isAway ? sent(asker, request) : first.asked;
  if (isAway) ({ reply, failed, entries } = await asker.call(last));
  const identity = asker.identity(request);
  const key = keyOf(identity, last);
  const model = `${identity.provider}:${identity.model}`;
  const { role, purpose } = request;
  const local = identity.local === undefined ? {} : { local: identity.local };
  // Charged as if fresh, also where the tape had it.
  const calls = reply ? [{ key, role, model, purpose, ...reply.usage, ...local, ms: reply.ms }] : [];
  return { reply, failed, calls, entries };
}

/** A request as it is sent: with room, where its model thinks. */
const sent = (asker: Asker, request: CallRequest): CallRequest =>
  request.purpose === "embed" ? request : withRoom(request, asker.room(request.role));

const keyOf = (model: ModelIdentity, { messages, sampling, tools }: CallRequest) =>
  requestKey({ model, messages, sampling, ...(tools ? { tools } : {}) });

/**
 * Whether a recorded draw is the one that would be made now: same prompts, same model, same sampling, same seed. A tape
 * outlives the wording it was recorded with.
 */
export function isCurrent(asker: Asker, problem: Problem, wanted: Wanted, draw: Draw): boolean {
  const planner = planOf(asker, problem, wanted);
  const requests = [
    ...(planner ? [planner] : []),
    ...(wanted.series.part === "vector" ? [vectorOf(problem, wanted)] : []),
    ...(wanted.series.part === "sample" ? [sampleOf(asker, problem, wanted, draw.goal)] : []),
  ];
  return (
    requests.length === draw.calls.length &&
    requests.every((request, i) => {
      const forms = asker.isSeen(request.role) ? [sent(asker, request), request] : [sent(asker, request)];
      return forms.some((form) => keyOf(asker.identity(request), form) === draw.calls[i]!.key);
    })
  );
}
