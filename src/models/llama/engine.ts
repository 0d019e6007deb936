import { setTimeout as wait } from "node:timers/promises";
import type {
  CustomBatchingPrioritizationStrategy,
  JinjaTemplateChatWrapper,
  Llama,
  LlamaContext,
  LlamaModel,
} from "node-llama-cpp";
import { CopeError } from "../../errors.js";
import { defaultThreads, physicalCores } from "./cores.js";
import { Lockstep } from "./lockstep.js";
import { checkMemory, estimateMemory, MEMORY_REMEDY } from "./memory.js";
import { SequencePool } from "./sequence-pool.js";
import { ThreadGovernor } from "./threads.js";

/** How weights are loaded and run. */
export interface EngineOptions {
  /** Tokens that prompt and answer of one call may have together. @default 4096, or less where the model knows less */
  contextSize?: number;
  /** Calls that are decoded at the same time. @default 8 */
  sequences?: number;
  /** One call at a time: a seed then gives the same text whatever else runs. Excludes `sequences` above 1. @default false */
  deterministic?: boolean;
  /** Calls that may wait for a sequence; further ones fail with `RATE_LIMITED`. @default 1000 */
  maxQueue?: number;
  /** Milliseconds without a call after which weights and context are freed; the next call loads anew. `false`: never. @default 600000 */
  idleMs?: number | false;
  /** @default the environment variable COPE_THREADS, else the physical cores */
  threads?: number;
  /** `"auto"` takes the best that is ready to use; `false` is the CPU. @default "auto" */
  gpu?: "auto" | "cuda" | "vulkan" | "metal" | false;
}

/** Loaded weights with one context and its sequences. */
export interface Engine {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly template: JinjaTemplateChatWrapper;
  readonly pool: SequencePool;
  readonly lockstep: Lockstep;
  /** Tokens that prompt and answer of one call may have together. */
  readonly contextSize: number;
  readonly threads: number;
}

/** An engine, who uses it now, and how it ends. */
interface Opened extends Engine {
  users: number;
  idle?: NodeJS.Timeout;
  close(): Promise<void>;
}

type LlamaModule = typeof import("node-llama-cpp");

// One process-wide set: weights are large, and two copies of them would only compete for the same memory.
const models = new Map<string, Promise<LlamaModel>>();
const engines = new Map<string, Promise<Opened>>();
const runtimes = new Map<string, Promise<Llama>>();

/**
 * Lends loaded weights to a piece of work. They are loaded once, shared by all callers with the same options, and freed
 * when nobody has used them for a while.
 *
 * @param path - a GGUF file, as `locate` returns it.
 * @throws CopeError `ENGINE_MISSING` without node-llama-cpp or a binary of it that runs here, `MODEL_FILE_INVALID`
 *   when llama.cpp cannot read the file or it has no chat template, `OPTIONS_INVALID` when memory does not suffice; what
 *   the work throws.
 */
export async function withEngine<T>(
  path: string,
  options: EngineOptions,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { idleMs = 600_000 } = options;
  const engine = await openEngine(path, options);
  clearTimeout(engine.idle);
  engine.users += 1;
  try {
    return await work(engine);
  } finally {
    engine.users -= 1;
    if (engine.users === 0 && idleMs !== false) engine.idle = setTimeout(() => void engine.close(), idleMs).unref();
  }
}

async function openEngine(path: string, options: EngineOptions): Promise<Opened> {
  const { contextSize = 4096, threads = defaultThreads(), gpu = "auto", maxQueue = 1000 } = options;
  const sequences = sequencesOf(options);
  const key = JSON.stringify([path, contextSize, sequences, threads, gpu, maxQueue]);
  return once(engines, key, async () => {
    const module = await importEngine();
    const llama = await once(runtimes, String(gpu), () => start(module, gpu, threads));
    const modelKey = JSON.stringify([path, gpu]);
    // Graphics memory is the engine's own to check.
    if (!llama.gpu) checkMemory(await estimateMemory(module, path, { contextSize, sequences }), path);
    const model = await once(models, modelKey, () => load(llama, path));
    const template = chatTemplate(module, model, path);
    const size = Math.min(contextSize, model.trainContextSize);
    const context = await createContext(model, { contextSize: size, sequences, threads });
    const all = Array.from({ length: sequences }, () => context.getSequence());
    const governor = new ThreadGovernor(threads, (now) => (llama.maxThreads = now));
    const opened: Opened = {
      llama,
      model,
      template,
      contextSize: size,
      threads,
      users: 0,
      pool: new SequencePool(all, maxQueue),
      lockstep: new Lockstep(() => governor.tick()),
      async close() {
        if (opened.users > 0) return;
        engines.delete(key);
        await context.dispose();
        const others = [...engines.keys()].some((other) => JSON.parse(other)[0] === path);
        if (others || models.get(modelKey) === undefined) return;
        models.delete(modelKey);
        await model.dispose();
      },
    };
    return opened;
  });
}

/** Calls at the same time. @throws CopeError `OPTIONS_INVALID` where one at a time and several are asked for. */
function sequencesOf({ sequences, deterministic }: EngineOptions): number {
  if (!deterministic) return sequences ?? 8;
  if (sequences === undefined || sequences === 1) return 1;
  throw new CopeError(
    "OPTIONS_INVALID",
    `deterministic decodes one sequence at a time, and sequences is ${sequences}.`,
    "leave one of the two out.",
  );
}

/** Frees every model, context and thread of this process; calls that still run fail. Later calls load anew. */
export async function disposeEngines(): Promise<void> {
  const opened = fulfilled(await Promise.allSettled(engines.values()));
  const loaded = fulfilled(await Promise.allSettled(models.values()));
  const started = fulfilled(await Promise.allSettled(runtimes.values()));
  for (const map of [engines, models, runtimes]) map.clear();
  for (const { idle } of opened) clearTimeout(idle);
  // Models first, for they hold the memory: a runtime waits for its models, and for ever for one that failed to load and
  // was collected as garbage since.
  for (const model of loaded) await model.dispose();
  for (const llama of started) await Promise.race([llama.dispose(), wait(RUNTIME_END_MS, undefined, { ref: false })]);
}

/** What a runtime without models may take to end, in milliseconds. */
const RUNTIME_END_MS = 1000;

const fulfilled = <T>(results: readonly PromiseSettledResult<T>[]): T[] =>
  results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));

/** Imports node-llama-cpp. @throws CopeError `ENGINE_MISSING` */
export async function importEngine(from = (): Promise<LlamaModule> => import("node-llama-cpp")): Promise<LlamaModule> {
  try {
    return await from();
  } catch (cause) {
    throw engineMissing("node-llama-cpp is not installed", cause);
  }
}

async function start(module: LlamaModule, gpu: NonNullable<EngineOptions["gpu"]>, threads: number): Promise<Llama> {
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

async function load(llama: Llama, modelPath: string): Promise<LlamaModel> {
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

function chatTemplate(module: LlamaModule, model: LlamaModel, path: string): JinjaTemplateChatWrapper {
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

async function createContext(
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

function once<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  // A failure is not remembered: the file may be there the next time.
  made.catch(() => map.delete(key));
  return made;
}

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
