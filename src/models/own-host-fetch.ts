/** What OpenAI's client takes from the environment and adds to every request, whatever host it goes to. */
const OPENAI_HEADERS = ["openai-organization", "openai-project"];

/** Redirects within one host that are followed. */
const MOST_REDIRECTS = 3;

/**
 * A `fetch` that asks one host and no other: a redirect elsewhere would take the question there, and the keys of providers that
 * do not send them as `Authorization`. It is answered by status 421 instead, with the host's name. From `http` to `https` of the
 * same host is no redirect elsewhere.
 *
 * @param inner - what sends it
 */
export function ownHostFetch(inner: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    let url = new URL(input instanceof Request ? input.url : String(input));
    for (let nth = 0; ; nth++) {
      const response = await inner(nth === 0 ? input : url.href, { ...init, redirect: "manual" });
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null || nth === MOST_REDIRECTS)
        return response;
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      const stays = next?.hostname === url.hostname && (next.origin === url.origin || next.protocol === "https:");
      if (!next || !stays) return elsewhere(next?.host ?? "no address");
      // These ask for a GET in its place, which no model answers.
      if (response.status !== 307 && response.status !== 308 && (init?.method ?? "GET") !== "GET") return response;
      url = next;
    }
  };
}

function elsewhere(host: string): Response {
  const message = `the server redirects to ${host}, and nothing is sent to another host than the one that was named`;
  return Response.json({ error: { message } }, { status: 421 });
}

/**
 * The same for a server at an address, without what the environment means for OpenAI: organisation, project, and
 * `OPENAI_CUSTOM_HEADERS`, which may hold a key.
 *
 * @param key - what the server is shown
 */
export function addressFetch(key: string): typeof fetch {
  const send = ownHostFetch();
  return (input, init) => {
    const headers = new Headers(init?.headers);
    for (const name of [...OPENAI_HEADERS, ...customHeaders()]) headers.delete(name);
    headers.set("authorization", `Bearer ${key}`);
    return send(input, { ...init, headers });
  };
}

const customHeaders = (): string[] =>
  (process.env["OPENAI_CUSTOM_HEADERS"] ?? "")
    .split("\n")
    .map((line) => line.slice(0, Math.max(line.indexOf(":"), 0)).trim())
    .filter((name) => /^[\w-]+$/.test(name) && !/^(content-type|accept)$/i.test(name));
