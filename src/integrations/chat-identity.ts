import { randomUUID } from "node:crypto";
import { readCalibration } from "../graph/calibration.js";
import type { CopeOptions } from "../graph/options.js";
import { ollamaUrl } from "../models/ollama-v1.js";
import { canonicalJson } from "../models/request-key.js";
import { EMBEDDED } from "../models/roles.js";
import { openAiUrl, serverMark } from "../models/spec.js";
import { stagesOf } from "./cascade.js";

const PROCESS = randomUUID();
const marks = new WeakMap<object, string>();
let count = 0;

/**
 * Names an object or a function within this process. Neither its source nor its fields tell what it does, and its fields may
 * hold a key: so the very same one alone counts as the same.
 */
function markOf(part: object): string {
  const mark = marks.get(part) ?? `${PROCESS}/${++count}`;
  marks.set(part, mark);
  return mark;
}

const told = (part: unknown): unknown =>
  (typeof part === "object" && part !== null) || typeof part === "function" ? markOf(part) : part;

/**
 * All that decides what a cascade with these options answers, as JSON without keys and without private texts. What is data is
 * told as it is, so that other processes know it again; objects and functions by a mark of this process.
 *
 * @throws CopeError what reading a calibration throws
 */
export function chatIdentity(options: CopeOptions): () => string {
  const { private: _private, journal: _journal, stages: _stages, small, large, ...others } = options;
  const { models, family, scorer, same, prompts, embeddings, tape, calibration, ...data } = others;
  const roles = { ...EMBEDDED, ...models, ...(small ? { small } : {}), ...(large ? { large } : {}) };
  const parts = {
    ...data,
    stages: stagesOf(options),
    calibration: calibration === undefined ? undefined : readCalibration(calibration),
    models: Object.fromEntries(Object.entries(roles).map(([role, model]) => [role, told(model)])),
    ...Object.fromEntries(
      Object.entries({ family, scorer, same, prompts, embeddings, tape }).map(([name, part]) => [name, told(part)]),
    ),
  };
  // Names without an address are asked where the environment says, which may change.
  return () => canonicalJson({ ...parts, servers: [openAiUrl(), ollamaUrl(undefined)].map(serverMark) });
}
