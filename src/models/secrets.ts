/** Names of fields and headers that hold secrets. */
const SECRET = /auth|key|token|secret|passw|cookie/i;

/** Shorter ones are no secrets, and would hide much else. */
const SHORTEST = 6;

/** Keys, headers and passwords that a chat model was built with: what LangChain's class says is secret, and what looks so. */
export function secretsOf(model: object): string[] {
  const { lc_secrets, lc_kwargs, fields, clientConfig } = model as Record<string, any>;
  const parts = [model, lc_kwargs, fields, clientConfig, lc_kwargs?.configuration, fields?.configuration];
  const found = parts
    .filter(isObject)
    .flatMap((part) => [
      ...Object.keys(lc_secrets ?? {}).map((name) => part[name]),
      ...Object.entries(part).flatMap(([name, value]) => (/api_?key$/i.test(name) ? [value] : [])),
      ...[part["headers"], part["defaultHeaders"]].filter(isObject).flatMap(ofHeaders),
      ...[part["baseURL"], part["baseUrl"]].flatMap(ofAddress),
    ]);
  const texts = found.filter((value): value is string => typeof value === "string" && value.length >= SHORTEST);
  return [...new Set(texts)];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** `Bearer abc`: a server may repeat either. */
const ofHeaders = (headers: Record<string, unknown>): unknown[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    SECRET.test(name) ? [value, String(value).split(" ").at(-1)] : [],
  );

function ofAddress(address: unknown): string[] {
  if (typeof address !== "string" || !URL.canParse(address)) return [];
  const { username, password } = new URL(address);
  return [username, password].flatMap((part) => [part, decoded(part)]);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
