import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { Runnable } from "@langchain/core/runnables";
import { z } from "zod";
import type { AnyFamily } from "../families/types.js";
import { isChatModel, type ModelLike } from "../models/given.js";
import type { Journal } from "../models/journal.js";
import type { Tape } from "../models/tape.js";
import type { Same, Scorer } from "../scorers/types.js";
import type { Calibration } from "../state/calibration.js";
import { RunOptions, type FamilyName, type Named } from "../state/options.js";
import { Role, type StageInput } from "../state/stage.js";
import { OwnPrompts } from "./wording.js";

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isFunction = (value: unknown) => typeof value === "function";

type StagesName = Named<
  "cope" | "cope:s1s2" | "cope:s2s3" | "cope:direct" | "cascade" | "small" | "majority" | "large"
>;
type ScorerName = Named<"vote" | "tests" | "perplexity" | "agreement" | "fields">;
const name = <Name extends string>() => z.string() as unknown as z.ZodType<Name, Name>;

const FAMILY_PARTS = ["name", "task", "prompts", "read", "same", "print", "scorer"];

const Model = z.custom<ModelLike>(
  (value) => (typeof value === "string" && value !== "") || isChatModel(value) || isFunction(value),
  {
    error: ({ input }) =>
      input instanceof Runnable
        ? "a runnable around a chat model (withRetry, withFallbacks, bind, withConfig) cannot be asked for samples: give the chat model itself. `attempts` repeats calls that fail, and (sampling) => model builds one with fields of your own"
        : 'a model is "provider:model", a LangChain chat model, or a function that builds one',
  },
);

/** Everything `createCope` takes: the run-time options, and beside them what cannot be JSON. */
export const CopeOptions = RunOptions.extend({
  /** Model of the role `small`. @default the embedded Qwen2.5-Coder 0.5B */
  small: Model.optional(),
  /** Model of the role `large`. @default the embedded Qwen2.5-Coder 1.5B */
  large: Model.optional(),
  /** Models of further roles that a stage list names. */
  models: z.record(Role, Model).optional(),
  /** Name of a family, `auto`, or a family of one's own. @default "auto" */
  family: z
    .custom<FamilyName | AnyFamily>(
      (value) =>
        isObject(value) ? FAMILY_PARTS.every((part) => part in value) : typeof value === "string" && value !== "",
      `a family is a name, or an object with ${FAMILY_PARTS.join(", ")}`,
    )
    .optional(),
  /** Name of a stage list, or one's own. @default "cope" */
  stages: z.union([name<StagesName>(), z.custom<readonly StageInput[]>(Array.isArray)]).optional(),
  /**
   * What `cope calibrate` found for your data, as a file or as parsed from one: stages, samples, thresholds, guideline style
   * and family come from it where none are given. Refused for other models than it was made with.
   */
  calibration: z
    .custom<string | Calibration>(
      (value) => isObject(value) || (typeof value === "string" && value !== ""),
      "a calibration is a file, or what it holds",
    )
    .optional(),
  /** Scorer of the stages that name none, by name or as a function. @default the family's */
  scorer: z.union([name<ScorerName>(), z.custom<Scorer>(isFunction, "a scorer is a function")]).optional(),
  /** LangChain embeddings for scorers that compare meanings. @default the executing model's own */
  embeddings: z
    .custom<EmbeddingsInterface>((value) => isObject(value) && "embedQuery" in value, "embeddings have embedQuery")
    .optional(),
  /** When two values are the same answer. @default the family's */
  same: z.custom<Same>(isFunction, "an equality is a function").optional(),
  /** Wording, in part or whole. @default the family's */
  prompts: OwnPrompts.optional(),
  /**
   * Calls under way at once to one model, of all runs of all cascades in this process that have the same limit: what protects a
   * provider from many runs. @default no limit
   */
  maxConcurrency: z.number().int().min(1).optional(),
  /** Recorded draws: the same question to the same model with the same seed is asked once. */
  tape: z.custom<Tape>((value) => isObject(value) && "once" in value, "a tape is what openTape returns").optional(),
  /**
   * Texts that nobody may read on the way: `[private]` stands in their place in errors, failed calls, logs and traces. Models are
   * shown them, and checkpoints and journals keep what was asked and answered: see docs/private.md.
   */
  private: z
    .array(
      z.custom<string>(
        (text) => typeof text === "string" && text.length >= 4,
        "a private text has 4 characters or more",
      ),
      {
        error: "private texts are a list",
      },
    )
    .optional(),
  /** What was asked and answered, so that a resumed run buys nothing twice. @default in memory */
  journal: z
    .custom<Journal>((value) => isObject(value) && "write" in value, "a journal has read, write, list, forget")
    .optional(),
}).strict();

/** Options of `createCope`; every key may be left out. */
export type CopeOptions = z.input<typeof CopeOptions>;
