import { CopeError } from "../errors.js";
import type { Answer, StageReport } from "../state/answer.js";
import type { Ledger } from "../state/ledger.js";

/** What the matchers look at: what `invoke` returns. */
export interface RunResult {
  answer: Answer;
  ledger: Ledger;
  stages: StageReport[];
}

/** What a matcher says, in the form that vitest and jest read. */
export interface MatcherResult {
  pass: boolean;
  /** What was expected and what was found. */
  message(): string;
}

/**
 * Matchers for the result of a run, to be given to `expect.extend` of vitest or jest. Jest's global types know them by this
 * import; vitest's, which differ by version, by one declaration of your own.
 *
 * @example
 * expect.extend(copeMatchers);
 * declare module "vitest" { interface Matchers<R, T> extends CopeMatchers<R> {} }
 * expect(await cope.invoke({ question })).toHaveEndedIn("guided");
 */
export const copeMatchers = {
  /** The answer came from this stage. */
  toHaveEndedIn(received: unknown, stage: string): MatcherResult {
    const { answer, stages } = resultOf(received);
    const why = stages.at(-1)?.why ?? "no stage has a report";
    return told(answer.stage === stage, `end in "${stage}"`, `it ended in "${answer.stage}" (${why})`);
  },

  /** `answer.value` is this; null: nothing could be read. */
  toHaveAnswered(received: unknown, value: string | null): MatcherResult {
    const { answer } = resultOf(received);
    return told(answer.value === value, `answer ${show(value)}`, `it answered ${show(answer.value)}`);
  },

  /** These roles were asked so often: attempts sent, and replies from a tape. Roles that are not named may be asked at will. */
  toHaveAsked(received: unknown, calls: Readonly<Record<string, number>>): MatcherResult {
    const { ledger } = resultOf(received);
    const made = Object.keys({ ...ledger.byRole, ...calls }).map((role) => {
      const { calls: sent = 0, cached = 0 } = ledger.byRole[role] ?? {};
      return [role, sent + cached] as const;
    });
    const wrong = made.some(([role, count]) => calls[role] !== undefined && calls[role] !== count);
    return told(!wrong, `ask ${listed(Object.entries(calls))}`, `it asked ${listed(made)}`);
  },

  /** These stages drew so many samples. A stage that did not begin drew 0. */
  toHaveDrawn(received: unknown, samples: Readonly<Record<string, number>>): MatcherResult {
    const { stages } = resultOf(received);
    const drawn = new Map(stages.map((stage) => [stage.name, stage.drawn]));
    const wrong = Object.entries(samples).some(([stage, count]) => (drawn.get(stage) ?? 0) !== count);
    return told(!wrong, `draw ${listed(Object.entries(samples))}`, `it drew ${listed([...drawn])}`);
  },

  /**
   * The run cost this much, in US dollars, or less.
   *
   * @throws CopeError PRICE_UNKNOWN where the bill is unknown: neither the matcher nor its negation holds then
   */
  toHaveCostAtMost(received: unknown, usd: number): MatcherResult {
    const { ledger } = resultOf(received);
    if (ledger.usd === null) {
      throw new CopeError(
        "PRICE_UNKNOWN",
        "what the run cost is not known.",
        'give the models\' prices (option `prices`), or let scripted models pose as known ones: { as: "openai:gpt-4o" }.',
      );
    }
    return told(ledger.usd <= usd, `cost at most ${usd} USD`, `it cost ${ledger.usd} USD`);
  },
};

function resultOf(received: unknown): RunResult {
  const run = received as Partial<RunResult> | null | undefined;
  if (typeof run === "object" && run?.answer && run.ledger && run.stages) return run as RunResult;
  throw new CopeError(
    "OPTIONS_INVALID",
    "this is not the result of a run.",
    "expect what `await cope.invoke(…)` returns.",
  );
}

const told = (pass: boolean, wanted: string, found: string): MatcherResult => ({
  pass,
  message: () => `expected the run ${pass ? "not " : ""}to ${wanted}; ${found}`,
});

const show = (value: unknown): string => JSON.stringify(value);

const listed = (counts: readonly (readonly [string, number])[]): string =>
  counts.map(([name, count]) => `${name}: ${count}`).join(", ") || "nothing";

/** The matchers as `expect(…)` shows them. */
export interface CopeMatchers<R = void> {
  /** The answer came from this stage. */
  toHaveEndedIn(stage: string): R;
  /** `answer.value` is this; null: nothing could be read. */
  toHaveAnswered(value: string | null): R;
  /** These roles were asked so often: attempts sent, and replies from a tape. */
  toHaveAsked(calls: Readonly<Record<string, number>>): R;
  /** These stages drew so many samples. */
  toHaveDrawn(samples: Readonly<Record<string, number>>): R;
  /** The run cost this much, in US dollars, or less. */
  toHaveCostAtMost(usd: number): R;
}

declare global {
  // Jest's own place for matchers. Without it this is a name that nobody reads.
  namespace jest {
    // eslint-disable-next-line no-unused-vars, no-empty-object-type -- the parameters must be named as jest names them
    interface Matchers<R, T = {}> extends CopeMatchers<R> {}
  }
}
