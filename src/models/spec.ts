import { createHash } from "node:crypto";
import { CopeError } from "../errors.js";
import { redact } from "./redact.js";

/** A model string, taken apart. */
export interface ModelSpec {
  provider: string;
  model: string;
  /** Base address of the server, where the string names one; without a slash at its end. */
  url?: string;
}

const AT_URL = /^(.+?)@(https?:\/\/.*)$/i;

/**
 * Takes `"provider:model"` or `"provider:model@http://host:port/v1"` apart. An address is possible for `openai` (any
 * server that speaks its protocol; `/v1` is added where there is no path) and for `ollama`.
 *
 * @throws CopeError `MODEL_UNKNOWN` for what names no model, and for an address that is none or holds a secret
 */
export function parseSpec(spec: string): ModelSpec {
  const colon = spec.indexOf(":");
  const provider = spec.slice(0, colon);
  const rest = spec.slice(colon + 1);
  if (colon < 1 || rest === "") {
    throw new CopeError(
      "MODEL_UNKNOWN",
      `"${redact(spec)}" names no model.`,
      'write "provider:model", such as "openai:gpt-4o" or "ollama:qwen3:4b".',
    );
  }
  const [, model, address] = AT_URL.exec(rest) ?? [];
  if (model === undefined || address === undefined) return { provider, model: rest };
  if (provider !== "openai" && provider !== "ollama") {
    throw wrongAddress(spec, `addresses are for "openai:" and "ollama:"`);
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) throw wrongAddress(spec, "its address is none");
  // Model strings stand in checkpoints and files of settings: a secret in one would be written there.
  if (url.username || url.password || url.search || url.hash) {
    throw wrongAddress(spec, "an address must hold no user name, password or parameter");
  }
  const path = url.pathname.replace(/\/+$/, "");
  return { provider, model, url: url.origin + (path === "" && provider === "openai" ? "/v1" : path) };
}

function wrongAddress(spec: string, why: string): CopeError {
  return new CopeError(
    "MODEL_UNKNOWN",
    `"${redact(spec)}": ${why}.`,
    'write "openai:MODEL@http://127.0.0.1:8080/v1"; a key goes into OPENAI_COMPATIBLE_API_KEY.',
  );
}

/** Which server it is, without saying where: two servers may call different models by one name. */
export function serverMark(url: string): string {
  return `server ${createHash("sha256").update(url).digest("hex").slice(0, 12)}`;
}

/** The base address of OpenAI's own server. */
export const OPENAI_URL = "https://api.openai.com/v1";

const originOf = (url: string | undefined) => (url && URL.canParse(url) ? new URL(url).origin : undefined);

/** Whether an address is OpenAI's own. */
export function isOpenAi(url: string): boolean {
  return originOf(url) === originOf(OPENAI_URL);
}

/**
 * The key for a server that a model string names. OpenAI's own key goes only where it belongs, to OpenAI and to
 * `OPENAI_BASE_URL`: a run may use OpenAI and a server of someone else's side by side. Servers without keys take any.
 *
 * @throws CopeError `KEY_MISSING` for OpenAI's own server
 */
export function keyFor(url: string): string {
  const openAi = process.env["OPENAI_API_KEY"];
  if (isOpenAi(url) && !openAi) {
    throw new CopeError(
      "KEY_MISSING",
      `${url} needs a key, and OPENAI_API_KEY is not set.`,
      "export OPENAI_API_KEY=…, or choose a local model.",
    );
  }
  const trusted = isOpenAi(url) || originOf(process.env["OPENAI_BASE_URL"]) === originOf(url);
  return process.env["OPENAI_COMPATIBLE_API_KEY"] || (trusted && openAi) || "none";
}
