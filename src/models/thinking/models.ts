import type { Refusable } from "../providers.js";
import { marksOf } from "./marks.js";

/** How a model thinks before it answers. */
export interface Thinks {
  /** Its template puts the opening mark into the prompt, and its server may hand on the text as it is. @default false */
  begun?: boolean;
  /** Tokens it was told it may think for, by its own options. */
  tokens?: number;
  /** What its server refuses of a sampling because of it, for instance a temperature. */
  refuses?: readonly Refusable[];
}

/** Room for thinking beside the visible limit, in tokens. */
export const ROOM = { local: 2_048, hosted: 4_096 } as const;

/** Names say so themselves: `glm-4.1v-thinking`, `ernie-4.5-thinking`, `phi-4-reasoning`, `sonar-reasoning`, `olmo-3-think`. */
const SAYS_SO = /(?:^|[-_/:. ])(?:think|thinking|thinker|reasoner|reasoning)(?=$|[-_:.@ /])/;
/** What switches it off, in a name. */
const SAYS_NOT =
  /(?:no|non)[-_]?(?:think|thinking|reasoning)|qwen-?3[^/]*(?:instruct|coder|embed|rerank|guard|-2507$)(?!.*thinking)/;

/** Families that think unless they are told not to. */
const FAMILIES = [
  /(?:^|\/)o[1-9](?:$|-)/,
  /(?:^|[/.])gpt-[5-9](?!.*chat)/,
  /gpt-?oss/,
  /deepseek.*\br1\b|\br1-(?:distill|0528)|deepseek-v3\.2-speciale/,
  /(?:^|[-_/:.])(?:qwq|qvq)(?:$|[-_:.])/,
  /qwen-?3(?!\d|-?max)/,
  /magistral/,
  /glm-?(?:z1|4\.[5-9]|[5-9](?:\.|$|[-:]))/,
  /kimi-k2\.[5-9]/,
  /minimax-?m[1-9]/,
  /exaone-deep|seed-oss|hunyuan-(?:a13b|t1)|smollm3|step-?3|nemotron-(?:nano|3)|(?:^|\/)(?:ring|mimo)-/,
  /openthinker|skywork-or1|marco-o1|falcon-h1r|reka-flash-3/,
  /gemini-(?:2\.5-(?:pro|flash(?!-lite))|[3-9])(?!.*(?:image|tts|embedding))/,
  /grok-(?:3-mini|[4-9])/,
] as const;

/** Of those, the ones whose template opens the block in the prompt. */
const BEGUN =
  /deepseek.*\br1\b|\br1-(?:distill|0528)|qwq|qwen-?3.*thinking|exaone-deep|minimax-?m[1-9]|olmo-?3.*think|nemotron-3/;

/** What a model's name says. Undefined: nothing, and only its answers will tell. */
export function thinksByName(model: string): Thinks | undefined {
  const name = model.toLowerCase();
  if (SAYS_NOT.test(name)) return undefined;
  if (!SAYS_SO.test(name) && !FAMILIES.some((family) => family.test(name))) return undefined;
  return BEGUN.test(name) ? { begun: true } : {};
}

/** What LangChain's classes are told of thinking by their options, under the names that they have for it. */
interface OwnOptions {
  thinks?: Thinks;
  /** ChatAnthropic's. */
  thinking?: { type?: string; budget_tokens?: number };
  /** ChatOllama's. */
  think?: boolean | string;
  /** ChatOpenAI's. */
  reasoning?: { effort?: string | null };
  /** ChatOpenAI's, for servers such as vLLM's. */
  modelKwargs?: { chat_template_kwargs?: { enable_thinking?: boolean; thinking?: boolean }; reasoning_effort?: string };
  /** Google's. */
  thinkingConfig?: { thinkingBudget?: number };
}

/** What a chat model's own options say, else its name. */
export function thinksByOptions(model: object, name: string): Thinks | undefined {
  const { thinks, thinking, think, reasoning, modelKwargs = {}, thinkingConfig } = model as OwnOptions;
  if ("thinks" in model) return thinks;
  if (thinking?.type === "enabled" || thinking?.type === "adaptive") {
    const { budget_tokens: tokens } = thinking;
    return { ...(tokens === undefined ? {} : { tokens }), refuses: ["temperature", "topP"] };
  }
  const template = modelKwargs.chat_template_kwargs ?? {};
  const effort = reasoning?.effort ?? modelKwargs.reasoning_effort;
  const budget = thinkingConfig?.thinkingBudget;
  const switches = [think, template.enable_thinking ?? template.thinking, effort && effort !== "none", budget];
  const set = switches.find((value) => value !== undefined && value !== null);
  if (set === undefined || set === "") return thinksByName(name);
  if (set === false || set === 0) return undefined;
  return { ...thinksByName(name), ...(typeof set === "number" && set > 0 ? { tokens: set } : {}) };
}

/** A template that thinks only where it is asked to, which nobody does here. */
const ASKED_FOR = /set\s+(?:enable_)?thinking\s*=\s*false|(?:if|and)\s+(?:enable_)?thinking\s*-?%\}/i;

/** What a file's own chat template says of its model. */
export function thinksByTemplate(template: string): Thinks | undefined {
  const marks = [...marksOf(template, 0)];
  const channels = template.includes("<|channel|>analysis");
  return (marks.length === 0 && !channels) || ASKED_FOR.test(template) ? undefined : {};
}

/** Whether a rendered prompt ends inside of a block of thinking. */
export const isBegun = (prompt: string): boolean => openingAtEnd(prompt) !== undefined;

/** What a template writes where the model's turn begins. */
const TURN = /add_generation_prompt[^%]*%\}\s*\{\{-?\s*(['"])([^]*?)\1/;

/** How a file's own chat template opens a block of thinking where the model's turn begins; undefined: it leaves that to the model. */
export function openingOf(template: string): string | undefined {
  const literal = TURN.exec(template)?.[2];
  return literal && openingAtEnd(literal.replaceAll("\\n", "\n"));
}

/** The opening mark that a text ends with, and the white space behind it. */
function openingAtEnd(text: string): string | undefined {
  const tail = text.slice(-200);
  const last = [...marksOf(tail, 0)].at(-1);
  return last?.opens && tail.slice(last.end).trim() === "" ? tail.slice(last.start) : undefined;
}
