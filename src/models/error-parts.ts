import { redact } from "./redact.js";

/** Errors of clients wrap each other; deeper than this nobody wraps, and a circle ends. */
const DEEPEST = 5;

/** The error and what caused it, outermost first. */
export function chainOf(error: unknown): any[] {
  const chain: any[] = [];
  for (let e: any = error; isObject(e) && chain.length < DEEPEST; e = chain.at(-1).cause) chain.push(mild(e));
  return chain;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** The same, with undefined where a getter throws: that error would take the place of the real one. */
const mild = (error: object): object =>
  new Proxy(error, {
    get(target, name) {
      try {
        return Reflect.get(target, name) as unknown;
      } catch {
        return undefined;
      }
    },
  });

/** HTTP status, under whichever name a client keeps it. */
export function statusOf(error: unknown): number | undefined {
  return chainOf(error)
    .flatMap((e) => [e.status, e.status_code, e.statusCode, e.response?.status, e.$metadata?.httpStatusCode])
    .find((status): status is number => typeof status === "number");
}

/** Codes of the system (`ECONNRESET`) and of providers (`insufficient_quota`), of the error and its causes. */
export function codesOf(error: unknown): string[] {
  return chainOf(error)
    .flatMap((e) => [e.code, e.type, e.error?.code, e.error?.type])
    .filter((code) => typeof code === "string");
}

/** Names of the error's class and its causes'. */
export function namesOf(error: unknown): string[] {
  return chainOf(error).map((e) => String(e.name));
}

/** First line of what the error says, without keys, at most 300 characters. */
export function textOf(error: unknown): string {
  const said: unknown = isObject(error) && "message" in error ? chainOf(error)[0].message : error;
  const text = redact(typeof said === "string" ? said.slice(0, 10_000) : said);
  const firstLine = text.split("\n").find((line) => line.trim() !== "") ?? "no reason given";
  return firstLine.slice(0, 300);
}

/** Nobody waits longer than this for a server, milliseconds. */
const LONGEST_WAIT = 120_000;

/** How long the server asked us to wait: `Retry-After` in seconds or as a date, or `retry-after-ms`. */
export function retryAfter(error: unknown): { retryAfterMs?: number } {
  const headers = chainOf(error).map((e) => e.headers ?? e.response?.headers);
  const read = (name: string): unknown =>
    headers.map((h) => (typeof h?.get === "function" ? h.get(name) : h?.[name])).find((value) => value != null);
  const value = read("retry-after") ?? read("Retry-After");
  const seconds = read("retry-after-ms") == null ? Number(value ?? Number.NaN) : Number(read("retry-after-ms")) / 1000;
  const ms = Number.isNaN(seconds) ? Date.parse(String(value)) - Date.now() : seconds * 1000;
  return ms > 0 ? { retryAfterMs: Math.min(ms, LONGEST_WAIT) } : {};
}
