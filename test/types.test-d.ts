/**
 * What the compiler tells a user. Checked by `tsc` in the project, and as a program of its own by package/types.test.ts.
 */
import {
  createCope,
  CopeError,
  type Answer,
  type CopeGraph,
  type CopeErrorCode,
  type Family,
  type Ledger,
  type Scorer,
  type StageInput,
  type StageReport,
  type CopeOptions,
  type RunOptions,
} from "../src/index.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <Claim extends true>(..._claim: Claim extends true ? [] : [never]): void => {};

/** The program of the README: types come without a word of the user's. */
export async function readme(): Promise<string | null> {
  const cope = createCope({ small: "ollama:qwen3:4b", large: "openai:gpt-4o", family: "math" }).compile();
  const { answer, ledger, stages, messages } = await cope.invoke({ question: "What is 6 * 7?" });
  holds<Equal<typeof answer, Answer>>();
  holds<Equal<typeof ledger, Ledger>>();
  holds<Equal<typeof stages, StageReport[]>>();
  holds<Equal<typeof messages, any[] | undefined>>();
  holds<Equal<typeof ledger.ifLargeAlone.usd, number | null>>();
  return answer.value;
}

/** The graph has a name of its own, so that people can keep it in a variable and read what the editor shows. */
export const graph: CopeGraph = createCope();
holds<Equal<ReturnType<typeof createCope>, CopeGraph>>();

/** Options at run time: by the input, or by context, one of them without the others. */
export async function runTime(): Promise<void> {
  const cope = createCope().compile();
  await cope.invoke({ messages: [] });
  await cope.invoke({ question: "q", options: { seed: 7, budget: { usd: 0.01 } } }, { context: { samples: 4 } });
  // @ts-expect-error -- a misspelt option
  await cope.invoke({ question: "q", options: { sample: 4 } });
  // @ts-expect-error -- a number is no question
  await cope.invoke({ question: 7 });
  // @ts-expect-error -- context has the options' types
  await cope.invoke({ question: "q" }, { context: { samples: "four" } });
}

// @ts-expect-error -- no such option
createCope({ smal: "openai:gpt-4o" });
// @ts-expect-error -- thresholds are numbers
createCope({ thresholds: ["0.75"] });
// @ts-expect-error -- no such style
createCope({ guideline: "song" });
// @ts-expect-error -- a price has both directions
createCope({ prices: { "openai:gpt-4o": { input: 1 } } });

/** Names that are known complete in an editor, and one's own are taken. */
type Completed<T> = T extends string ? (string extends T ? never : T) : never;
export const completed: [
  Completed<CopeOptions["family"]>,
  Completed<CopeOptions["stages"]>,
  Completed<CopeOptions["scorer"]>,
  Completed<CopeOptions["small"]>,
  Completed<CopeOptions["large"]>,
] = ["math", "cope:direct", "vote", "ollama:", "openai:"];
/** At run time as well: by the input's options, and by context. */
type AtRunTime = NonNullable<Parameters<ReturnType<CopeGraph["compile"]>["invoke"]>[1]>["context"];
export const atRunTime: [
  Completed<RunOptions["family"]>,
  Completed<RunOptions["small"]>,
  Completed<NonNullable<AtRunTime>["large"]>,
] = ["math:program", "llama:qwen2.5-coder-0.5b-instruct", "anthropic:"];
const ownNames: RunOptions = { family: "my-family", small: "ollama:qwen3:4b", large: "own:model" };
export const ownAtRunTime = () =>
  createCope()
    .compile()
    .invoke({ question: "q", options: ownNames }, { context: { family: "mine" } });
// @ts-expect-error -- no name that completes
export const unknownModel: Completed<RunOptions["small"]> = "song:";
// @ts-expect-error -- no name that completes
export const unknown: Completed<CopeOptions["family"]> = "song";
createCope({ family: "my-family", stages: "cope", scorer: "vote" });

/** Stages are data; defaults may be left out. */
export const stages: StageInput[] = [{ name: "only", execute: { by: "small", temperature: 0 } }];
// @ts-expect-error -- no such wave policy
export const wrong: StageInput = { name: "only", execute: { by: "small", temperature: 0, wave: "some" } };

/** A scorer is a plain function. */
export const scorer: Scorer = (samples, { planned }) => ({ low: samples.length / planned, high: 1, why: "counted" });
// @ts-expect-error -- a confidence has a reason
export const silent: Scorer = () => ({ low: 0, high: 1 });

/** A family's value keeps its type between reading and printing. */
export const family: Pick<Family<{ question: string }, { n: number }>, "read" | "print"> = {
  read: (text, { question }) => ({ value: { n: text.length + question.length }, by: "length" }),
  print: ({ n }) => n.toFixed(),
};

/** Codes are a closed list. */
export function codeOf(error: unknown): CopeErrorCode | undefined {
  if (!CopeError.isInstance(error)) return undefined;
  // @ts-expect-error -- no such code
  if (error.code === "NO_SUCH_CODE") return undefined;
  return error.code;
}
