import { ask } from "../calls/ask.js";
import { declaredOf, UNKNOWN } from "../models/abilities.js";
import type { ChatHandle } from "../calls/types.js";
import { ChatLlama } from "./chat.js";
import type { EngineOptions } from "./engine/engine.js";
import { readGguf, requireChatModel } from "./weights/gguf.js";
import { engineVersion, llamaIdentity, requireSame } from "./weights/digest.js";
import { locate } from "./weights/locate.js";

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
