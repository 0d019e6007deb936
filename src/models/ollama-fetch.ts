import { ownHostFetch } from "./own-host-fetch.js";

/**
 * A `fetch` for Ollama's client, which by itself passes no signal to the server (a call cut short would go on computing),
 * drops the headers of errors (`Retry-After`), and prints to standard output what is no JSON.
 *
 * @param signal - ends the request, and with it the server's work
 * @param inner - what sends it
 */
export function ollamaFetch(signal: AbortSignal | undefined, inner: typeof fetch = ownHostFetch()): typeof fetch {
  return async (url, init = {}) => {
    const signals = [init?.signal, signal].filter((each) => each != null);
    const response = await inner(url, { ...init, signal: AbortSignal.any(signals) });
    if (response.ok) return response;
    const body = await response.text();
    const { status, headers } = response;
    throw Object.assign(new Error(errorIn(body) ?? `status ${status}`), { status, headers });
  };
}

/** Ollama writes `{ "error": "…" }`; proxies before it write anything. */
function errorIn(body: string): string | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: string | { message?: unknown } };
    const said = typeof error === "object" ? error?.message : error;
    return typeof said === "string" ? said : undefined;
  } catch {
    return body.trim() === "" ? undefined : body;
  }
}
