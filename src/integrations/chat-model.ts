import type { CallbackManagerForLLMRun, Callbacks } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput, StructuredOutputMethodOptions } from "@langchain/core/language_models/base";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { assembleStructuredOutputPipeline } from "@langchain/core/language_models/structured_output";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { Runnable } from "@langchain/core/runnables";
import type { SerializableSchema } from "@langchain/core/utils/standard_schema";
import type { InteropZodType } from "@langchain/core/utils/types";
import { createChoice } from "../families/choice/index.js";
import type { Judge } from "../families/choice/judged.js";
import type { CopeOptions } from "../graph/options.js";
import { EMBEDDED } from "../models/roles.js";
import { buffered } from "../models/buffered.js";
import { hiddenTraces } from "../models/hidden-traces.js";
import { bindable, toolSpecs } from "../models/tool-specs.js";
import type { ModelLike } from "../models/given.js";
import type { OnToken } from "../models/types.js";
import { rolesOf } from "../nodes/settings.js";
import { compileCascade, stagesOf, type Cascade, type CascadeInput } from "./cascade.js";
import { blindChain, blinded, under } from "./chat-callbacks.js";
import { chatIdentity } from "./chat-identity.js";
import { lastChunks, messageOf, type Said } from "./chat-message.js";
import {
  modelName,
  parseChatFields,
  toolWish,
  type CopeChatModelCallOptions,
  type CopeChatModelFields,
} from "./chat-options.js";
import { asConversation, inWords } from "./conversation.js";
import { parserOf, shapeOf } from "./structured-output.js";
import { stepFamily } from "./step-family.js";
import { nothingToDo } from "./step-message.js";

/**
 * The cascade as a chat model, wherever LangChain takes one: chains, agents, graphs, batches. The caller sees one answer, whatever
 * was drafted for it: provisional work goes out as `CopeEvent`s to the `custom` stream of the graph around, never as messages.
 * `usage_metadata` counts the whole run; `response_metadata.cope` tells stages, verdicts and bill.
 *
 * Tools make it an agent's step (family `action`), a schema makes it `choice`, anything else is told by `family`.
 *
 * @example
 * const model = new CopeChatModel({ small: "ollama:qwen3:4b", large: "openai:gpt-4o" });
 * const agent = createAgent({ model, tools });
 *
 * @throws CopeError OPTIONS_INVALID at construction; at a call REQUEST_REJECTED (images), STREAM_CUT, MODEL_FAILED
 * (a tool must be called, and no model names a call that fits), and what the graph throws
 */
export class CopeChatModel extends BaseChatModel<CopeChatModelCallOptions> {
  static override lc_name(): string {
    return "CopeChatModel";
  }

  /** Its models in the order in which they are asked, as traces show them. */
  readonly model: string;
  readonly #options: CopeOptions;
  readonly #cascade: Cascade;
  readonly #identity: () => string;
  #calling: Cascade | undefined;
  readonly #judging = new WeakMap<Judge, Cascade>();

  constructor(fields: CopeChatModelFields = {}) {
    const { options, standard } = parseChatFields(fields);
    super({ ...standard, ...blinded(standard, options) });
    this.#options = options;
    this.#cascade = compileCascade(options);
    this.#identity = chatIdentity(options);
    const models: Readonly<Record<string, ModelLike | undefined>> = {
      ...EMBEDDED,
      ...options.models,
      ...given(options),
    };
    this.model = rolesOf(stagesOf(options))
      .map((role) => modelName(models[role], role))
      .join(" + ");
  }

  /** How LangChain names this kind of model. */
  override _llmType(): string {
    return "cope";
  }

  /** What traces show of a call. */
  override getLsParams({ stop }: this["ParsedCallOptions"]) {
    return {
      ls_provider: "cope",
      ls_model_name: this.model,
      ls_model_type: "chat" as const,
      ...(stop ? { ls_stop: stop } : {}),
    };
  }

  /** All that decides its answers, without keys: LangChain's caches know it by this. */
  override _identifyingParams(): Record<string, unknown> {
    return { model: this.model, options: this.#identity() };
  }

  /** What of a call decides its answer; tools by what models are told of them. */
  override _getSerializedCacheKeyParametersForCall({
    tools,
    tool_choice,
    copeSchema,
    seed,
    cope,
    stop,
  }: CopeChatModelCallOptions): string {
    const told = { ...(tools ? { tools: toolSpecs(tools) } : {}), tool_choice, copeSchema, seed, cope, stop };
    return super._getSerializedCacheKeyParametersForCall(told as never);
  }

  override invocationParams({
    tools,
    tool_choice,
    copeSchema,
    seed,
    stop,
  }: Partial<this["ParsedCallOptions"]> = {}): Record<string, unknown> {
    const { family, samples } = this.#options;
    return {
      ...(typeof family === "string" ? { family } : {}),
      ...(samples === undefined ? {} : { samples }),
      tools,
      tool_choice,
      schema: copeSchema,
      seed,
      stop,
    };
  }

  override bindTools(
    tools: BindToolsInput[],
    options: Partial<CopeChatModelCallOptions> = {},
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, CopeChatModelCallOptions> {
    // At once, so that what is wrong with a tool is told where it is bound.
    const specs = toolSpecs(tools).map((spec) => ({
      ...bindable(spec),
      ...(spec.accepts ? { accepts: spec.accepts } : {}),
    }));
    return this.withConfig({ tools: specs, ...options } as never) as never;
  }

  /**
   * An answer that meets a schema, by consensus of samples.
   *
   * @param schema - zod, another standard schema, or plain JSON schema, of an object or a list. A draft that it does not take as
   *   its input has no vote
   * @param config - `includeRaw`: the message beside the value. `method` and `name` mean nothing here
   */
  override withStructuredOutput<Value extends Record<string, any> = Record<string, any>>(
    schema: SchemaOf<Value>,
    config?: StructuredOutputMethodOptions<false>,
  ): Runnable<BaseLanguageModelInput, Value>;
  /** An answer that meets a schema, by consensus of samples; with `includeRaw` beside its message. */
  override withStructuredOutput<Value extends Record<string, any> = Record<string, any>>(
    schema: SchemaOf<Value>,
    config?: StructuredOutputMethodOptions<true>,
  ): Runnable<BaseLanguageModelInput, { raw: BaseMessage; parsed: Value }>;
  override withStructuredOutput(schema: any, config: { includeRaw?: boolean } = {}): any {
    const shape = shapeOf(schema);
    const answering = this.withConfig({ copeSchema: shape.json, copeJudge: shape.judge } as never);
    const chain = assembleStructuredOutputPipeline(answering, parserOf(shape), config.includeRaw);
    return blindChain(chain, this.#options.private ?? []);
  }

  /** As every chat model's, with traces that show nothing private. */
  override generate(
    ...[messages, options, callbacks]: Parameters<BaseChatModel<CopeChatModelCallOptions>["generate"]>
  ): ReturnType<BaseChatModel<CopeChatModelCallOptions>["generate"]> {
    const given = Array.isArray(options) ? { stop: options } : options;
    const traced = this.#traced(given?.callbacks ?? callbacks);
    return super.generate(messages, { ...given, ...(traced ? { callbacks: traced } : {}) }, traced);
  }

  /** As every chat model's, with traces that show nothing private. */
  override async *_streamIterator(
    input: BaseLanguageModelInput,
    options?: Partial<CopeChatModelCallOptions>,
  ): AsyncGenerator<AIMessageChunk> {
    yield* super._streamIterator(input, { ...options, callbacks: this.#traced(options?.callbacks) });
  }

  #traced(callbacks: Callbacks | undefined): Callbacks | undefined {
    const { private: texts = [] } = this.#options;
    return texts.length === 0 ? callbacks : hiddenTraces({ texts, pieces: true }, callbacks);
  }

  /** Runs the cascade on a conversation. */
  override async _generate(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): Promise<ChatResult> {
    const message = new AIMessage(await this.#ask(messages, options, run));
    return { generations: [{ text: message.text, message }] };
  }

  /** The one answer, as it comes. */
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const pieces = buffered<string, Said>(
      (onToken, signal) => this.#ask(messages, { ...options, signal }, run, onToken),
      options.signal,
    );
    let streamed = false;
    try {
      for (;;) {
        const { value, done } = await pieces.next();
        const chunks = done ? lastChunks(value, streamed) : [new AIMessageChunk(value)];
        streamed = true;
        for (const message of chunks) {
          const chunk = new ChatGenerationChunk({ text: message.text, message });
          yield chunk;
          await run?.handleLLMNewToken(message.text, undefined, undefined, undefined, undefined, { chunk });
        }
        if (done) return;
      }
    } finally {
      // Where the reader left, the run is aborted.
      await pieces.return(undefined as never);
    }
  }

  async #ask(
    messages: BaseMessage[],
    options: this["ParsedCallOptions"],
    run: CallbackManagerForLLMRun | undefined,
    onToken?: OnToken,
  ): Promise<Said> {
    const { copeSchema, copeJudge, stop, signal } = options;
    signal?.throwIfAborted();
    const { tools, choice } = toolWish(options);
    const kind = copeSchema ? "data" : choice === "none" ? undefined : "action";
    const said = asConversation(messages);
    const input: CascadeInput = {
      messages: kind === "action" ? said : inWords(said),
      options: this.#runOptions(options, kind),
      ...(kind === "data" ? { given: { schema: copeSchema } } : {}),
      ...(kind === "action" ? { given: { tools } } : {}),
    };
    // A text that may still have to be cut at a stop string is not shown before.
    const told = stop?.length ? undefined : onToken;
    // LangChain keeps the graph's writer from what runs in a stream, but hands it on among the options.
    const { writer } = options as { writer?: (event: unknown) => void };
    const call = { callbacks: run && under(run), signal, writer, onToken: told };
    const cascade =
      kind === "action" && choice === "any"
        ? this.#mustCall()
        : kind === "data" && copeJudge
          ? this.#judgedBy(copeJudge)
          : this.#cascade;
    const result = await cascade(input, call);
    // A message without a call would end the agent that asked for one, as if it were done.
    if (choice === "any" && kind === "action" && result.answer.value === null) throw nothingToDo(result);
    return messageOf(result, { name: this.model, kind, stop });
  }

  #runOptions(
    { cope, seed }: this["ParsedCallOptions"],
    kind: "data" | "action" | undefined,
  ): NonNullable<CascadeInput["options"]> {
    return {
      ...cope,
      ...(seed === undefined ? {} : { seed }),
      ...(kind === "data" ? { family: this.#choice() } : kind === "action" ? { family: "action" } : {}),
    };
  }

  /** The family that judges data. */
  #choice(): string {
    const { family } = this.#options;
    return typeof family === "string" && family.startsWith("choice") ? family : "choice";
  }

  /** The cascade for data on which a schema of one's own has the last word. Made once for each. */
  #judgedBy(judge: Judge): Cascade {
    const consensus = this.#choice() === "choice:fields" ? "field" : "whole";
    const made =
      this.#judging.get(judge) ?? compileCascade({ ...this.#options, family: createChoice({ consensus, judge }) });
    this.#judging.set(judge, made);
    return made;
  }

  /** The cascade for calls in which an answer without a call of a tool is none. Made when it is first needed. */
  #mustCall(): Cascade {
    this.#calling ??= compileCascade({ ...this.#options, family: stepFamily(true) });
    return this.#calling;
  }
}

/** A schema in any of LangChain's forms, of values of a type. */
type SchemaOf<Value> = SerializableSchema<Value> | InteropZodType<Value> | Record<string, any>;

const given = ({ small, large }: CopeOptions) => ({ ...(small ? { small } : {}), ...(large ? { large } : {}) });
