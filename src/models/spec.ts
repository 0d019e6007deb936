import { createHash } from "node:crypto";
import { CopeError } from "../errors.js";
import { isVersion, looksLikeAddress, spelledOut } from "./address.js";
import { redact } from "./redact.js";
import type { ModelIdentity } from "./types.js";

/** A model string, taken apart. */
export interface ModelSpec {
  provider: string;
  model: string;
  /** Base address of the server, where the string names one; without a slash at its end. */
  url?: string;
}

/** A provider's name, and not the scheme or the host of an address. */
const PROVIDER = /^(?!https?:|wss?:|localhost:)[a-z][\w-]*:(?!\/\/|\d{4,5}(\/|$))/i;
const AT_URL = /^(.+?)@(https?:\/\/.*)$/i;
/** A model's name and a server's address, joined by another sign than `@` or by a word. */
const JOINED = /^([^@]*?)(?:\s+at\s+|%40|[^\w./@:-]+)((?:(?:\d{1,3}\.){3}\d{1,3}|localhost):\d+.*)$/i;

/**
 * Takes `"provider:model"` or `"provider:model@http://host:port/v1"` apart. An address is possible for `openai` (any
 * server that speaks its protocol; `/v1` is added where there is no path) and for `ollama`. What is meant as an address and
 * is none is refused: as a part of the model's name it would send the question to the provider.
 *
 * @throws CopeError `MODEL_UNKNOWN` for what names no model, and for an address that is none or holds a secret;
 * `PROVIDER_UNKNOWN` for an address alone
 */
export function parseSpec(spec: string): ModelSpec {
  const colon = spec.indexOf(":");
  const provider = spec.slice(0, colon);
  const rest = spec.slice(colon + 1);
  const alone = PROVIDER.test(spec) ? undefined : addressIn(spec, false);
  if (alone) throw new CopeError("PROVIDER_UNKNOWN", `"${shown(spec)}" names no provider.`, spelled("openai", alone));
  if (colon < 1 || rest.trim() === "") {
    throw new CopeError(
      "MODEL_UNKNOWN",
      `"${shown(spec)}" names no model.`,
      'write "provider:model", such as "openai:gpt-4o" or "ollama:qwen3:4b".',
    );
  }
  const [, model, address] = AT_URL.exec(rest) ?? [];
  if (model === undefined || address === undefined) {
    const meant = addressIn(rest, provider === "llama");
    if (meant) throw wrongAddress(spec, meant, "it names an address that does not begin with http:// or https://");
    return { provider, model: rest };
  }
  const meant = { model: model.trim(), address };
  if (provider !== "openai" && provider !== "ollama") {
    throw wrongAddress(spec, meant, `addresses are for "openai:" and "ollama:"`);
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url) throw wrongAddress(spec, meant, "its address is none");
  // Model strings stand in checkpoints and files of settings: a secret in one would be written there.
  if (url.username || url.password || url.search || url.hash) {
    throw wrongAddress(spec, meant, "an address must hold no user name, password or parameter");
  }
  const path = url.pathname.replace(/\/+$/, "");
  return { provider, model: meant.model, url: url.origin + (path === "" && provider === "openai" ? "/v1" : path) };
}

/** A model, and the address that it is to be at, as they were written. */
interface Meant {
  model: string;
  address: string;
}

/**
 * What a text without a whole address means by one; undefined where it is a model's name, such as `claude-sonnet-4@20250514`.
 *
 * @param isFile - weights are meant, whose path may hold anything
 */
function addressIn(text: string, isFile: boolean): Meant | undefined {
  const [, joined, address] = (!isFile && JOINED.exec(text)) || [];
  if (address !== undefined) return { model: joined!.trim(), address };
  const [first, last] = [text.indexOf("@"), text.lastIndexOf("@")];
  const behind = text.slice(last + 1).trim();
  // Some names begin with `@`.
  const isName = isFile || last <= 0 ? !looksLikeAddress(behind) : isVersion(behind);
  const before = text.slice(0, Math.max(first, 0)).trim();
  if (looksLikeAddress(before)) return { model: behind, address: before };
  return isName ? undefined : { model: before, address: behind };
}

function wrongAddress(spec: string, { model, address }: Meant, why: string): CopeError {
  const provider = spec.startsWith("ollama:") ? "ollama" : "openai";
  return new CopeError("MODEL_UNKNOWN", `"${shown(spec)}": ${why}.`, spelled(provider, { model, address }));
}

/** How it is written. */
function spelled(provider: "openai" | "ollama", { model, address }: Meant): string {
  const example = provider === "ollama" ? "http://127.0.0.1:11434" : "http://127.0.0.1:8080/v1";
  const whole = `${provider}:${model || "MODEL"}@${spelledOut(address) ?? example}`;
  return `write "${redact(whole)}"${provider === "openai" ? "; a key goes into OPENAI_COMPATIBLE_API_KEY" : ""}.`;
}

/** A model string as errors may show it: without what stands before a host or behind a `?`. */
const shown = (spec: string): string =>
  redact(spec.replace(/@[^/]*@/, "@[private]@").replace(/[?#].*$/s, "?[private]"));

/** Which server it is, without saying where: two servers may call different models by one name. */
export function serverMark(url: string): string {
  return `server ${createHash("sha256").update(url).digest("hex").slice(0, 12)}`;
}

/**
 * What makes a model the one that it is, in tapes, journals, ledgers and prices. A server at an address may call any model by any
 * name, so which server it is belongs to it; OpenAI's own by its address is OpenAI's.
 */
export function identityOf({ provider, model, url }: ModelSpec): ModelIdentity {
  if (url === undefined || (provider === "openai" && isOpenAi(url))) return { provider, model };
  return { provider: provider === "openai" ? "openai-compatible" : provider, model, engine: serverMark(url) };
}

/** The base address of OpenAI's own server. */
const OPENAI_URL = "https://api.openai.com/v1";

/**
 * The base address that models of OpenAI without one of their own have, without a slash at its end: the environment's, by the
 * variables and in the order that LangChain's client reads them, else OpenAI's own.
 */
export function openAiUrl(): string {
  const { OPENAI_API_BASE, OPENAI_BASE_URL } = process.env;
  return (OPENAI_API_BASE || OPENAI_BASE_URL || OPENAI_URL).replace(/\/+$/, "");
}

/** @throws CopeError `OPTIONS_INVALID` where the environment's base address is none: nobody knows who would be asked then */
export function requireOpenAiUrl(): void {
  const url = openAiUrl();
  if (/^https?:$/.test(parsed(url)?.protocol ?? "")) return;
  const name = process.env["OPENAI_API_BASE"] ? "OPENAI_API_BASE" : "OPENAI_BASE_URL";
  const whole = spelledOut(url) ?? "http://127.0.0.1:8080/v1";
  throw new CopeError("OPTIONS_INVALID", `${name} is no address: "${shown(url)}".`, `export ${name}=${whole}`);
}

const parsed = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined);

/** Whether an address is OpenAI's own, by its host: regions have hosts of their own. */
export function isOpenAi(url: string): boolean {
  return /(^|\.)api\.openai\.com\.?$/i.test(parsed(url)?.hostname ?? "");
}

/** Whether an address is that of the server which the environment puts in OpenAI's place. */
export const isTrusted = (url: string): boolean =>
  parsed(openAiUrl()) !== undefined && parsed(openAiUrl())?.origin === parsed(url)?.origin;

/**
 * The key for a server that a model string names. Each goes to its own host: `OPENAI_API_KEY` to OpenAI and to the server that
 * the environment puts in its place, `OPENAI_COMPATIBLE_API_KEY` to every other address, never to OpenAI. Servers without keys
 * take any.
 *
 * @throws CopeError `KEY_MISSING` for OpenAI's own server; `MODEL_UNKNOWN` where its key would be sent in clear
 */
export function keyFor(url: string): string {
  const openAi = process.env["OPENAI_API_KEY"];
  const compatible = process.env["OPENAI_COMPATIBLE_API_KEY"];
  if (!isOpenAi(url)) return compatible || (isTrusted(url) && openAi) || "none";
  if (parsed(url)?.protocol !== "https:") {
    throw new CopeError(
      "MODEL_UNKNOWN",
      `${url} would send the key in clear.`,
      `write "${url.replace(/^http:/i, "https:")}".`,
    );
  }
  if (openAi) return openAi;
  throw new CopeError(
    "KEY_MISSING",
    `${url} needs a key, and OPENAI_API_KEY is not set.`,
    "export OPENAI_API_KEY=…, or choose a local model.",
  );
}
