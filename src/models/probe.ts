import { createHash } from "node:crypto";
import { CopeError, isCode } from "../errors.js";
import type { Ability, AbilityName } from "./abilities.js";
import { keepRecent } from "./bounded.js";
import { classify } from "./failure.js";
import { hider } from "./hide.js";
import { ownHostFetch } from "./own-host-fetch.js";
import { CHAT, parsed, PROBES } from "./probes.js";
import { redact } from "./redact.js";
import { secretsOf } from "./secrets.js";
import { untilAborted, waitFor } from "./waiting.js";

/** A server that speaks OpenAI's protocol, and the model on it that is meant. */
export interface ProbedServer {
  /** Base address, as `http://127.0.0.1:8080/v1`. */
  url: string;
  model: string;
  key?: string;
  headers?: Record<string, string>;
  fetch?: typeof fetch;
}

/** What came back: a status and the parsed body, or its text. */
interface Answer {
  ok: boolean;
  status: number;
  body: any;
}

/** A first request may load the model. */
const LONGEST_MS = 120_000;
/** A server that is loading a model, or is busy, is asked again so often. */
const TRIES = 3;
const MOST_KEPT = 1_000;
const seen = new Map<string, Promise<Ability>>();

/**
 * Asks a server by one tiny request whether a model has an ability. Asked once per process, server, key and model;
 * failures to answer are not kept.
 *
 * @throws CopeError where the server does not answer, refuses the key, or does not know the model
 */
export async function probe(server: ProbedServer, name: AbilityName, signal?: AbortSignal): Promise<Ability> {
  const mark = JSON.stringify([server.url, server.key, server.headers, server.model, name]);
  const key = createHash("sha256").update(mark).digest("hex");
  const known = seen.get(key);
  // Shared by whoever asks meanwhile: one of them that leaves does not end it.
  const asking = known ?? askServer(server, name);
  if (!known) asking.catch(() => seen.delete(key));
  keepRecent(seen, key, asking, MOST_KEPT);
  return signal ? untilAborted(asking, signal) : asking;
}

async function askServer(server: ProbedServer, name: AbilityName): Promise<Ability> {
  const { path, body, judge } = PROBES[name];
  const hide = hider(secretsOf({ apiKey: server.key, headers: server.headers, baseURL: server.url }));
  for (let nth = 1; ; nth++) {
    try {
      const answer = await post(server, path, { model: server.model, ...body });
      if (answer.ok) return { from: "probed", ...judge(answer.body) };
      const said = hide(saidIn(answer.body) ?? `status ${answer.status}`);
      if (refuses(answer.status, said, path)) return { has: false, from: "probed", why: redact(said).slice(0, 200) };
      throw Object.assign(new Error(said), { status: answer.status });
    } catch (error) {
      const failure = classify(hide(error), server.model);
      if (failure.fatal) throw failure.fatal;
      if (failure.retry && nth < TRIES) {
        await waitFor(300 * 2 ** nth, []);
        continue;
      }
      throw new CopeError(
        isCode(failure.code) ? failure.code : "MODEL_FAILED",
        `${server.model} was asked what it can do: ${failure.message}`,
        "see that its server runs and that the address is right.",
      );
    }
  }
}

/** Whether the server says that it cannot, and not that something went wrong. */
function refuses(status: number, said: string, path: string): boolean {
  if (status === 400 || status === 405 || status === 422 || status === 501) return !/\bnot? (chat|found)\b/.test(said);
  // Servers lack an endpoint by 404; on the chat endpoint it is the model that is not there.
  if (path !== CHAT) return status === 404 || status === 403;
  return status === 500 && /not support|unsupported|requires|not implemented/i.test(said);
}

async function post(server: ProbedServer, path: string, body: object): Promise<Answer> {
  const base = path.startsWith("/../") ? server.url.replace(/\/[^/]*$/, "") + path.slice(3) : server.url + path;
  const send = ownHostFetch(server.fetch);
  const response = await send(base, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(server.key ? { authorization: `Bearer ${server.key}` } : {}),
      ...server.headers,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(LONGEST_MS),
  });
  const text = await response.text();
  // A page of HTML with status 200 shows no ability.
  return { ok: response.ok, status: response.status, body: parsed(text) ?? {} };
}

function saidIn(body: any): string | undefined {
  const said = body?.error?.message ?? body?.error ?? body?.message ?? body?.detail;
  return typeof said === "string" ? said : undefined;
}
