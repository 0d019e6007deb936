import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { randomUUID } from "node:crypto";
import type { CallOutcome } from "../models/call.js";
import { buffered } from "../models/buffered.js";
import { toLangChain } from "../models/messages.js";
import type { OnToken } from "../models/types.js";
import type { Message } from "../state/message.js";

/** Key of `configurable` under which a caller that streams the answer itself is told its pieces. */
export const ON_TOKEN = "cope_on_token";

type Draw = (onToken?: OnToken) => Promise<CallOutcome>;

/**
 * Draws the one sample that is the answer whatever it says, and lets it be read while it is written: by who asks for pieces
 * (`ON_TOKEN`), else by streams of messages, where there are any. With nobody reading along, nothing is streamed.
 *
 * @returns `messageId`: of the message in the stream, so that the whole one at the end is known as the same
 */
export async function drawAnswer(
  messages: readonly Message[],
  draw: Draw,
  config: LangGraphRunnableConfig,
): Promise<CallOutcome & { messageId?: string }> {
  const onToken: unknown = config.configurable?.[ON_TOKEN];
  if (typeof onToken === "function") return draw(onToken as OnToken);
  const model = new AnswerStream(draw);
  try {
    await model.invoke(toLangChain(messages), config);
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
  }
  return { ...model.outcome!, ...(model.streamed ? { messageId: model.id } : {}) };
}

/** There is nothing to show: an earlier stage may answer. Never leaves this file, but traces show it. */
class Unanswered extends Error {}

/** The cascade's answer as LangChain's callbacks know a chat model's: they decide whether it streams, and read it. */
class AnswerStream extends BaseChatModel {
  readonly id = randomUUID();
  outcome: CallOutcome | undefined;
  streamed = false;
  private readonly draw: Draw;

  constructor(draw: Draw) {
    super({});
    this.draw = draw;
  }

  static override lc_name(): string {
    return "CopeAnswer";
  }

  override _llmType(): string {
    return "cope";
  }

  override async _generate(): Promise<ChatResult> {
    const text = this.told(await this.draw());
    return { generations: [{ text, message: new AIMessage(text) }] };
  }

  override async *_streamResponseChunks(
    _: BaseMessage[],
    { signal }: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const pieces = buffered<string, CallOutcome>((onToken) => this.draw(onToken), signal);
    for (;;) {
      const { value, done } = await pieces.next();
      if (!done) {
        yield* this.chunk(value, run);
        continue;
      }
      const whole = this.told(value);
      // From a tape or a journal, or by a model that does not stream.
      if (!this.streamed) yield* this.chunk(whole, run);
      return;
    }
  }

  private async *chunk(text: string, run: CallbackManagerForLLMRun | undefined): AsyncGenerator<ChatGenerationChunk> {
    this.streamed = true;
    const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, id: this.id }) });
    yield chunk;
    await run?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
  }

  private told(outcome: CallOutcome): string {
    this.outcome = outcome;
    const text = outcome.reply?.text ?? "";
    if (text.trim() === "") throw new Unanswered("there is no text");
    return text;
  }
}
