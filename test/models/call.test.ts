import { describe, expect, it, onTestFinished } from "vitest";
import { createCaller, type CallContext, type CallerParts, type CallRequest } from "../../src/models/call.js";
import { memoryJournal, type Journal, type JournalAttempt } from "../../src/models/journal.js";
import { requestKey } from "../../src/models/request-key.js";
import { openTape, type Tape } from "../../src/models/tape.js";
import type { ChatHandle, Reply } from "../../src/models/types.js";
import { timeLimit } from "../../src/models/waiting.js";
import { runChild } from "../support/child.js";
import { httpError } from "../support/fake-model.js";
import { callContext, callRequest, until } from "./calls.js";
import { reply } from "./requests.js";

type Answer = (count: number, signal: AbortSignal) => string | Promise<string>;

/** A handle that answers by a function of how often it was asked before. */
function handle(answer: Answer) {
  const seeds: number[] = [];
  const model: ChatHandle = {
    identity: { provider: "openai", model: "scripted" },
    async ask(_, { seed }, signal) {
      return reply(await answer(seeds.push(seed) - 1, signal));
    },
  };
  return { model, seeds };
}

/** A door with a memory journal, or what is given, that does not wait long between attempts. */
function door(parts: Partial<CallerParts> = {}) {
  const journal = parts.journal ?? memoryJournal();
  const caller = createCaller({ retryWaitMs: 1, ...parts, journal });
  const call = (model: ChatHandle, request: Partial<CallRequest> = {}, context: Partial<CallContext> = {}) =>
    caller(callRequest(request), callContext(model, context));
  return { call, journal };
}

const never = () => new Promise<never>(() => {});
const fail = (status: number) => Promise.reject(httpError(status));

function tape(file = ":memory:"): Tape {
  const opened = openTape(file);
  onTestFinished(() => opened.close());
  return opened;
}

/** The key under which the door journals `callRequest()`. */
function keyOf(model: ChatHandle) {
  const { messages, sampling } = callRequest();
  const request = requestKey({ model: model.identity, messages, sampling });
  return { thread: "t", namespace: "", turn: 1, call: "1/solo/0/execute", request };
}

const shape = (entries: { attempt: number; status: string; usd: number | null; error?: string }[]) =>
  entries.map(({ attempt, status, error }) => [attempt, error ?? status]);

describe("the journal behind the door", () => {
  it("has each attempt on record before it is sent, and its outcome before it is told", async () => {
    const journal = memoryJournal();
    const seen: JournalAttempt["state"][][] = [];
    const { model } = handle(async (count) => {
      seen.push((await journal.list("t")).map(({ attempt }) => attempt.state));
      return count === 0 ? fail(503) : "42";
    });
    await door({ journal }).call(model);
    expect(seen).toEqual([["intent"], ["failed", "intent"]]);
    expect((await journal.list("t")).map(({ attempt }) => attempt.state)).toEqual(["failed", "answered"]);
  });

  it("answers for the model ever after, with the rows of the first time", async () => {
    const { model, seeds } = handle((count) => (count === 0 ? fail(500) : "42"));
    const { call, journal } = door();
    const first = await call(model);
    const again = await door({ journal }).call(model);
    expect(again).toEqual(first);
    expect(seeds).toHaveLength(2);
  });

  it("asks anew when the question, the model, the turn, the thread or the graph is another", async () => {
    const { model, seeds } = handle(() => "42");
    const { call } = door();
    await call(model);
    await call(model, { messages: [{ role: "user", content: "another" }] });
    await call({ ...model, identity: { provider: "openai", model: "other" } });
    await call(model, {}, { turn: 2 });
    await call(model, {}, { thread: "u" });
    await call(model, {}, { namespace: "sub" });
    expect(seeds).toHaveLength(6);
  });

  it("is not there for a run without a thread: every call is sent, and has its row", async () => {
    const { model, seeds } = handle(() => "42");
    const { call, journal } = door();
    for (let i = 0; i < 2; i++) {
      expect(shape((await call(model, {}, { thread: undefined })).entries)).toEqual([[1, "answered"]]);
    }
    expect(seeds).toHaveLength(2);
    expect(await journal.list("t")).toEqual([]);
  });

  it("shows an attempt that was in flight when the process died as lost, and asks again under the next number", async () => {
    const { model, seeds } = handle(() => "42");
    const { call, journal } = door();
    await journal.write(keyOf(model), { attempt: 1, state: "intent" });
    const { reply: answer, entries } = await call(model, {}, { attempts: 1 });
    expect(answer?.text).toBe("42");
    expect(shape(entries)).toEqual([
      [1, "lost"],
      [2, "answered"],
    ]);
    expect(entries[0]!.usd).toBeNull();
    expect(seeds).toHaveLength(1);
  });

  it("sends nothing above what the wave was granted of a budget, when its attempts were lost", async () => {
    for (const [attempts, lost, sent] of [
      [1, 1, 0],
      [3, 1, 2],
      [3, 5, 0],
    ] as const) {
      const { model, seeds } = handle(() => fail(503));
      const { call, journal } = door();
      for (let i = 1; i <= lost; i++) await journal.write(keyOf(model), { attempt: i, state: "intent" });
      const { failed, entries } = await call(model, {}, { attempts, budgeted: true });
      expect(failed?.code).toBe(sent === 0 ? "BUDGET_TOO_SMALL" : "SERVER_FAILED");
      expect(seeds).toHaveLength(sent);
      expect(entries.filter(({ status }) => status === "lost")).toHaveLength(lost);
    }
  });

  it("asks again within a budget where nobody billed what was sent: a refused key that was mended", async () => {
    const { model } = handle((count) => (count === 0 ? fail(401) : "42"));
    const { call, journal } = door();
    const within = { attempts: 1, budgeted: true };
    await expect(call(model, {}, within)).rejects.toMatchObject({ code: "AUTH_REJECTED" });
    expect((await door({ journal }).call(model, {}, within)).reply?.text).toBe("42");
  });

  it("counts the attempts that failed before a crash: no more are made than are allowed, but one", async () => {
    const failed = (attempt: number): JournalAttempt => ({
      attempt,
      state: "failed",
      error: { code: "SERVER_FAILED", message: "503" },
      final: false,
      ms: 1,
    });
    for (const [before, asked] of [
      [1, 2],
      [2, 1],
      [5, 1],
    ] as const) {
      const { model, seeds } = handle(() => fail(503));
      const { call, journal } = door();
      for (let i = 1; i <= before; i++) await journal.write(keyOf(model), failed(i));
      const { failed: end, entries } = await call(model, {}, { attempts: 3 });
      expect(end?.code).toBe("SERVER_FAILED");
      expect(seeds).toHaveLength(asked);
      expect(entries.map(({ attempt }) => attempt)).toEqual(Array.from({ length: before + asked }, (_, i) => i + 1));
    }
  });

  it("settles a failure for good: a resumed run meets the same failed sample", async () => {
    const { model, seeds } = handle(() => fail(503));
    const { call, journal } = door();
    const first = await call(model);
    expect(await door({ journal }).call(model)).toEqual(first);
    expect(seeds).toHaveLength(3);
  });

  it("does not settle what a person mends: a refused key is a row without cost, and a resumed run asks again", async () => {
    const { model, seeds } = handle((count) => (count < 2 ? fail(401) : "42"));
    const { call, journal } = door();
    for (let i = 0; i < 2; i++) await expect(call(model)).rejects.toMatchObject({ code: "AUTH_REJECTED" });
    const { reply: answer, entries } = await door({ journal }).call(model);
    expect(answer?.text).toBe("42");
    expect(shape(entries)).toEqual([
      [1, "AUTH_REJECTED"],
      [2, "AUTH_REJECTED"],
      [3, "answered"],
    ]);
    expect(entries.slice(0, 2).map(({ usd }) => usd)).toEqual([0, 0]);
    expect(seeds).toHaveLength(3);
  });

  it("ends the run by its own error when it cannot write, and does not take the answer for a failed sample", async () => {
    const { model } = handle(() => "42");
    const full = new Error("the disk is full");
    const journal: Journal = {
      ...memoryJournal(),
      write: async (_, { state }) => (state === "answered" ? Promise.reject(full) : undefined),
    };
    await expect(door({ journal }).call(model)).rejects.toBe(full);
  });
});

describe("the tape behind the door", () => {
  it("asks a question once, ever: the second time costs nothing and is no call", async () => {
    const { model, seeds } = handle(() => "42");
    const { call } = door({ tape: tape() });
    const first = await call(model, {}, { turn: 1 });
    const again = await call(model, {}, { turn: 2 });
    expect(shape(first.entries)).toEqual([[1, "answered"]]);
    expect(again.reply).toEqual(first.reply);
    expect(again.entries).toMatchObject([{ attempt: 1, status: "cached", usd: 0, inputTokens: 12, outputTokens: 34 }]);
    expect(seeds).toHaveLength(1);
  });

  it("is not asked again in a resumed run: what was read is journaled, with its row", async () => {
    const { model } = handle(() => "42");
    const recorded = tape();
    await door({ tape: recorded }).call(model, {}, { thread: "other" });
    const { call, journal } = door({ tape: recorded });
    const read = await call(model);
    expect(shape(read.entries)).toEqual([[1, "cached"]]);
    expect(await door({ journal }).call(model)).toEqual(read);
  });

  it("makes two equal questions at the same time one request", async () => {
    const { model, seeds } = handle(async () => {
      await new Promise((done) => setTimeout(done, 10));
      return "42";
    });
    const { call } = door({ tape: tape() });
    const both = await Promise.all([call(model, { call: "a" }), call(model, { call: "b" })]);
    expect(seeds).toHaveLength(1);
    expect(both.map(({ reply: answer }) => answer?.text)).toEqual(["42", "42"]);
    expect(both.map(({ entries }) => shape(entries))).toEqual([[[1, "answered"]], [[1, "cached"]]]);
  });

  it("fails both of two equal questions when their one request fails, with rows for the one that sent it", async () => {
    const { model, seeds } = handle(() => fail(503));
    const { call } = door({ tape: tape() });
    const both = await Promise.all([call(model, { call: "a" }), call(model, { call: "b" })]);
    expect(both.map(({ failed }) => failed?.code)).toEqual(["SERVER_FAILED", "SERVER_FAILED"]);
    expect(both.map(({ entries }) => entries.length)).toEqual([3, 0]);
    expect(seeds).toHaveLength(3);
  });

  it.each(["aborted", "out of time"])(
    "lets a run go on when the run whose request it shares is %s: it asks for itself",
    async (how) => {
      const { model, seeds } = handle((count) => (count === 0 ? never() : "42"));
      const { call } = door({ tape: tape() });
      const end = new AbortController();
      const limits = how === "aborted" ? { signal: end.signal } : { deadline: end.signal };
      const ending = call(model, { call: "a" }, limits).catch((error: unknown) => error);
      const sharing = call(model, { call: "b" }, { signal: new AbortController().signal });
      await until(() => seeds.length === 1);
      end.abort(new Error("enough"));
      expect(await ending).toMatchObject(how === "aborted" ? { message: "enough" } : { failed: { code: "TIMEOUT" } });
      expect(await sharing).toMatchObject({ reply: { text: "42" }, entries: [{ attempt: 1, status: "answered" }] });
      expect(seeds).toHaveLength(2);
    },
  );

  it("does not hold a run back that ends while it shares another's request", async () => {
    const { model, seeds } = handle(never);
    const { call } = door({ tape: tape() });
    void call(model, { call: "a" });
    const [abort, deadline] = [new AbortController(), new AbortController()];
    const aborted = call(model, { call: "b" }, { signal: abort.signal });
    const late = call(model, { call: "c" }, { deadline: deadline.signal });
    await until(() => seeds.length === 1);
    abort.abort(new Error("enough"));
    deadline.abort();
    await expect(aborted).rejects.toThrow("enough");
    expect(await late).toEqual({
      failed: { code: "TIMEOUT", message: "the run's time was up", runOver: true },
      entries: [],
    });
  });

  it("is passed by the journal: a call that was answered is not looked up", async () => {
    const { model } = handle(() => "42");
    const { call, journal } = door();
    await call(model);
    const broken: Tape = { once: () => Promise.reject(new Error("was read")), close() {} };
    expect((await door({ journal, tape: broken }).call(model)).reply?.text).toBe("42");
  });
});

describe("the end of a run", () => {
  it("is rethrown with the run's own reason, and leaves the attempt's intent: it may have been billed", async () => {
    const { model, seeds } = handle(never);
    const { call, journal } = door();
    const abort = new AbortController();
    const calling = call(model, {}, { signal: abort.signal });
    await until(() => seeds.length === 1);
    const reason = new Error("enough");
    abort.abort(reason);
    await expect(calling).rejects.toBe(reason);
    expect(await journal.read(keyOf(model))).toEqual([{ attempt: 1, state: "intent" }]);
  });

  it("before a call or while it waits its turn: nothing is sent, nothing on record", async () => {
    const { model, seeds } = handle(never);
    const { call, journal } = door();
    await expect(call(model, {}, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
    const abort = new AbortController();
    const [first, waiting] = ["a", "b"].map((id) =>
      call(model, { call: id }, { concurrency: 1, signal: abort.signal }).catch((error: unknown) => error),
    );
    await until(() => seeds.length === 1);
    abort.abort(new Error("enough"));
    expect([await first, await waiting]).toMatchObject([{ message: "enough" }, { message: "enough" }]);
    expect(seeds).toHaveLength(1);
    expect((await journal.list("t")).map(({ call: id }) => id)).toEqual(["a"]);
  });

  it.each(["deadline", "signal"] as const)(
    "comes by its %s while another run's call holds the only place: it does not wait for the place",
    async (which) => {
      const { model, seeds } = handle((count) => (count === 0 ? busy.promise : "42"));
      const busy = Promise.withResolvers<string>();
      const { call, journal } = door();
      const other = call(model, { call: "other" }, { concurrency: 1 });
      await until(() => seeds.length === 1);
      const end = new AbortController();
      const ending = call(model, { call: "ending" }, { concurrency: 1, [which]: end.signal });
      const ended = ending.catch((error: unknown) => error);
      end.abort(new Error("enough"));
      expect(await ended).toMatchObject(
        which === "deadline" ? { failed: { code: "TIMEOUT", runOver: true }, entries: [] } : { message: "enough" },
      );
      busy.resolve("42");
      await other;
      // Nor does it take the place later: the next call has it.
      await call(model, { call: "next" }, { concurrency: 1 });
      expect((await journal.list("t")).map(({ call: id }) => id)).toEqual(["other", "next"]);
      expect(seeds).toHaveLength(2);
    },
  );

  it("between attempts ends the wait", async () => {
    const { model, seeds } = handle(() => Promise.reject(httpError(503, { "retry-after": "100" })));
    const { call } = door();
    const abort = new AbortController();
    const calling = call(model, {}, { signal: abort.signal });
    await until(() => seeds.length === 1);
    abort.abort(new Error("enough"));
    await expect(calling).rejects.toThrow("enough");
  });

  it("by its deadline is a failed sample, also in the midst of a wait, and a resumed run asks again", async () => {
    for (const answer of [never, () => Promise.reject(httpError(503, { "retry-after": "100" }))]) {
      const { model, seeds } = handle((count) => (count === 0 ? answer() : "42"));
      const { call, journal } = door();
      const { failed, entries } = await call(model, {}, { deadline: timeLimit(30) });
      expect(failed).toEqual({ code: "TIMEOUT", message: "the run's time was up", runOver: true });
      expect(entries).toHaveLength(1);
      expect((await door({ journal }).call(model)).reply?.text).toBe("42");
      expect(seeds).toHaveLength(2);
    }
  });

  it("after its deadline nothing is sent, and no row says so", async () => {
    const { model, seeds } = handle(() => "42");
    const { failed, entries } = await door().call(model, {}, { deadline: AbortSignal.abort() });
    expect([failed?.code, entries, seeds]).toEqual(["TIMEOUT", [], []]);
  });
});

describe("time limits of a call", () => {
  it("hold for each attempt, not for the wait before it, and for models that ignore their signal", async () => {
    const { model, seeds } = handle((count) => (count < 2 ? never() : "42"));
    const { reply: answer, entries } = await door().call(model, {}, { callTimeoutMs: 20 });
    expect(answer?.text).toBe("42");
    expect(entries.map(({ error }) => error)).toEqual(["TIMEOUT", "TIMEOUT", undefined]);
    expect(seeds).toHaveLength(3);
  });

  it("may be a fraction of a millisecond, or longer than any timer", async () => {
    const slow = handle(never);
    // The model's fault and not the run's end: no `runOver`.
    expect((await door().call(slow.model, {}, { callTimeoutMs: 0.5, attempts: 1 })).failed).toEqual({
      code: "TIMEOUT",
      message: "no answer within 0.5 ms",
    });
    const { model } = handle(async () => {
      await new Promise((done) => setTimeout(done, 20));
      return "42";
    });
    expect((await door().call(model, {}, { callTimeoutMs: 1e12 })).reply?.text).toBe("42");
  });

  it("tell the model's client that it is over", async () => {
    const ended: boolean[] = [];
    const { model } = handle(async (_, signal) => {
      signal.addEventListener("abort", () => ended.push(true));
      return never();
    });
    await door().call(model, {}, { callTimeoutMs: 10, attempts: 1 });
    expect(ended).toEqual([true]);
  });
});

describe("one fatal failure among many calls of a step", () => {
  it("is the same error for all of them, and another step has one of its own", async () => {
    const { model } = handle(() => fail(401));
    const { call } = door();
    const thrown = async (signal: AbortSignal) =>
      Promise.all(["a", "b", "c"].map((id) => call(model, { call: id }, { signal }).catch((error: unknown) => error)));
    const [step, next] = [new AbortController().signal, new AbortController().signal];
    const first = new Set(await thrown(step));
    expect(first.size).toBe(1);
    const second = new Set(await thrown(next));
    expect(second.size).toBe(1);
    expect([...second][0]).not.toBe([...first][0]);
  });
});

describe("a call that is ended because one beside it failed", () => {
  /** One call fails with `status` while the other is under way; then the step is aborted, as LangGraph does. */
  async function beside(status: number, role = "small") {
    const step = new AbortController();
    const { call, journal } = door();
    const { model, seeds } = handle(never);
    const ended = call(model, { role }, { signal: step.signal }).catch((error: unknown) => error);
    await until(() => seeds.length === 1);
    const refusing = handle(() => fail(status)).model;
    await call(refusing, { call: "refused" }, { signal: step.signal }).catch((error: unknown) => error);
    step.abort(new Error("the step is over"));
    expect(await ended).toMatchObject({ message: "the step is over" });
    return shape((await door({ journal }).call(handle(() => "42").model)).entries);
  }

  it.each([401, 404])("is no lost call where the model refuses all of them (%i): it costs nothing", async (status) => {
    expect(await beside(status)).toEqual([
      [1, "ABORTED"],
      [2, "answered"],
    ]);
  });

  it.each([400, 402, 403])("may have been billed where only that one was refused (%i): it is lost", async (status) => {
    expect(await beside(status)).toEqual([
      [1, "lost"],
      [2, "answered"],
    ]);
  });

  it("may have been billed where another role's model was asked: it is lost", async () => {
    expect(await beside(401, "large")).toEqual([
      [1, "lost"],
      [2, "answered"],
    ]);
  });
});

describe("concurrency", () => {
  /** How many calls are under way at the most when `count` are made at once. */
  function gauge() {
    let now = 0;
    const seen = { most: 0 };
    const { model } = handle(async () => {
      seen.most = Math.max(seen.most, ++now);
      await new Promise((done) => setTimeout(done, 2));
      now -= 1;
      return "42";
    });
    return { model, seen };
  }
  const many = (length: number) => Array.from({ length }, (_, i) => ({ call: `1/solo/${i}/execute` }));

  it.each([1, 3, 8])("never has more than %i calls under way, and has that many", async (concurrency) => {
    const { model, seen } = gauge();
    const { call } = door();
    await Promise.all(many(24).map((request) => call(model, request, { concurrency })));
    expect(seen.most).toBe(concurrency);
  });

  it("is kept apart for runs with other settings, whichever came last", async () => {
    const [narrow, wide] = [gauge(), gauge()];
    const { call } = door();
    await Promise.all(
      many(24).flatMap((request) => [
        call(narrow.model, request, { concurrency: 2, thread: "narrow" }),
        call(wide.model, request, { concurrency: 6, thread: "wide" }),
      ]),
    );
    expect([narrow.seen.most, wide.seen.most]).toEqual([2, 6]);
  });

  it("is shared by runs with the same setting", async () => {
    const { model, seen } = gauge();
    const { call } = door();
    await Promise.all(
      many(12).flatMap((request) => ["one", "other"].map((thread) => call(model, request, { concurrency: 3, thread }))),
    );
    expect(seen.most).toBe(3);
  });

  it("is not used up by a call that waits to be tried again", async () => {
    const order: string[] = [];
    const failing = handle((count) => {
      order.push(`failing ${count}`);
      return count === 0 ? fail(503) : "42";
    });
    const other = handle(() => (order.push("other"), "42"));
    const { call } = door({ retryWaitMs: 40 });
    await Promise.all([
      call(failing.model, { call: "a" }, { concurrency: 1 }),
      call(other.model, { call: "b" }, { concurrency: 1 }),
    ]);
    expect(order).toEqual(["failing 0", "other", "failing 1"]);
  });

  it("listens to a run's signal without a warning of too many listeners", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => void warnings.push(warning.message);
    process.on("warning", listen);
    onTestFinished(() => void process.off("warning", listen));
    const { model } = handle((count) => (count < 100 ? fail(503) : "42"));
    const { call } = door();
    const { signal } = new AbortController();
    await Promise.all(many(100).map((request) => call(model, request, { signal, concurrency: 100 })));
    expect(warnings).toEqual([]);
  });
});

describe("a process that waits for a server", () => {
  it("stays alive until the server's Retry-After is over", async () => {
    const child = new URL("children/wait-for-retry.ts", import.meta.url).pathname;
    const { lines, errors, code } = await runChild(child, []);
    expect({ lines, errors, code }).toEqual({ lines: ["forty-two"], errors: "", code: 0 });
  });
});

describe("what is asked", () => {
  it("is the same in every attempt, seed and all, and is what the call said", async () => {
    const asked: unknown[] = [];
    const model: ChatHandle = {
      identity: { provider: "openai", model: "scripted" },
      ask: async (messages, sampling): Promise<Reply> => {
        asked.push({ messages, sampling });
        return asked.length < 3 ? fail(503) : reply("42");
      },
    };
    await door().call(model);
    const { messages, sampling } = callRequest();
    expect(asked).toEqual([1, 2, 3].map(() => ({ messages, sampling })));
  });
});
