import { rmSync, statSync } from "node:fs";
import { CATALOG, catalogEntry, weightsPath, type CatalogEntry } from "./catalog.js";
import { recordPath } from "./digest.js";

/** A catalog entry and whether its weights are on this machine. */
export interface ListedModel extends Pick<
  CatalogEntry,
  "name" | "description" | "licence" | "contextLength" | "bytes"
> {
  present: boolean;
  /** Where the weights are, or would be. */
  path: string;
}

/** Every catalog model, in the catalog's order. `bytes` is the size on disk where present, else the download's. */
export function listModels(catalog: readonly CatalogEntry[] = CATALOG): ListedModel[] {
  return catalog.map((entry) => {
    const { name, description, licence, contextLength } = entry;
    const path = weightsPath(entry);
    const file = statSync(path, { throwIfNoEntry: false });
    return { name, description, licence, contextLength, bytes: file?.size ?? entry.bytes, present: !!file, path };
  });
}

/**
 * Deletes a catalog model's weights.
 *
 * @returns whether there was anything to delete.
 * @throws CopeError `MODEL_UNKNOWN`.
 */
export function removeModel(name: string, catalog: readonly CatalogEntry[] = CATALOG): boolean {
  const path = weightsPath(catalogEntry(name, catalog));
  const present = statSync(path, { throwIfNoEntry: false }) !== undefined;
  rmSync(path, { force: true });
  rmSync(recordPath(path), { force: true });
  return present;
}
