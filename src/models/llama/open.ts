import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ask } from "../ask.js";
import { UNKNOWN } from "../abilities.js";
import { declaredOf } from "../declared.js";
import type { ChatHandle } from "../types.js";
import { ChatLlama } from "./chat.js";
import { engineMissing, type EngineOptions } from "./engine.js";
import { digestOf, locate } from "./locate.js";

/**
 * What follows `llama:` → a handle. Checks weights and engine, and loads neither: that happens at the first question.
 *
 * @throws CopeError `ENGINE_MISSING`, and what `locate` throws.
 */
export async function openLlama(spec: string, options: EngineOptions = {}): Promise<ChatHandle> {
  const path = locate(spec);
  const engine = `node-llama-cpp ${engineVersion()}`;
  // A path says where a file lies on one machine; its name and digest say what it is on all.
  const model = spec.endsWith(".gguf") ? basename(path) : spec;
  const identity = { provider: "llama", model, digest: await digestOf(path), engine };
  return {
    identity,
    ability: async (name) =>
      declaredOf(identity, name) ?? { ...UNKNOWN, why: "it depends on the model's chat template" },
    ask(messages, sampling, signal) {
      const { temperature, topP, maxTokens } = sampling;
      return ask(new ChatLlama({ ...options, model: path, temperature, topP, maxTokens }), messages, sampling, signal);
    },
  };
}

/** Version of the installed node-llama-cpp. @throws CopeError `ENGINE_MISSING` */
export function engineVersion(resolve: (name: string) => string = (name) => import.meta.resolve(name)): string {
  try {
    const manifest = new URL("../package.json", resolve("node-llama-cpp"));
    return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
  } catch (cause) {
    throw engineMissing("node-llama-cpp is not installed", cause);
  }
}
