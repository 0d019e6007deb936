import { createHash } from "node:crypto";
import { canonicalJson } from "../../models/request-key.js";
import type { Recording } from "../store.js";

/** Fingerprint of what a calibration was made on: the same problems, models and seed have the same, in any order. */
export function basisOf(ids: readonly string[], { family, models, seed }: Recording): string {
  const { small, large } = models;
  const text = canonicalJson({ ids: ids.toSorted(), family, small: small ?? null, large: large ?? null, seed });
  return createHash("sha256").update(text).digest("hex");
}
