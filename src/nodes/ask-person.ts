import { interrupt } from "@langchain/langgraph";
import { z } from "zod";
import { saidOf } from "../options-error.js";
import type { RunState, RunUpdate } from "../state/channels.js";
import { GuidelineResponse, SendingResponse, type Pending, type Response } from "../state/pending.js";
import type { Verdict } from "../state/verdict.js";

const RESPONSES = { guideline: GuidelineResponse, sending: SendingResponse } as const;

const ACCEPTED = {
  guideline: '"approve", "reject", { decision: "edit", guideline: "…" } or { decision: "reject", reason: "…" }',
  sending: '"approve", "reject" or { decision: "reject", reason: "…" }',
} as const;

/**
 * Waits for a person by LangGraph's interrupt, and returns the response. One that is not understood is asked for again, with
 * the reason in `problem`. The node that calls this runs from its beginning when the run is resumed.
 *
 * @param refuse - why a response that is well formed is not taken all the same
 */
export function askPerson(pending: Pending, refuse: (response: Response) => string | undefined = () => undefined) {
  const schema = RESPONSES[pending.asks];
  const { $schema: _, ...shape } = z.toJSONSchema(schema, { io: "input" });
  let shown = pending;
  for (;;) {
    // As JSON schema it is published; as a zod schema it would throw at a slip of the person, whom we rather ask again.
    const given: unknown = interrupt<Pending, unknown>(shown, { responseSchema: shape });
    const parsed = schema.safeParse(plainWord(given));
    const response = parsed.success ? longForm(parsed.data) : undefined;
    const problem = response
      ? refuse(response)
      : `accepted is ${ACCEPTED[pending.asks]}${whatOf(given, parsed.error!)}`;
    if (problem === undefined) return response!;
    shown = { ...pending, problem };
  }
}

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
