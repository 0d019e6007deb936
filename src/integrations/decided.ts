import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { CopeError } from "../errors.js";
import type { ModelLike } from "../models/given.js";

/** Answers with the step that was decided: what it is put into (other middleware, streams, structured output) sees one model call. */
export class DecidedModel extends BaseChatModel {
  private readonly message: AIMessage;

  constructor(message: AIMessage) {
    super({});
    this.message = message;
  }

  static override lc_name(): string {
    return "CopeStep";
  }

  override _llmType(): string {
    return "cope";
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(): Promise<ChatResult> {
    return { generations: [{ text: this.message.text, message: this.message }] };
  }
}

/** Stands where an agent wants a chat model, for any model that `createCope` takes: the middleware asks that one. */
export class StandIn extends BaseChatModel {
  readonly standsFor: ModelLike;

  constructor(standsFor: ModelLike) {
    super({});
    this.standsFor = standsFor;
  }

  static override lc_name(): string {
    return "CopeAgent";
  }

  override _llmType(): string {
    return "cope";
  }

  override bindTools(): this {
    return this;
  }

  override async _generate(): Promise<ChatResult> {
    throw new CopeError(
      "INTERNAL",
      "the agent's model was asked past copeMiddleware.",
      "keep the middleware in the agent.",
    );
  }
}
