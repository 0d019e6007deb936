import { createHash } from "node:crypto";
import type { ModelIdentity, ModelRequest, Sampling } from "./types.js";

/**
 * One text for equal values: object keys sorted, undefined dropped, numbers and strings as JSON writes them.
 * Arrays keep their order. Comparable across processes and versions, so it must not change.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (isRecord(inner) ? sorted(inner) : inner));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const sorted = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/**
 * The request as it is hashed and kept. Identity and sampling are copied field by field, so that nothing else a caller
 * hung on them (a key, a URL) is ever written; the compiler demands each field that their types have.
 */
export function canonicalRequest({ model, messages, sampling, tools }: ModelRequest): string {
  const { provider, model: name, digest, engine } = model;
  const { temperature, topP, maxTokens, stop, seed, topLogprobs, grammar } = sampling;
  // Not asking is the same as not saying so: keys of recorded requests must not change.
  const logprobs = sampling.logprobs || undefined;
  return canonicalJson({
    model: { provider, model: name, digest, engine } satisfies Record<keyof ModelIdentity, unknown>,
    messages,
    sampling: { temperature, topP, maxTokens, stop, seed, logprobs, topLogprobs, grammar } satisfies Record<
      keyof Sampling,
      unknown
    >,
    // None is the same as no such field.
    tools: tools?.length
      ? tools.map(({ name: tool, description, schema }) => ({ name: tool, description, schema }))
      : undefined,
  });
}

/**
 * What makes two requests the same one: the key of the tape and part of the journal's.
 *
 * @returns SHA-256, 64 hexadecimal digits, of the canonical JSON of model identity, messages, sampling and tools.
 */
export function requestKey(request: ModelRequest): string {
  return createHash("sha256").update(canonicalRequest(request)).digest("hex");
}
