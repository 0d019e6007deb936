import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import { onTestFinished, vi } from "vitest";
import { httpError } from "../support/fake-model.js";
import { startOllamaServer, type OllamaRequest } from "../support/ollama-server.js";
import { startOpenAiServer, type ChatRequest, type ServerReply } from "../support/openai-server.js";
import type { Arrived, Handler } from "./adapter-contract.js";

const fromOpenAi = ({ messages, temperature, top_p, max_tokens, stop, seed }: ChatRequest): Arrived => ({
  messages,
  temperature,
  topP: top_p,
  maxTokens: max_tokens,
  stop,
  seed,
});

const fromOllama = ({ messages, options }: OllamaRequest): Arrived => ({
  messages,
  temperature: options.temperature,
  topP: options.top_p,
  maxTokens: options.num_predict,
  stop: options.stop,
  seed: options.seed,
});

/** An OpenAI server that a string model finds by the environment, with a key that must be seen nowhere. */
export async function openAiServer(handler: Handler) {
  const { arrived, handle } = remembering(handler, fromOpenAi);
  const server = await startOpenAiServer(handle);
  stubEnv({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: server.url });
  return { server, rest: { arrived, left: server.left, close: server.close } };
}

/** The same for Ollama. */
export async function ollamaServer(handler: Handler) {
  const { arrived, handle } = remembering(handler, fromOllama);
  const server = await startOllamaServer(handle);
  stubEnv({ OLLAMA_BASE_URL: server.origin });
  return { server, rest: { arrived, left: server.left, close: server.close } };
}

function remembering<Request>(handler: Handler, form: (request: Request) => Arrived) {
  const arrived: Arrived[] = [];
  const handle = (request: Request, count: number) => {
    const asked = form(request);
    arrived.push(asked);
    return handler(asked, count);
  };
  return { arrived, handle };
}

/** The key of every test: a value that no text may hold. */
export const KEY = "sk-test-f00dfacef00dfacef00dface";

function stubEnv(variables: Record<string, string>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** A chat model of one's own, without a connection: sampling comes by call options. */
export class OwnModel extends BaseChatModel {
  readonly arrived: Arrived[] = [];
  readonly handler: Handler;

  constructor(handler: Handler) {
    super({});
    this.handler = handler;
  }

  override _llmType(): string {
    return "own";
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const { temperature, topP, maxTokens, stop, seed } = options as Arrived;
    const roles: Record<string, string> = { human: "user", ai: "assistant", system: "system" };
    const asked = {
      messages: messages.map((message) => ({ role: roles[message.getType()]!, content: message.text })),
      temperature,
      topP,
      maxTokens,
      stop,
      seed,
    };
    options.signal?.throwIfAborted();
    const message = messageOf(await this.handler(asked, this.arrived.push(asked) - 1), options.signal);
    return { generations: [{ text: (await message).text, message: await message }] };
  }
}

async function messageOf(reply: ServerReply, signal: AbortSignal | undefined): Promise<AIMessage> {
  if (typeof reply === "object" && "status" in reply) {
    throw Object.assign(httpError(reply.status, reply.headers), reply.message ? { message: reply.message } : {});
  }
  if (typeof reply === "object" && "raw" in reply) throw new SyntaxError("the answer is no JSON");
  if (typeof reply === "object" && "fault" in reply && reply.fault !== "stall") {
    throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  }
  if (typeof reply === "object" && !("text" in reply)) {
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  }
  const { text, finish = "stop", usage } = typeof reply === "string" ? { text: reply } : reply;
  return new AIMessage({
    content: text,
    response_metadata: { finish_reason: finish },
    ...(usage
      ? {
          usage_metadata: {
            input_tokens: usage.prompt_tokens,
            output_tokens: usage.completion_tokens,
            total_tokens: usage.prompt_tokens + usage.completion_tokens,
          },
        }
      : {}),
  });
}
