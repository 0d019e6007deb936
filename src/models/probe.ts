import { createHash } from "node:crypto";
import { CopeError, isCode } from "../errors.js";
import { classify } from "../calls/failure.js";
import { hider } from "../privacy/hide.js";
import { ownHostFetch } from "../privacy/own-host.js";
import { redact, secretsOf } from "../privacy/redact.js";
import { untilAborted, waitFor } from "../calls/waiting.js";
import type { Ability, AbilityName } from "./abilities.js";
import { keepRecent } from "./bounded.js";

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

/** A tiny request, and what its answer shows. */
interface Probe {
  /** Path below the base address; a leading `/../` is below the address's parent. */
  path: string;
  body: Record<string, unknown>;
  /** What an answer with status 200 shows. */
  judge(body: any): Pick<Ability, "has" | "why">;
}

const CHAT = "/chat/completions";
const HELLO = [{ role: "user", content: "Say hello." }];

/** With so few tokens to write, a text that begins with all of the prefix can only have been handed on. */
const PREFIX = "Monday, Tuesday, Wednesday, Thursday, Fri";

const yes = (is: boolean, otherwise: string) => (is ? { has: true } : { has: false, why: otherwise });

/** By which request each ability is probed. */
const PROBES: Record<AbilityName, Probe> = {
  logprobs: {
    path: CHAT,
    body: { messages: HELLO, max_tokens: 1, logprobs: true, top_logprobs: 1 },
    judge: (body) =>
      yes(
        typeof body.choices?.[0]?.logprobs?.content?.[0]?.logprob === "number",
        "it was asked for log-probabilities and returned none",
      ),
  },
  continuation: {
    path: CHAT,
    body: {
      messages: [
        { role: "user", content: "Name the days of the week." },
        { role: "assistant", content: PREFIX },
      ],
      temperature: 0,
      max_tokens: 4,
    },
    judge: (body) => {
      const text = String(body.choices?.[0]?.message?.content ?? "");
      if (text.startsWith(PREFIX) || /^day\b/.test(text)) return { has: true };
      return { has: "unknown", why: "it did not visibly go on from the middle of a word" };
    },
  },
  severalSamples: {
    path: CHAT,
    body: { messages: HELLO, max_tokens: 1, n: 2 },
    judge: (body) => yes(body.choices?.length === 2, "it was asked for 2 samples and returned another number"),
  },
  tools: {
    path: CHAT,
    body: {
      messages: [{ role: "user", content: 'Look up the word "tree".' }],
      max_tokens: 64,
      tool_choice: "required",
      tools: [
        {
          type: "function",
          function: {
            name: "look_up",
            description: "Looks a word up.",
            parameters: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
          },
        },
      ],
    },
    judge: (body) =>
      yes(
        body.choices?.[0]?.message?.tool_calls?.[0]?.function?.name === "look_up",
        "it had to call a tool and did not",
      ),
  },
  schema: {
    path: CHAT,
    body: {
      messages: HELLO,
      max_tokens: 64,
      response_format: {
        type: "json_schema",
        json_schema: {
          name: "answer",
          strict: true,
          schema: {
            type: "object",
            properties: { polite: { type: "boolean" } },
            required: ["polite"],
            additionalProperties: false,
          },
        },
      },
    },
    judge: (body) =>
      yes(
        typeof parsed(body.choices?.[0]?.message?.content)?.polite === "boolean",
        "its answer did not follow the schema",
      ),
  },
  embeddings: {
    path: "/embeddings",
    body: { input: "tree" },
    judge: (body) => yes(typeof body.data?.[0]?.embedding?.[0] === "number", "it returned no vector"),
  },
  tokenCount: {
    // llama.cpp's server reads `content`, vLLM's `prompt`; both answer with the tokens.
    path: "/../tokenize",
    body: { content: "a tree", prompt: "a tree" },
    judge: (body) => yes(Array.isArray(body.tokens), "it returned no tokens"),
  },
};

/** JSON, or undefined where it is none. */
function parsed(text: unknown): any {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
