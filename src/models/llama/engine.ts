import { setTimeout as wait } from "node:timers/promises";
import type { JinjaTemplateChatWrapper, Llama, LlamaModel } from "node-llama-cpp";
import { CopeError } from "../../errors.js";
import { defaultThreads } from "./cores.js";
import type { EngineOptions } from "./engine-options.js";
import { chatTemplate, createContext, importEngine, load, start } from "./load.js";
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

function once<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  // A failure is not remembered: the file may be there the next time.
  made.catch(() => map.delete(key));
  return made;
}
