import type { DrawCall } from "../draw.js";
import { CATALOG } from "../../models/llama/catalog.js";

/**
 * Parameters of the model behind a call, in billions: as given for its role, else as the catalog of embedded models says;
 * null where neither knows it.
 */
export function parametersOf(
  { role, model }: Pick<DrawCall, "role" | "model">,
  given: Readonly<Record<string, number>>,
): number | null {
  if (Object.hasOwn(given, role)) return given[role]!;
  const name = model.startsWith("llama:") ? model.slice("llama:".length) : undefined;
  return CATALOG.find((entry) => entry.name === name)?.parameters ?? null;
}
