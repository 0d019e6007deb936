import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCaller, type CallContext } from "../../src/models/call.js";
import { classify } from "../../src/models/failure.js";
import { memoryJournal } from "../../src/models/journal.js";
import { resolveModel } from "../../src/models/resolve.js";
import type { ServerReply } from "../support/openai-server.js";
import { KEY, ollamaServer, openAiServer } from "./adapters.js";
import { callContext, callRequest } from "./calls.js";

const servers = [
  { provider: "openai", start: openAiServer },
  { provider: "ollama", start: ollamaServer },
] as const;

/** A door to a real client that talks to a server which answers each request by the next of `replies`, the last for ever. */
async function door({ provider, start }: (typeof servers)[number], ...replies: (ServerReply | (() => ServerReply))[]) {
  const at: number[] = [];
  const { rest } = await start((_, count) => {
    at.push(Date.now());
    const reply = replies[Math.min(count, replies.length - 1)]!;
    return typeof reply === "function" ? reply() : reply;
  });
  onTestFinished(rest.close);
  const model = await resolveModel(`${provider}:fable-1`);
  const caller = createCaller({ journal: memoryJournal(), retryWaitMs: 1 });
  const call = (more: Partial<CallContext> = {}) => caller(callRequest(), callContext(model, more));
  return { call, arrived: rest.arrived, close: rest.close, at };
}

/** What a fault must lead to: the sample's failure, how often it was asked, and what each attempt cost. */
interface Fault {
  title: string;
  reply: ServerReply;
  code: string;
  asked: number;
  /** 0: nobody bills for it. Null: it may have been billed, and how much is unknown. */
  usd: 0 | null;
  context?: Partial<CallContext>;
}

const long = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.";

/** A good answer within what either protocol's client takes for one. */
const halfOfOne = '{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"forty';

const faults: Fault[] = [
  { title: "429", reply: { status: 429 }, code: "RATE_LIMITED", asked: 3, usd: 0 },
  {
    title: "429 for want of quota",
    reply: { status: 429, code: "insufficient_quota", message: "insufficient_quota: you ran out" },
    code: "RATE_LIMITED",
    asked: 1,
    usd: 0,
  },
  { title: "500", reply: { status: 500 }, code: "SERVER_FAILED", asked: 3, usd: 0 },
  { title: "503", reply: { status: 503 }, code: "SERVER_FAILED", asked: 3, usd: 0 },
  { title: "529 (overloaded)", reply: { status: 529 }, code: "SERVER_FAILED", asked: 3, usd: 0 },
  {
    title: "504: the server behind the gateway may go on",
    reply: { status: 504 },
    code: "TIMEOUT",
    asked: 3,
    usd: null,
  },
  { title: "a reset connection", reply: { fault: "reset" }, code: "CONNECTION_LOST", asked: 3, usd: null },
  { title: "an answer cut short", reply: { fault: "cut" }, code: "CONNECTION_LOST", asked: 3, usd: null },
  {
    title: "half an answer, ended as if whole",
    reply: { raw: halfOfOne },
    code: "CONNECTION_LOST",
    asked: 3,
    usd: null,
  },
  {
    title: "no answer in time",
    reply: { fault: "stall" },
    code: "TIMEOUT",
    asked: 2,
    usd: null,
    context: { callTimeoutMs: 60, attempts: 2 },
  },
  {
    title: "a prompt too long for the model",
    reply: { status: 400, code: "context_length_exceeded", message: long },
    code: "CONTEXT_OVERFLOW",
    asked: 1,
    usd: 0,
  },
  {
    title: "a content filter",
    reply: { status: 400, code: "content_filter", message: "blocked by the content management policy" },
    code: "REFUSED",
    asked: 1,
    usd: 0,
  },
];

describe.each(servers)("a call to $provider", (server) => {
  it.each(faults)("$title: $code after $asked attempts, at $usd dollars each", async (fault) => {
    const { call, arrived } = await door(server, fault.reply);
    const { reply, failed, entries } = await call(fault.context);
    expect(reply).toBeUndefined();
    expect(failed).toEqual({ code: fault.code, message: expect.stringMatching(/\S/) });
    expect(arrived).toHaveLength(fault.asked);
    expect(entries).toEqual(
      Array.from({ length: fault.asked }, (_, i) => ({
        call: "1/solo/0/execute",
        attempt: i + 1,
        role: "small",
        model: `${server.provider}:fable-1`,
        stage: "solo",
        purpose: "execute",
        status: "failed",
        inputTokens: null,
        outputTokens: null,
        usd: fault.usd,
        price: "given",
        ms: expect.any(Number),
        error: fault.code,
        reason: expect.stringMatching(/\S/),
      })),
    );
  });

  it.each([
    [401, "AUTH_REJECTED"],
    [402, "AUTH_REJECTED"],
    [403, "AUTH_REJECTED"],
    [404, "MODEL_NOT_FOUND"],
    [400, "REQUEST_REJECTED"],
    [422, "REQUEST_REJECTED"],
  ])("%i ends the run at once with %s, which names the model and holds no key", async (status, code) => {
    const { call, arrived } = await door(server, { status, message: `not with ${KEY} (Bearer ${KEY})` });
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "CopeError", code, message: expect.stringContaining("fable-1") });
    expect(arrived).toHaveLength(1);
    const shown = [JSON.stringify(error), inspect(error, { depth: 20, showHidden: true }), ...everyText(error)].join(
      "\n",
    );
    expect(shown).toContain(code);
    expect(shown).not.toContain(KEY.slice(0, 12));
    expect(shown).not.toMatch(/authorization|user-agent|x-stainless/i);
  });

  it("a refused key is told even where its reason reads like another fault", async () => {
    for (const message of ["access refused by content policy", "this key is too long", "maximum context length"]) {
      const { call } = await door(server, { status: 401, message });
      await expect(call()).rejects.toMatchObject({ code: "AUTH_REJECTED" });
    }
  });

  it("200 with what is no answer is a fault of the model, asked once, perhaps billed", async () => {
    const { call, arrived } = await door(server, { raw: "<html>It works!</html>" });
    const { failed, entries } = await call();
    expect(failed!.code).toMatch(/MODEL_FAILED|CONNECTION_LOST/);
    expect(entries.every(({ status, usd }) => status === "failed" && usd === null)).toBe(true);
    expect(arrived.length).toBe(entries.length);
  });

  it("nobody there: NETWORK_UNREACHABLE after all attempts, for nothing", async () => {
    const { call, close } = await door(server, "never");
    await close();
    const { failed, entries } = await call();
    expect(failed?.code).toBe("NETWORK_UNREACHABLE");
    expect(entries.map(({ usd, error }) => [usd, error])).toEqual([1, 2, 3].map(() => [0, "NETWORK_UNREACHABLE"]));
  });

  it("recovers: the answer comes with a row for each attempt before it", async () => {
    const { call, arrived } = await door(server, { status: 429 }, { status: 503 }, "forty-two");
    const { reply, failed, entries } = await call();
    expect([reply?.text, failed]).toEqual(["forty-two", undefined]);
    expect(entries.map(({ attempt, status, error }) => [attempt, status, error])).toEqual([
      [1, "failed", "RATE_LIMITED"],
      [2, "failed", "SERVER_FAILED"],
      [3, "answered", undefined],
    ]);
    expect(entries[2]).toMatchObject({ inputTokens: 20, outputTokens: 7, usd: (20 * 1 + 7 * 2) / 1e6 });
    expect(arrived.map(({ seed }) => seed)).toEqual([7, 7, 7]);
  });

  it("waits as long as the server asks, in seconds or until a date", async () => {
    const date = () => new Date(Math.ceil((Date.now() + 300) / 1000) * 1000).toUTCString();
    for (const after of [() => "0.3", date]) {
      const busy = () => ({ status: 429, headers: { "retry-after": after() } });
      const { call, at } = await door(server, busy, "forty-two");
      expect((await call()).reply?.text).toBe("forty-two");
      // A date may lie anywhere from 300 ms on; a timer may be a millisecond early.
      expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(298);
    }
  });

  it("takes an odd Retry-After for none", async () => {
    for (const after of ["", "soon", "-5", "0", "1e-9", "Wed, 21 Oct 2015 07:28:00 GMT"]) {
      const { call } = await door(server, { status: 503, headers: { "retry-after": after } }, "forty-two");
      expect((await call()).reply?.text).toBe("forty-two");
    }
  });

  it("does not wait where no attempt follows", async () => {
    const message = "insufficient_quota";
    const { call } = await door(server, { status: 429, message, headers: { "retry-after": "100" } });
    expect((await call()).failed?.code).toBe("RATE_LIMITED");
    const last = await door(server, { status: 503, headers: { "retry-after": "100" } });
    expect((await last.call({ attempts: 1 })).failed?.code).toBe("SERVER_FAILED");
  });

  it("takes ten million characters for an answer, and can be ended in the midst of them", async () => {
    const text = "0123456789".repeat(1_000_000);
    const { call } = await door(server, text);
    expect((await call()).reply?.text).toHaveLength(10_000_000);
    expect((await call({ callTimeoutMs: 1, attempts: 1, turn: 2 })).failed?.code).toBe("TIMEOUT");
  });

  it("prints nothing to standard output, whatever comes back", async () => {
    const written: unknown[] = [];
    const log = console.log;
    console.log = (...words) => void written.push(words);
    onTestFinished(() => void (console.log = log));
    for (const type of ["text/html", "application/json"]) {
      const { call } = await door(server, { status: 502, headers: { "content-type": type } });
      expect((await call({ attempts: 1 })).failed?.code).toBe("SERVER_FAILED");
    }
    expect(written).toEqual([]);
  });
});

/** Every text that can be reached from a value by any property, hidden ones, symbols and causes too. */
function everyText(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || seen.has(value)) return [];
  seen.add(value);
  const parts = value instanceof Map || value instanceof Headers ? [...value.entries()].flat() : [];
  return [
    ...parts.flatMap((part) => everyText(part, seen)),
    ...Reflect.ownKeys(value).flatMap((key) => [String(key), ...everyText(Reflect.get(value, key), seen)]),
  ];
}

describe("sorting errors", () => {
  const coded = (code: string, message = "x") => Object.assign(new Error(message), { code });

  it.each<[string, unknown, string, boolean]>([
    [
      "a status on the cause",
      new Error("wrapped", { cause: Object.assign(new Error("y"), { status: 503 }) }),
      "SERVER_FAILED",
      true,
    ],
    ["a status on the response", Object.assign(new Error("x"), { response: { status: 429 } }), "RATE_LIMITED", true],
    [
      "a status in Amazon's place",
      Object.assign(new Error("x"), { $metadata: { httpStatusCode: 500 } }),
      "SERVER_FAILED",
      true,
    ],
    ["a cut connection by its code", coded("ECONNRESET"), "CONNECTION_LOST", true],
    [
      "a cut connection by its cause",
      new TypeError("fetch failed", { cause: coded("UND_ERR_SOCKET") }),
      "CONNECTION_LOST",
      true,
    ],
    ["an unknown host", new TypeError("fetch failed", { cause: coded("ENOTFOUND") }), "NETWORK_UNREACHABLE", true],
    ["a client's own time limit", Object.assign(new Error("x"), { name: "TimeoutError" }), "TIMEOUT", true],
    ["an abort that is not ours", new DOMException("aborted", "AbortError"), "CONNECTION_LOST", true],
    ["anything else", new Error("the model is on fire"), "MODEL_FAILED", false],
    ["a programming error", new TypeError("f is not a function"), "MODEL_FAILED", false],
  ])("%s", (_, error, code, retry) => {
    expect(classify(error, "m")).toMatchObject({ code, retry });
    expect(classify(error, "m").fatal).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a number", 42],
    ["a text", "broken"],
    ["an object without prototype", Object.create(null)],
    ["a message that is no text", { message: { deep: true } }],
    ["a message that cannot be written", { message: Object.create(null) }],
    ["an error that causes itself", circular()],
    ["an empty message", new Error("")],
    ["a symbol", Symbol("odd")],
  ])("takes whatever is thrown: %s", (_, thrown) => {
    const { code, message } = classify(thrown, "m");
    expect(code).toBe("MODEL_FAILED");
    expect(message).toMatch(/\S/);
  });

  it("keeps messages short, and their first line", () => {
    const { message } = classify(new Error(`\n \n${"long ".repeat(1_000_000)}\nsecond`), "m");
    expect(message).toHaveLength(300);
  });
});

function circular(): Error {
  const error = new Error("round");
  error.cause = error;
  return error;
}
