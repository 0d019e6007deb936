import { createHash } from "node:crypto";
import { canonicalJson } from "../models/request-key.js";
import type { ChatHandle } from "../models/types.js";
import type { Recording } from "./store.js";

/** What a recording is of: the same again goes on with the same one. */
export function recordingOf({
  data,
  family,
  seed,
  logprobs,
  handles,
  pair,
}: {
  data: string;
  family: string;
  seed: number;
  logprobs: boolean;
  /** Models by role, of the roles that are asked. */
  handles: Readonly<Record<string, ChatHandle>>;
  /** The models for `small` and `large`, asked or not. */
  pair: Readonly<Record<string, ChatHandle | undefined>>;
}): Recording {
  const models = Object.fromEntries(Object.entries(handles).map(([role, handle]) => [role, named(handle)]));
  // The pair decides what is recorded together: methods and further roles may join later.
  const [small, large] = ["small", "large"].map((role) => pair[role] && named(pair[role]));
  const id = createHash("sha256").update(canonicalJson({ data, family, small, large, seed, logprobs }));
  return {
    id: id.digest("hex").slice(0, 12),
    version: 1,
    data,
    family,
    models,
    seed,
    logprobs,
    at: new Date().toISOString(),
  };
}

function named({ identity: { provider, model, digest } }: ChatHandle): Recording["models"][string] {
  return { name: `${provider}:${model}`, ...(digest ? { digest } : {}) };
}
