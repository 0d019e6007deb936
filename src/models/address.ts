/** A scheme, whole or misspelt: `http://`, `http:/`, `htp://`, `https//`, `http:`, `//`. */
const SCHEME = /^(?:([a-z]\w*)(?:[:;][/\\]+|[/\\]{2,})|(https?)[:;]|[/\\]{2,})/i;

/** What nobody calls a model, whether a provider's name stands before it or not. */
const ADDRESSES: readonly RegExp[] = [
  /:\/\//,
  /^[hw][a-z]{1,6}[:;]?[/\\]/i,
  /^https?[:;]/i,
  /^(\/\/|\\\\)/,
  /^\[[0-9a-f:.%]+\]/i,
  /^(\d{1,3}\.){3}\d{1,3}(:|\/|$)/,
  /^localhost\.?(:|\/|$)/i,
  // A host with a port, and a domain with a version as its path. Tags of models have fewer digits.
  /^[\w.-]+:\d{4,5}(\/|$)/,
  /^([\w-]+\.)+[a-z]{2,}\.?:\d{2,5}(\/|$)/i,
  /^([\w-]+\.)+[a-z]{2,}(\/[\w-]+)*\/v\d+(\/|$)/i,
];

/** What some providers write behind `@`: a version, a date, a digest, or a word for the newest. */
const VERSION =
  /^(v?\d+([._-]\d+)*([._-]?(a|b|rc|alpha|beta|preview|exp|latest)[._-]?\d*)?|latest|default|stable|preview|main|(sha256:)?[0-9a-f]{7,64})$/i;
const IPV4 = /^(\d{1,3}\.){3}\d{1,3}$/;

/** Whether a text is an address of a server, with or without a scheme, and no name of a model. */
export function looksLikeAddress(text: string): boolean {
  return ADDRESSES.some((looks) => looks.test(text.trim()));
}

/** Whether a text behind `@` says which version of a model is meant, as in `claude-sonnet-4@20250514`. */
export function isVersion(text: string): boolean {
  return VERSION.test(text) && !IPV4.test(text);
}

/**
 * The address that a text most likely means, whole: with a scheme, without user name, password and parameters.
 *
 * @returns undefined where no address can be made of it
 */
export function spelledOut(text: string): string | undefined {
  const [head = "", named, bare] = SCHEME.exec(text.trim()) ?? [];
  const scheme = named ?? bare ?? "";
  if (/^(unix|file)$/i.test(scheme)) return undefined;
  const rest = text
    .trim()
    .slice(head.length)
    .replace(/[?#].*$/, "")
    .replace(/^[^/\\]*@/, "")
    .replaceAll("\\", "/");
  const slash = rest.indexOf("/");
  const host = hostOf(slash < 0 ? rest : rest.slice(0, slash));
  const path = slash < 0 ? "" : rest.slice(slash).replace(/\/+$/, "");
  const secure = /^h.*s$/i.test(scheme) || (!/^h/i.test(scheme) && isPublic(host));
  const address = `${secure ? "https" : "http"}://${host}${path}`;
  return host !== "" && URL.canParse(address) ? address : undefined;
}

/** A port alone is on this machine; version 6 of the protocol has its addresses in brackets. */
function hostOf(text: string): string {
  if (text.startsWith(":") && /^:\d+$/.test(text)) return `127.0.0.1${text}`;
  return /^[0-9a-f]*:[0-9a-f:]*:[0-9a-f]*$/i.test(text) ? `[${text}]` : text;
}

/** A domain that anybody can reach, at its usual port: there nobody serves without TLS. */
const isPublic = (host: string): boolean =>
  /^([\w-]+\.)+[a-z]{2,}\.?(:443)?$/i.test(host) && !/\.(local|localhost|lan|home|internal)\.?(:|$)/i.test(host);
