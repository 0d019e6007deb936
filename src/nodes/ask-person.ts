import { interrupt, type LangGraphRunnableConfig } from "@langchain/langgraph";
import { z } from "zod";
import { saidOf } from "../options-error.js";
import type { RunState, RunUpdate } from "../state/channels.js";
import { GuidelineResponse, SendingResponse, type Pending, type Response } from "../state/pending.js";
import type { Verdict } from "../state/verdict.js";
import { isSpent, pendingId, placeOf, shownTo } from "./shown.js";

const RESPONSES = { guideline: GuidelineResponse, sending: SendingResponse } as const;

const ACCEPTED = {
  guideline: '"approve", "reject", { decision: "edit", guideline: "…" } or { decision: "reject", reason: "…" }',
  sending: '"approve", "reject" or { decision: "reject", reason: "…" }',
} as const;

/** A question to a person, without the name that it gets. */
type Question = Pending extends infer Kind
  ? Kind extends Pending
    ? Omit<Kind, "id" | "place" | "problem">
    : never
  : never;

/**
 * Waits for a person by LangGraph's interrupt, and returns the response. It counts only for what was shown: a bare one where exactly
 * one question was, any other where it names this one. One that is not understood is asked for again, with the reason in
 * `problem`. The node that calls this runs from its beginning when the run is resumed.
 *
 * @param refuse - why a response that is well formed is not taken all the same
 */
export async function askPerson(
  question: Question,
  config: LangGraphRunnableConfig,
  refuse: (response: Response) => string | undefined = () => undefined,
): Promise<Response> {
  const schema = RESPONSES[question.asks];
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io: "input" });
  const pending: Pending = { ...question, id: pendingId(question), ...placeOf(config) };
  const unheard = await withholdOthers(pending, config);
  let shown: Pending = unheard ? { ...pending, problem: unheard } : pending;
  for (;;) {
    // As JSON schema it is published; as a zod schema it would throw at a slip of the person, whom we rather ask again.
    const given: unknown = interrupt<Pending, unknown>(shown, { responseSchema: shape });
    const parsed = schema.safeParse(plainWord(given));
    const response = parsed.success ? longForm(parsed.data) : undefined;
    const problem = response
      ? (response.id ?? pending.id) === pending.id
        ? refuse(response)
        : OTHER
      : `accepted is ${ACCEPTED[question.asks]}${whatOf(given, parsed.error!)}`;
    if (problem === undefined) return response!;
    shown = { ...pending, problem };
  }
}

const OTHER = "the answer was for another question, or what would be sent has changed since.";
const SEVERAL = "several questions wait: answer each by its interrupt's id, or with its `id`.";

/** LangGraph's record of what one task was answered: `nullResume` is an answer that names no interrupt. */
interface Answers {
  resume: unknown[];
  nullResume?: unknown;
}

/**
 * Keeps an answer back that was not meant for this question: LangGraph gives one to every question of a node.
 *
 * @returns what to tell the person of it, where somebody answered
 */
async function withholdOthers(pending: Pending, config: LangGraphRunnableConfig): Promise<string | undefined> {
  const answers = config.configurable?.["__pregel_scratchpad"] as Answers | undefined;
  if (!answers) return undefined;
  if (isSpent(answers.nullResume)) delete answers.nullResume;
  const { nullResume: bare } = answers;
  const { values: all, spendBare } = await shownTo(config);
  if (bare !== undefined) await spendBare();
  const isShown = all.some((value) => isQuestion(value) && isSame(value, pending));
  const named = (bare as { id?: unknown } | undefined)?.id;
  const isMeant = named === undefined ? isShown && (bare === undefined || all.length === 1) : named === pending.id;
  if (isMeant) return undefined;
  delete answers.nullResume;
  // What was answered before this question was shown.
  if (!isShown) answers.resume = [];
  if (bare === undefined || named !== undefined) return undefined;
  return isShown ? SEVERAL : all.length === 0 ? OTHER : undefined;
}

const isQuestion = (value: unknown): value is Pending =>
  typeof value === "object" && value !== null && "requests" in value;

/** Threads that an earlier version left waiting have no names. */
const isSame = (shown: Pending, { id, place }: Pending): boolean =>
  pendingId(shown) === id && (shown.place === undefined || shown.place === place);

const longForm = (response: GuidelineResponse): Response =>
  typeof response === "string" ? { decision: response } : response;

/** Words as people type them into Studio. */
const plainWord = (given: unknown): unknown => (typeof given === "string" ? given.trim().toLowerCase() : given);

function whatOf(given: unknown, error: z.ZodError): string {
  if (typeof given === "string") return `, and not ${JSON.stringify(given.slice(0, 60))}.`;
  return given !== null && typeof given === "object" && "decision" in given ? `: ${saidOf(error)}` : ".";
}

/** What ends a run that a person has rejected: its best answer so far answers. */
export function rejected(
  state: RunState,
  { asks, stage }: Pick<Pending, "asks" | "stage">,
  reason: string | undefined,
): RunUpdate {
  const planned = state.settings.stages.find(({ name }) => name === stage)!.execute.samples;
  const what = asks === "guideline" ? "the guideline" : `what stage "${stage}" was about to send`;
  const why = `a person rejected ${what}${reason ? `: ${reason}` : ""}`;
  const verdict: Verdict = {
    stage,
    decision: "stopped",
    low: 0,
    high: 0,
    threshold: null,
    planned,
    drawn: 0,
    waves: 0,
    why,
    stop: "rejected",
  };
  return {
    wave: { stage, indices: [], attempts: 1, stop: "rejected" },
    verdicts: [verdict],
    decisions: [{ stage, asks, decision: "reject", ...(reason ? { reason } : {}) }],
  };
}
