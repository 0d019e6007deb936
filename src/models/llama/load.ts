import { AsyncLocalStorage } from "node:async_hooks";
import type {
  CustomBatchingPrioritizationStrategy,
  JinjaTemplateChatWrapper,
  Llama,
  LlamaContext,
  LlamaModel,
} from "node-llama-cpp";
import { CopeError } from "../../errors.js";
import { physicalCores } from "./cores.js";
import type { EngineOptions } from "./engine-options.js";
import { MEMORY_REMEDY } from "./memory.js";

type LlamaModule = typeof import("node-llama-cpp");

/** Imports node-llama-cpp. @throws CopeError `ENGINE_MISSING` */
export async function importEngine(from = (): Promise<LlamaModule> => import("node-llama-cpp")): Promise<LlamaModule> {
  try {
    return await from();
  } catch (cause) {
    throw engineMissing("node-llama-cpp is not installed", cause);
  }
}

const flagless = new AsyncLocalStorage<true>();

/**
 * Does work whose forked processes get none of this process's flags; forks of anybody else meanwhile get them as ever.
 * node-llama-cpp tries its binary in a fork, and a fork inherits flags. A preload that was written for this process alone
 * ends it (LangGraph's dev server has one), `--inspect-brk` holds it, and the binary then seems broken.
 */
export async function forkingWithoutFlags<T>(work: () => Promise<T>): Promise<T> {
  const own = Object.getOwnPropertyDescriptor(process, "execArgv");
  if (!own?.configurable) return work();
  const flags = process.execArgv;
  const get = (): string[] => (flagless.getStore() ? [] : flags);
  Object.defineProperty(process, "execArgv", { configurable: true, enumerable: true, get });
  try {
    return await flagless.run(true, work);
  } finally {
    Object.defineProperty(process, "execArgv", own);
  }
}

/** Starts llama.cpp without compiling or printing anything. @throws CopeError `ENGINE_MISSING` */
export async function start(
  module: LlamaModule,
  gpu: NonNullable<EngineOptions["gpu"]>,
  threads: number,
): Promise<Llama> {
  try {
    return await module.getLlama({
      gpu,
      // Never compile on a user's machine unasked, and never write into the program's own output.
      build: "never",
      skipDownload: true,
      progressLogs: false,
      logLevel: module.LlamaLogLevel.disabled,
      logger: () => undefined,
      maxThreads: Math.max(threads, physicalCores()),
    });
  } catch (cause) {
    throw engineMissing(`no llama.cpp binary for this machine starts (${messageOf(cause)})`, cause);
  }
}

/** Loads weights. @throws CopeError `MODEL_FILE_INVALID`, `OPTIONS_INVALID` where memory does not suffice */
export async function load(llama: Llama, modelPath: string): Promise<LlamaModel> {
  try {
    return await llama.loadModel({ modelPath });
  } catch (cause) {
    if (isMemory(cause)) throw memoryError(cause);
    const remedy = "give the path of a whole GGUF file of a text model.";
    throw new CopeError("MODEL_FILE_INVALID", `llama.cpp cannot read ${modelPath}: ${messageOf(cause)}.`, remedy, {
      cause,
    });
  }
}

/** The chat template that the file carries. @throws CopeError `MODEL_FILE_INVALID` without one that can be used */
export function chatTemplate(module: LlamaModule, model: LlamaModel, path: string): JinjaTemplateChatWrapper {
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  try {
    if (!template) throw new Error("it has none");
    // The library's own wrappers leave out what a template adds, such as the default system message.
    return new module.JinjaTemplateChatWrapper({ template, tokenizer: model.tokenizer });
  } catch (cause) {
    const reason = `${path} has no chat template that can be used: ${messageOf(cause)}.`;
    throw new CopeError("MODEL_FILE_INVALID", reason, 'use an "instruct" or "chat" model.', { cause });
  }
}

/** A context with room for all sequences. @throws CopeError `OPTIONS_INVALID` where memory does not suffice */
export async function createContext(
  model: LlamaModel,
  options: { contextSize: number; sequences: number; threads: number },
): Promise<LlamaContext> {
  try {
    return await model.createContext({ ...options, batching: { itemPrioritizationStrategy: promptsAlone } });
  } catch (cause) {
    if (isMemory(cause)) throw memoryError(cause);
    throw new CopeError("INTERNAL", `no context could be created: ${messageOf(cause)}.`, "report this.", { cause });
  }
}

// A piece of a prompt gets a batch of its own. It fills one anyway, and the numbers it leaves in the cache are then the
// same in company and alone. The single tokens of running calls go together.
const promptsAlone: CustomBatchingPrioritizationStrategy = ({ items, size }) => {
  const prompt = items.find(({ tokens }) => tokens.length > 1);
  if (prompt) return [{ item: prompt, processAmount: Math.min(size, prompt.tokens.length) }];
  return items.slice(0, size).map((item) => ({ item, processAmount: 1 }));
};

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const isMemory = (error: unknown) => error instanceof Error && error.constructor.name === "InsufficientMemoryError";

function memoryError(cause: unknown): CopeError {
  return new CopeError("OPTIONS_INVALID", `memory does not suffice: ${messageOf(cause)}.`, MEMORY_REMEDY, { cause });
}

/** The error for a machine without llama.cpp. */
export function engineMissing(reason: string, cause: unknown): CopeError {
  const remedy = 'npm i node-llama-cpp, or use a model of another provider ("ollama:…", "openai:…").';
  return new CopeError("ENGINE_MISSING", `${reason}.`, remedy, { cause });
}
