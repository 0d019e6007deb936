import { setTimeout as wait } from "node:timers/promises";
import type { JinjaTemplateChatWrapper, Llama, LlamaModel } from "node-llama-cpp";
import PQueue from "p-queue";
import { CopeError } from "../../errors.js";
import { weightsState } from "./digest.js";
import { engineSettings, type EngineOptions } from "./engine-options.js";
import { chatTemplate, createContext, forkingWithoutFlags, importEngine, load, start } from "./load.js";
import { Lockstep } from "./lockstep.js";
import { checkMemory, estimateMemory } from "./memory.js";
import { SequencePool } from "./sequence-pool.js";
import { ThreadGovernor } from "./threads.js";

/** Loaded weights with one context and its sequences. */
export interface Engine {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly template: JinjaTemplateChatWrapper;
  readonly pool: SequencePool;
  readonly lockstep: Lockstep;
  /** To be called before each piece of work: gives threads to other processes that need them. */
  giveWay(): void;
  /** Tokens that prompt and answer of one call may have together. */
  readonly contextSize: number;
  readonly threads: number;
}

/** An engine, who uses it now, and how it ends. */
interface Opened extends Engine {
  users: number;
  /** Freed with all others: what now goes by its name is not its to free. */
  gone: boolean;
  idle?: NodeJS.Timeout;
  close(): Promise<void>;
}

// One process-wide set: weights are large, and two copies of them would only compete for the same memory.
const models = new Map<string, Promise<LlamaModel>>();
const engines = new Map<string, Promise<Opened>>();
const runtimes = new Map<string, Promise<Runtime>>();
// One after the other, so that memory is checked when it is known what the last one took.
const openings = new PQueue({ concurrency: 1 });

/** llama.cpp started once, and what watches over its threads: all engines share them. */
interface Runtime {
  llama: Llama;
  governor: ThreadGovernor;
}

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
  const settings = engineSettings(options);
  const { contextSize, sequences, threads, gpu, maxQueue } = settings;
  // What was put in a file's place is loaded anew; calls under way end with what they began with.
  const state = weightsState(path);
  const modelKey = JSON.stringify([path, state, gpu]);
  const key = JSON.stringify([modelKey, settings]);
  const open = async (): Promise<Opened> => {
    const module = await importEngine();
    const { llama, governor } = await once(runtimes, String(gpu), async () => {
      const started = await start(module, gpu, threads);
      return { llama: started, governor: new ThreadGovernor(started.maxThreads, (now) => (started.maxThreads = now)) };
    });
    const giveWay = () => governor.tick();
    // Graphics memory is the engine's own to check.
    if (!llama.gpu) {
      const others = fulfilled(await Promise.allSettled(models.values()));
      const loaded = others.reduce((sum, { size }) => sum + size, 0);
      const estimate = await estimateMemory(module, path, { contextSize, sequences }, loaded);
      checkMemory(models.has(modelKey) ? { ...estimate, weights: 0 } : estimate, path);
    }
    const model = await once(models, modelKey, () => load(llama, path));
    const size = Math.min(contextSize, model.trainContextSize);
    const unlessUsed = () => freeModel(modelKey, model);
    const { template, context } = await orFree(unlessUsed, key, async () => {
      requireState(path, state);
      return {
        template: chatTemplate(module, model, path),
        context: await createContext(model, { contextSize: size, sequences, threads }),
      };
    });
    const all = Array.from({ length: sequences }, () => context.getSequence());
    const opened: Opened = {
      llama,
      model,
      template,
      contextSize: size,
      threads,
      users: 0,
      gone: false,
      pool: new SequencePool(all, maxQueue),
      lockstep: new Lockstep(giveWay),
      giveWay,
      async close() {
        if (opened.users > 0 || opened.gone) return;
        engines.delete(key);
        await context.dispose();
        await unlessUsed();
      },
    };
    return opened;
  };
  return once(engines, key, () => openings.add(() => forkingWithoutFlags(open)));
}

/** Weights for which no engine can be made must not stay in memory for nobody. */
async function orFree<T>(free: () => Promise<void>, key: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    engines.delete(key);
    await free();
    throw error;
  }
}

/** Frees weights, unless another engine uses them or they are freed already. */
async function freeModel(modelKey: string, model: LlamaModel): Promise<void> {
  const used = [...engines.keys()].some((key) => JSON.parse(key)[0] === modelKey);
  if (used || models.get(modelKey) === undefined) return;
  models.delete(modelKey);
  await model.dispose();
}

/** @throws CopeError `MODEL_FILE_INVALID` for a file that changed while it was loaded: nobody knows what is in memory */
function requireState(path: string, state: string): void {
  if (weightsState(path) === state) return;
  throw new CopeError(
    "MODEL_FILE_INVALID",
    `${path} changed while it was loaded.`,
    "wait until it is written, then try again.",
  );
}

/** Frees every model, context and thread of this process; calls that still run fail. Later calls load anew. */
export async function disposeEngines(): Promise<void> {
  const opened = fulfilled(await Promise.allSettled(engines.values()));
  const loaded = fulfilled(await Promise.allSettled(models.values()));
  const started = fulfilled(await Promise.allSettled(runtimes.values()));
  for (const map of [engines, models, runtimes]) map.clear();
  for (const one of opened) {
    one.gone = true;
    clearTimeout(one.idle);
  }
  // Models first, for they hold the memory: a runtime waits for its models, and for ever for one that failed to load and
  // was collected as garbage since.
  for (const model of loaded) await model.dispose();
  for (const { llama } of started)
    await Promise.race([llama.dispose(), wait(RUNTIME_END_MS, undefined, { ref: false })]);
}

/** What a runtime without models may take to end, in milliseconds. */
const RUNTIME_END_MS = 1000;

const fulfilled = <T>(results: readonly PromiseSettledResult<T>[]): T[] =>
  results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));

function once<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  // A failure is not remembered: the file may be there the next time.
  made.catch(() => map.get(key) === made && map.delete(key));
  return made;
}
