import { totalmem } from "node:os";
import { CopeError } from "../../errors.js";
import type { EngineOptions } from "./engine-options.js";

/** What a model needs in main memory, in bytes. */
export interface MemoryEstimate {
  weights: number;
  /** Key-value cache of all sequences and the engine's working space. */
  context: number;
  /** What this process may still take, containers' limits included. */
  available: number;
}

type LlamaModule = typeof import("node-llama-cpp");

/**
 * Estimates what a model will take, from the file's header alone: nothing is loaded.
 *
 * @param path - a GGUF file.
 * @param loaded - bytes of weights that this process has in use already.
 * @throws CopeError `MODEL_FILE_INVALID` when the header cannot be read.
 */
export async function estimateMemory(
  module: LlamaModule,
  path: string,
  { contextSize, sequences }: Required<Pick<EngineOptions, "contextSize" | "sequences">>,
  loaded: number,
): Promise<MemoryEstimate> {
  try {
    const info = await module.readGgufFileInfo(path, { sourceType: "filesystem", logWarnings: false });
    const insights = await module.GgufInsights.from(info);
    const size = Math.min(contextSize, insights.trainContextSize ?? contextSize);
    const needs = { contextSize: size, modelGpuLayers: 0, sequences, batchSize: 512 };
    const { cpuRam } = insights.estimateContextResourceRequirements(needs);
    return { weights: insights.modelSize, context: cpuRam, available: availableBeside(loaded) };
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const remedy = "give the path of a whole GGUF file of a text model.";
    throw new CopeError("MODEL_FILE_INVALID", `the header of ${path} cannot be read: ${said}.`, remedy, { cause });
  }
}

// Weights are mapped files, whose pages Linux counts as free, since it could read them again: with two models in a memory
// for one, at every token. A container's limit counts them as taken.
function availableBeside(loaded: number): number {
  const limit = process.constrainedMemory();
  const counted = process.platform !== "linux" || (limit > 0 && limit < totalmem());
  return process.availableMemory() - (counted ? 0 : loaded);
}

/**
 * Refuses what the machine cannot hold, before anything is loaded: the operating system would end the process instead.
 *
 * @throws CopeError `OPTIONS_INVALID` with the numbers.
 */
export function checkMemory({ weights, context, available }: MemoryEstimate, path: string): void {
  if (weights + context <= available) return;
  const mb = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  const free = Math.max(0, Math.floor(available / 1e6));
  throw new CopeError(
    "OPTIONS_INVALID",
    `memory does not suffice for ${path}: ${mb(weights)} of weights and ${mb(context)} of context, ${free} MB are free.`,
    MEMORY_REMEDY,
  );
}

/** What to do about too little memory. */
export const MEMORY_REMEDY = "lower contextSize or sequences, or choose a smaller model.";
