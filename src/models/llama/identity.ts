import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { CopeError } from "../../errors.js";
import type { ModelIdentity } from "../types.js";
import { weightsDigest } from "./digest.js";
import { engineMissing } from "./load.js";
import { isPath } from "./locate.js";

/**
 * What makes an embedded model the same one, on any machine: a path says where a file lies on this one, its name and
 * digest say what it is.
 *
 * @param spec - as the user named it.
 * @param path - of its weights.
 * @throws CopeError `ENGINE_MISSING`
 */
export async function llamaIdentity(spec: string, path: string): Promise<ModelIdentity> {
  const engine = `node-llama-cpp ${engineVersion()}`;
  return { provider: "llama", model: isPath(spec) ? basename(path) : spec, digest: await weightsDigest(path), engine };
}

/**
 * Refuses weights that were put in another's place since a model was opened: a tape would keep the answers of one as
 * those of the other.
 *
 * @throws CopeError `MODEL_FILE_INVALID`
 */
export function requireSame(opened: ModelIdentity, now: ModelIdentity): void {
  if (now.digest === opened.digest) return;
  throw new CopeError(
    "MODEL_FILE_INVALID",
    `the weights of ${opened.model} were replaced since the model was opened.`,
    "start again: what is there now is another model.",
  );
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
