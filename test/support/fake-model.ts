import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";

/** What a fake model is asked. */
export interface Asked {
  system: string;
  user: string;
  seed: number;
  /** From 0, in order of arrival. */
  count: number;
  signal?: AbortSignal;
}

interface Options extends BaseChatModelCallOptions {
  seed?: number;
}

/** A chat model for tests of wiring: replies by a function, and remembers what it was asked. */
export class FakeModel extends BaseChatModel<Options> {
  readonly asked: Asked[] = [];
  /** What it answers, or throws. */
  readonly reply: (asked: Asked) => string | Promise<string>;
  private readonly title: string;

  constructor(reply: (asked: Asked) => string | Promise<string>, title = "fake") {
    super({});
    this.reply = reply;
    this.title = title;
  }

  override _llmType(): string {
    return "fake";
  }

  override getLsParams() {
    return { ls_provider: "fake", ls_model_name: this.title, ls_model_type: "chat" as const };
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const system = messages.find((message) => message.getType() === "system")?.text ?? "";
    const user = messages.at(-1)!.text;
    const asked: Asked = { system, user, seed: options.seed ?? -1, count: this.asked.length, signal: options.signal };
    this.asked.push(asked);
    const text = await this.reply(asked);
    const usage = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
    return {
      generations: [
        {
          text,
          message: new AIMessage({
            content: text,
            usage_metadata: usage,
            response_metadata: { finish_reason: "stop" },
          }),
        },
      ],
    };
  }
}

/** What kind of call it was, by the wording of the plain family below. */
export const isPlan = (asked: Asked) => asked.system.startsWith("plan");

/** A model that writes "do it" as every plan and takes its answers from a list, over and over. */
export function answering(...answers: string[]): FakeModel {
  let next = 0;
  return new FakeModel((asked) =>
    isPlan(asked) ? `do ${asked.user.slice(0, 20)}` : answers[next++ % answers.length]!,
  );
}

/** An error as providers' clients throw it. */
export function httpError(status: number, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(`${status} said the server`), { status, headers: new Headers(headers) });
}
