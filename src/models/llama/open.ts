import { ask } from "../ask.js";
import { UNKNOWN } from "../abilities.js";
import { declaredOf } from "../declared.js";
import type { ChatHandle } from "../types.js";
import { ChatLlama } from "./chat.js";
import type { EngineOptions } from "./engine-options.js";
import { readGguf, requireChatModel } from "./gguf.js";
import { engineVersion, llamaIdentity, requireSame } from "./identity.js";
import { locate } from "./locate.js";

/**
 * What follows `llama:` → a handle. Checks weights and engine, and loads neither: that happens at the first question.
 *
 * @throws CopeError `ENGINE_MISSING`, and what `locate` throws.
 */
export async function openLlama(spec: string, options: EngineOptions = {}): Promise<ChatHandle> {
  // First of all: nobody should pull weights to learn that nothing here can run them.
  engineVersion();
  const path = locate(spec);
  requireChatModel(path);
  const identity = await llamaIdentity(spec, path);
  const { thinks } = readGguf(path);
  return {
    identity,
    local: true,
    ...(thinks ? { thinks } : {}),
    ability: async (name) =>
      declaredOf(identity, name) ?? (await new ChatLlama({ ...options, model: spec }).ability(name)) ?? UNKNOWN,
    async embed(text) {
      requireSame(identity, await llamaIdentity(spec, path));
      const model = new ChatLlama({ ...options, model: spec });
      return { vector: await model.embed(text), inputTokens: await model.getNumTokens(text) };
    },
    async ask(messages, sampling, signal, tools, onToken) {
      requireSame(identity, await llamaIdentity(spec, path));
      const { temperature, topP, maxTokens } = sampling;
      const model = new ChatLlama({ ...options, model: spec, temperature, topP, maxTokens });
      return ask(model, messages, sampling, signal, tools, onToken);
    },
  };
}
