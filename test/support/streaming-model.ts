import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { ScriptedModel, type Script, type ScriptedModelOptions } from "../../src/testing/index.js";

/** A scripted model that streams word by word, as a provider's would: with an id and metadata of its own. */
export class StreamingModel extends ScriptedModel {
  /** Calls that were streamed. */
  streams = 0;

  readonly script: Script;

  constructor(script: Script, options?: ScriptedModelOptions) {
    super(script, options);
    this.script = script;
  }

  override async *_streamResponseChunks(
    input: BaseMessage[],
    options: this["ParsedCallOptions"],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const { generations } = await this._generate(input, options);
    const { text, message } = generations[0]!;
    const { usage_metadata, response_metadata } = message as AIMessageChunk;
    this.streams += 1;
    const pieces = [
      ...text.split(/(?<= )/).map((content) => ({ content })),
      { content: "", usage_metadata, response_metadata },
    ];
    for (const piece of pieces) {
      options.signal?.throwIfAborted();
      const chunk = new ChatGenerationChunk({
        text: piece.content,
        message: new AIMessageChunk({ id: "chatcmpl-1", ...piece }),
      });
      yield chunk;
      await run?.handleLLMNewToken(piece.content, undefined, undefined, undefined, undefined, { chunk });
    }
  }
}
