import { randomUUID } from "node:crypto";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { fromLangChain } from "../models/messages.js";
import { toolSpecs } from "../models/tool-specs.js";
import { callsBySeed, type CallPlace } from "./call-of-seed.js";
import { play, type Asked, type FullReply, type Player, type Rule, type Script, type ScriptedReply } from "./script.js";

/** How a scripted model appears, and what it must know to tell calls apart. */
export interface ScriptedModelOptions {
  /** Which model it poses as, as `provider:model`: bills are then at that model's price. @default "scripted:model", without a price */
  as?: string;
  /** The run's seed, where it has one. @default 0 */
  seed?: number;
  /** Names of stages of your own; those of the stage lists that have names are known. */
  stages?: readonly string[];
  /** How many turns of a thread are told apart. @default 2 */
  turns?: number;
}

interface CallOptions extends BaseChatModelCallOptions {
  seed?: number;
  tools?: BindToolsInput[];
}

/**
 * A chat model that answers by a script, and by nothing else: a call that the script does not foresee ends the run with a
 * coded error. It notes what it is asked.
 *
 * @example
 * const small = scriptedModel([
 *   { purpose: "goal", reply: "Find the sum." },
 *   { stage: "solo", purpose: "execute", replies: ["12", "12", "13", "12", failure("refused"), "12", "12", "12"] },
 * ]);
 */
export class ScriptedModel extends BaseChatModel<CallOptions> {
  /** Every request, in order of arrival. */
  readonly asked: Asked[] = [];
  /** The model's name, without its provider. */
  readonly model: string;
  private readonly provider: string;
  private readonly player: Player;
  private readonly places: Map<number, CallPlace>;

  constructor(script: Script, options: ScriptedModelOptions = {}) {
    super({});
    const { as = "scripted:model", seed = 0, stages = [], turns = 2 } = options;
    const colon = as.indexOf(":");
    this.provider = as.slice(0, colon);
    this.model = as.slice(colon + 1);
    this.player = play(script);
    const named = typeof script === "function" ? [] : script.flatMap(({ stage }) => stage ?? []);
    this.places = callsBySeed(seed, [...named, ...stages], turns);
  }

  /** Rules of the script that answered nothing so far. */
  get unused(): Rule[] {
    return this.player.unused();
  }

  override _llmType(): string {
    return "scripted";
  }

  override getLsParams() {
    return { ls_provider: this.provider, ls_model_name: this.model, ls_model_type: "chat" as const };
  }

  override bindTools(tools: BindToolsInput[], options: Partial<CallOptions> = {}) {
    return this.withConfig({ ...options, tools });
  }

  override async _generate(
    input: BaseMessage[],
    { seed = -1, signal, tools: offered = [], ...options }: this["ParsedCallOptions"],
    _run?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    signal?.throwIfAborted();
    const messages = fromLangChain(input);
    const tools = toolSpecs(offered);
    const system = messages.find(({ role }) => role === "system")?.content ?? "";
    const user = messages.at(-1)?.content ?? "";
    // A call keeps its seed when it is tried again.
    const attempt = 1 + this.asked.filter((before) => seed >= 0 && before.seed === seed && before.user === user).length;
    const place = this.places.get(seed);
    const asked: Asked = {
      ...place,
      messages,
      system,
      user,
      seed,
      count: this.asked.length,
      attempt,
      tools,
      options,
      signal,
    };
    this.asked.push(asked);
    const message = messageOf(await this.player.replyTo(asked), asked);
    return { generations: [{ text: message.text, message }] };
  }
}

/** A chat model that answers by a script: see `ScriptedModel`. */
export function scriptedModel(script: Script, options?: ScriptedModelOptions): ScriptedModel {
  return new ScriptedModel(script, options);
}

/** Tokens are about four characters long. */
const CHARACTERS_A_TOKEN = 4;

function messageOf(reply: ScriptedReply, asked: Asked): AIMessage {
  if (reply instanceof Error) throw reply;
  if (typeof reply === "object" && "attempts" in reply) {
    const { attempts } = reply;
    return messageOf(attempts[Math.min(asked.attempt, attempts.length) - 1]!, asked);
  }
  const full: FullReply = typeof reply === "string" ? { text: reply } : reply;
  const usage = full.usage === undefined ? guessed(full, asked) : full.usage;
  const content = full.logprobs?.map((logprob) => ({ token: "", logprob }));
  const calls = (full.toolCalls ?? []).map(({ name, args = {} }) => ({ name, args: { ...args }, id: randomUUID() }));
  return new AIMessage({
    content: full.text,
    tool_calls: calls.map((call) => ({ ...call, type: "tool_call" as const })),
    invalid_tool_calls: (full.brokenCalls ?? []).map((call) => ({ ...call, type: "invalid_tool_call" as const })),
    response_metadata: {
      finish_reason: full.finish ?? (calls.length > 0 ? "tool_calls" : "stop"),
      ...(content ? { logprobs: { content } } : {}),
    },
    ...(usage ? { usage_metadata: metadataOf(usage) } : {}),
  });
}

function guessed({ text, toolCalls = [] }: FullReply, { messages }: Asked): NonNullable<FullReply["usage"]> {
  const tokens = (length: number) => Math.max(1, Math.ceil(length / CHARACTERS_A_TOKEN));
  const inputTokens = tokens(messages.reduce((sum, { content }) => sum + content.length, 0));
  const said = text + toolCalls.map((call) => JSON.stringify(call)).join("");
  return { inputTokens, outputTokens: said === "" ? 0 : tokens(said.length) };
}

const metadataOf = ({ inputTokens, outputTokens }: NonNullable<FullReply["usage"]>) => ({
  input_tokens: inputTokens,
  output_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
});
