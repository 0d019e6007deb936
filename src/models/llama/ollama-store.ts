import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative, sep } from "node:path";
import { CopeError } from "../../errors.js";

const HOST = "registry.ollama.ai";
const LIBRARY = "library";
const WEIGHTS = "application/vnd.ollama.image.model";

/** A model of Ollama's store. */
export interface OllamaModel {
  /** As `llama:` takes it: `ollama/qwen3:4b`. */
  name: string;
  /** The blob with the weights. */
  path: string;
  bytes: number;
}

/** Whether a model is named by Ollama's store: `ollama/NAME[:TAG]`. */
export const isOllama = (spec: string): boolean => spec.startsWith("ollama/") && !/\.gguf$/i.test(spec);

/** The folder of Ollama's models: `OLLAMA_MODELS`, else `~/.ollama/models`. */
export function ollamaStore(env: NodeJS.ProcessEnv = process.env): string {
  return env["OLLAMA_MODELS"] || join(homedir(), ".ollama", "models");
}

/**
 * The file with the weights of an Ollama model, where Ollama keeps it. Nothing is copied, and Ollama need not run.
 *
 * @param spec - `ollama/NAME[:TAG]`; as with Ollama, the tag is `latest` by default, and NAME may be `owner/name` or
 *   `host/owner/name`.
 * @throws CopeError `MODEL_UNKNOWN` for a name of another form, `MODEL_NOT_FOUND` when the store has no such model,
 *   `MODEL_FILE_INVALID` when its manifest or its weights are broken.
 */
export function ollamaWeights(spec: string): string {
  const name = spec.slice("ollama/".length);
  const [, path = "", tag = "latest"] = /^([^:]+)(?::([^:/]+))?$/.exec(name) ?? [];
  const parts = [...path.split("/"), tag];
  if (parts.length > 4 || !parts.every((part) => /^\w[\w.-]*$/.test(part))) {
    throw new CopeError("MODEL_UNKNOWN", `"${spec}" names no Ollama model.`, "write llama:ollama/NAME:TAG.");
  }
  const prefix = [HOST, LIBRARY].slice(0, 4 - parts.length);
  const manifest = join(ollamaStore(), "manifests", ...prefix, ...parts);
  if (!existsSync(manifest)) {
    throw new CopeError(
      "MODEL_NOT_FOUND",
      `Ollama's store ${ollamaStore()} has no ${name}.`,
      `ollama pull ${name}, or set OLLAMA_MODELS to the folder of its models.`,
    );
  }
  const found = weightsOf(manifest);
  if (found && existsSync(found.path)) return found.path;
  throw new CopeError("MODEL_FILE_INVALID", `the weights of ${name} are not in Ollama's store.`, `ollama pull ${name}`);
}

/** All models of Ollama's store that have weights; none where there is no store. */
export function listOllama(): OllamaModel[] {
  const root = join(ollamaStore(), "manifests");
  if (!existsSync(root)) return [];
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .flatMap((entry): OllamaModel[] => {
      const manifest = join(entry.parentPath, entry.name);
      const [host = "", owner = "", model, tag, ...more] = relative(root, manifest).split(sep);
      const found = weightsOf(manifest);
      if (!tag || more.length > 0 || !found || !existsSync(found.path)) return [];
      const prefix = host !== HOST ? `${host}/${owner}/` : owner !== LIBRARY ? `${owner}/` : "";
      return [{ name: `ollama/${prefix}${model}:${tag}`, ...found }];
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function weightsOf(manifest: string): { path: string; bytes: number } | undefined {
  try {
    const { layers } = JSON.parse(readFileSync(manifest, "utf8")) as { layers: Record<string, string | number>[] };
    const layer = layers.find(({ mediaType }) => mediaType === WEIGHTS);
    const digest = String(layer?.["digest"]);
    if (!layer || !/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
    return { path: join(ollamaStore(), "blobs", digest.replace(":", "-")), bytes: Number(layer["size"]) };
  } catch {
    // No manifest: a file of somebody else.
    return undefined;
  }
}
