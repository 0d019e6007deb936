import { z } from "zod";
import { Ask } from "./ask.js";
import { Role, Stage } from "./stage.js";

/**
 * Hard limits of one turn; absent ones do not bind. Checked before every wave with the worst case. Run-time options can only
 * make a limit tighter.
 */
export const Budget = z
  .object({
    /** US dollars. Needs a known price for every role in use. */
    usd: z.number().positive().optional(),
    /** Attempts sent to models, those lost at a crash included; what was refused for a wrong key is asked once more. */
    calls: z.number().int().min(1).optional(),
    /** Input and output tokens together. */
    tokens: z.number().int().min(1).optional(),
    /** Wall-clock milliseconds; the clock starts again where another process resumes the run. */
    ms: z.number().positive().optional(),
  })
  .strict();
export type Budget = z.infer<typeof Budget>;

const Dollars = z.number().min(0);

/** USD per million tokens. */
export const Price = z
  .object({
    input: Dollars,
    output: Dollars,
    /** For input that the provider's cache held. @default that of input */
    cachedInput: Dollars.optional(),
    /** For input that is written to such a cache. @default that of input */
    cacheWrite: Dollars.optional(),
    /** For what is thought, where it has a price of its own. @default that of output */
    reasoning: Dollars.optional(),
  })
  .strict();
export type Price = z.infer<typeof Price>;

/** How much models that think may think. */
export const Thinking = z
  .object({
    /** Tokens beside the visible limit of every call. @default 2048 for models on this machine, 4096 for hosted ones */
    tokens: z.number().int().min(0).max(1_000_000).optional(),
  })
  .strict();
export type Thinking = z.infer<typeof Thinking>;

/** Names that editors complete; a name of one's own is taken as well. */
export type Named<Known extends string> = Known | (string & {});

/** A model as `provider:model`: editors complete the provider, and the embedded models as a whole. */
export type ModelName = Named<
  | "openai:"
  | "anthropic:"
  | "google-genai:"
  | "mistralai:"
  | "groq:"
  | "ollama:"
  | "llama:qwen2.5-coder-0.5b-instruct"
  | "llama:qwen2.5-coder-1.5b-instruct"
>;

/** The name of a family, or `auto`. */
export type FamilyName = Named<
  "auto" | "math" | "math:program" | "code" | "code:agreement" | "choice" | "choice:fields" | "action" | "chat"
>;

/** A schema whose type says more than a text: what is known completes in an editor. */
const completed = <Name extends string>(schema: z.ZodType<string, string>) =>
  schema as unknown as z.ZodType<Name, Name>;

/** `provider:model`, perhaps with an address. It stands in checkpoints and ledgers, so it must hold no secret. */
const ModelText = z
  .string()
  .min(1)
  .refine(
    // With or without a scheme: what is no address is refused later, where it would stand in a checkpoint already.
    (name) => !/(@|:\/\/)[^/]*@|(@|:\/\/).*[?#]/.test(name),
    "an address must hold no user name, password or parameter",
  );
const ModelName = completed<ModelName>(ModelText);

/**
 * What can be chosen at construction and again at run time (input key `options`, or context): plain JSON. Run time
 * overlays construction, context overlays `options`; models and prices one by one. What a run chooses lasts for the later turns of
 * its thread, until a turn chooses another value, or `null` for what the graph was built with.
 */
export const RunOptions = z
  .object({
    /** Model of the role `small`, as `provider:model`. */
    small: ModelName.optional(),
    /** Model of the role `large`, as `provider:model`. */
    large: ModelName.optional(),
    /** Models of further roles, as `provider:model`. */
    models: z.record(Role, ModelName).optional(),
    /** Name of the family, or `auto`. */
    family: completed<FamilyName>(z.string().min(1)).optional(),
    /** `program`: the executor writes a program whose result is the answer (mathematics). @default "text" */
    reasoning: z.enum(["text", "program"]).optional(),
    /** Planned samples n of every stage that draws more than one. @default 8 */
    samples: z.number().int().min(1).max(256).optional(),
    /** One threshold for each stage that has one, in order. @default [0.75, 0.5] */
    thresholds: z.array(z.number().min(0).max(1)).optional(),
    /** Upper bound of a sample's visible text in tokens, for every stage. @default the stage's, else the family's */
    maxTokens: z.number().int().min(1).max(1_000_000).optional(),
    /** Room for thinking, only for models that think: see `Thinking`. */
    thinking: Thinking.optional(),
    /** What a guideline may hold. @default "method" */
    guideline: z.enum(["method", "critique", "worked"]).optional(),
    /** Seed of every draw, integer >= 0. @default 0 */
    seed: z.number().int().min(0).max(2_147_483_647).optional(),
    budget: Budget.optional(),
    /** Calls of one run under way at once. @default 8 */
    concurrency: z.number().int().min(1).max(1024).optional(),
    /** Attempts at one call, the first included. @default 3 */
    attempts: z.number().int().min(1).max(10).optional(),
    /** Milliseconds one attempt may take. @default 600000 */
    callTimeoutMs: z.number().positive().optional(),
    /** Own prices by `provider:model`, USD per million tokens. They win over the price table. */
    prices: z.record(z.string(), Price).optional(),
    /** When a person is asked. Can only be made stricter, and only by what the graph was built with. @default never */
    ask: Ask.optional(),
    /** Whether a guided answer must be as sure as the unguided one it replaces: see docs/harm-guard.md. @default false */
    harmGuard: z.boolean().optional(),
  })
  .strict();
export type RunOptions = z.infer<typeof RunOptions>;

/**
 * What a run may choose: its options last for the later turns of its thread. `null` gives an option, or one key of `models`,
 * `prices`, `budget` or `ask`, back to what the graph was built with.
 */
export type RunChoices = {
  [K in keyof RunOptions]: K extends Keyed ? OrNull<RunOptions[K]> | null : RunOptions[K] | null;
};
type Keyed = "models" | "prices" | "budget" | "ask";
type OrNull<T> = { [K in keyof T]: T[K] | null };

/** Options resolved by intake: what every later node reads. JSON, without keys. */
export const Settings = z.object({
  family: z.string(),
  /** Why this family. */
  familyWhy: z.string(),
  /** `provider:model` of each role in use; `given` where an instance was passed at construction. */
  models: z.record(z.string(), z.string()),
  stages: z.array(Stage),
  guideline: z.enum(["method", "critique", "worked"]),
  seed: z.number().int(),
  budget: Budget,
  concurrency: z.number().int(),
  attempts: z.number().int(),
  callTimeoutMs: z.number(),
  prices: z.record(z.string(), Price),
  /** `tokens`: as asked for. `rooms`: by role, tokens for those that think by their name or were seen to. */
  thinking: Thinking.extend({ rooms: z.record(z.string(), z.number().int()) }).optional(),
  ask: Ask.optional(),
  harmGuard: z.boolean().optional(),
  /** Epoch milliseconds: tells two runs apart that have no thread. */
  startedAt: z.number(),
});
export type Settings = z.infer<typeof Settings>;
