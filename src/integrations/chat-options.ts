import { z } from "zod";
import type {
  BaseChatModelCallOptions,
  BaseChatModelParams,
  BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { CopeError } from "../errors.js";
import type { Judge } from "../families/choice/judged.js";
import { CopeOptions } from "../graph/options.js";
import { isChatModel, type ModelLike } from "../models/given.js";
import { toolSpecs } from "../models/tool-specs.js";
import { parseOptions } from "../options-error.js";
import type { RunOptions } from "../state/options.js";
import type { JsonObject, ToolSpec } from "../state/tool.js";

/** LangChain's own fields that a chat model of the cascade takes. */
type Standard = Pick<
  BaseChatModelParams,
  "cache" | "callbacks" | "disableStreaming" | "metadata" | "outputVersion" | "tags" | "verbose"
>;

/** Fields of `CopeChatModel`: all that `createCope` takes, and LangChain's own. */
export type CopeChatModelFields = CopeOptions & Standard;

const STANDARD = ["cache", "callbacks", "disableStreaming", "metadata", "outputVersion", "tags", "verbose"] as const;

/** What a call may ask for. */
export interface CopeChatModelCallOptions extends BaseChatModelCallOptions {
  /** Tools that may be called, in any of LangChain's forms: `bindTools` sets them. */
  tools?: BindToolsInput[];
  /** JSON schema that the answer keeps to: `withStructuredOutput` sets it. */
  copeSchema?: JsonObject;
  /** Has the last word on values for that schema: `withStructuredOutput` sets it. */
  copeJudge?: Judge | undefined;
  /** Seed of every draw. @default the constructor's */
  seed?: number;
  /** What should differ in this run: a budget, say. Limits can only be made tighter. */
  cope?: RunOptions;
}

/** @throws CopeError OPTIONS_INVALID */
export function parseChatFields(fields: CopeChatModelFields): { options: CopeOptions; standard: Standard } {
  parseOptions(z.looseObject({}), fields, "CopeChatModel");
  const own = Object.entries(fields).filter(([key]) => !(STANDARD as readonly string[]).includes(key));
  const standard = Object.fromEntries(STANDARD.flatMap((key) => (key in fields ? [[key, fields[key]]] : [])));
  const options = Object.fromEntries(own) as CopeOptions;
  parseOptions(CopeOptions, options, "CopeChatModel");
  return { options, standard };
}

/** What may be done with tools in a call. */
export interface ToolWish {
  tools: ToolSpec[];
  /** `none`: answer without; `any`: one must be called. */
  choice: "auto" | "none" | "any";
}

/**
 * Tools and the choice among them in all the forms in which LangChain's users give them.
 *
 * @throws CopeError OPTIONS_INVALID for a choice of a tool that is not there
 */
export function toolWish({ tools: given = [], tool_choice }: CopeChatModelCallOptions): ToolWish {
  const tools = toolSpecs(given);
  const wanted = nameOf(tool_choice);
  if (tools.length === 0 || wanted === "none") return { tools: [], choice: "none" };
  if (wanted === undefined || wanted === "auto") return { tools, choice: "auto" };
  if (wanted === "any" || wanted === "required") return { tools, choice: "any" };
  const one = tools.filter(({ name }) => name === wanted);
  if (one.length > 0) return { tools: one, choice: "any" };
  throw new CopeError(
    "OPTIONS_INVALID",
    `tool_choice: there is no tool "${wanted}".`,
    `use one of ${tools.map(({ name }) => name).join(", ")}, or auto, any, none.`,
  );
}

function nameOf(choice: unknown): string | undefined {
  if (typeof choice === "string" || choice === undefined || choice === null) return choice ?? undefined;
  const { function: called, name, type } = choice as { function?: { name?: string }; name?: string; type?: string };
  return called?.name ?? name ?? type;
}

/** A role's model as traces and caches know it. */
export function modelName(model: ModelLike | undefined, role: string): string {
  if (typeof model === "string") return model;
  if (!isChatModel(model)) return role;
  const { ls_provider, ls_model_name } = model.getLsParams?.({} as never) ?? {};
  return `${ls_provider ?? model.getName()}:${ls_model_name ?? role}`;
}
