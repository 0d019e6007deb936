import { BaseTracer, type Run } from "@langchain/core/tracers/base";
import { CallbackManager } from "@langchain/core/callbacks/manager";
import type { Environment } from "../../src/environments/index.js";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent, tool } from "langchain";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createCope, hideInTraces, openSaver, openTape, sqliteJournal } from "../../src/index.js";
import { copeMiddleware, CopeChatModel, createCopeAgent } from "../../src/integrations/index.js";
import { scriptedModel } from "../../src/testing/index.js";
import { purposeOf } from "../support/cascade-server.js";
import { temporaryFolder } from "../support/folder.js";
import { startOpenAiServer, type ChatRequest, type ServerReply } from "../support/openai-server.js";

/** Nothing about them looks like a key, and no variable holds them. */
const KEYS = { small: "the+small/one.4711", large: "the+large/one.0815", header: "swordfish/in+a:header" };
/** Private, and in no question: only servers and tools repeat it. */
const SILENT = 'vault "nine" & more';
/** Private, and in the question: models, and what a run is resumed from, hold it. */
const NAMED = "Nachtigall";
const QUESTION = `How many letters has ${NAMED}?`;
const SECRETS = [...Object.values(KEYS), SILENT];
/** In whatever form it is written: quotes are escaped in JSON, once or twice. */
const holds = (text: string, secret: string) =>
  text.replaceAll("\\", "").includes(secret) || text.includes(encodeURIComponent(secret));

/** Keeps all that a tracer is told, errors included. */
class Keeper extends BaseTracer {
  override name = "keeper";
  kept = "";
  keep = (what: unknown) => void (this.kept += `${JSON.stringify(what)}\n`);
  protected override persistRun(run: Run) {
    return Promise.resolve(this.keep(run));
  }
  override onRunCreate = (run: Run) => this.keep(run);
  override onRunUpdate = (run: Run) => this.keep(run);
}

const repeated = (name: "small" | "large") =>
  `no: ${KEYS[name]} ${KEYS.header} ${SILENT} asked: ${QUESTION} at https://me:pass-word@host/?api_key=abcdefgh`;

type Asked = ChatRequest & { tools?: unknown };
type Failure = (nth: number, message: string) => ServerReply | undefined;

/** The first two questions fail, and what is said of it repeats all that a server knows. */
const firstFail: Failure = (nth, message) => {
  if (nth === 0) return { status: 500, message, headers: { "retry-after": "0" } };
  return nth === 1 ? { status: 400, message: `maximum context length of ${message}` } : undefined;
};

/** Two servers, each with a model that is built with a key and a header. */
async function servers(failure = firstFail) {
  const start = (name: "small" | "large") => {
    let asked = 0;
    return startOpenAiServer((request: Asked) => {
      const failed = JSON.stringify(request).includes(NAMED) ? failure(asked++, repeated(name)) : undefined;
      return failed ?? (request.tools ? step(request) : sentence(request, asked));
    });
  };
  const [small, large] = [await start("small"), await start("large")];
  onTestFinished(async () => void (await Promise.all([small.close(), large.close()])));
  const model = (name: "small" | "large", url: string) =>
    new ChatOpenAI({
      model: name,
      apiKey: KEYS[name],
      maxRetries: 0,
      temperature: 0.5,
      configuration: { baseURL: url, defaultHeaders: { "x-token": KEYS.header } },
    });
  return { small, large, models: { small: model("small", small.url), large: model("large", large.url) } };
}

/** The small model is never sure. */
function sentence(request: Asked, nth: number): ServerReply {
  if (purposeOf(request) !== "execute") return "Count them.";
  return request.model === "large" ? "The final answer is $\\boxed{10}$." : `It is $\\boxed{${nth}}$.`;
}

/** A call of the first tool, until a tool has said something. */
function step({ messages, tools }: Asked): ServerReply {
  if (messages.some(({ role }) => role === "tool")) return "It has 10.";
  const [{ function: called }] = tools as [{ function: { name: string } }];
  // The first question of all is whether it can call tools; it is asked with a tool of its own.
  const args = called.name === "look_up" ? { name: "it" } : { city: "Paris" };
  const call = { id: "x", type: "function", function: { name: called.name, arguments: JSON.stringify(args) } };
  const message = { role: "assistant", content: "", tool_calls: [call] };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const choices = [{ index: 0, finish_reason: "tool_calls", message }];
  return { raw: JSON.stringify({ id: "c", object: "chat.completion", created: 0, model: "m", usage, choices }) };
}

/** What is written to the terminal while a test runs. */
function terminal() {
  const said: string[] = [];
  const note = (...args: unknown[]) => (said.push(inspect(args, { depth: 20 })), true);
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, "write").mockImplementation(note as never);
  for (const name of ["log", "warn", "error", "info", "debug"] as const)
    vi.spyOn(console, name).mockImplementation(note);
  vi.spyOn(process, "emitWarning").mockImplementation(note as never);
  onTestFinished(() => void vi.restoreAllMocks());
  return said;
}

const bytesIn = (folder: string) =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name)).toString("latin1"))
    .join("\n");

/** Holds places to it that a secret may not be in, and says which one is where. */
function clean(places: Record<string, unknown>, secrets: readonly string[]) {
  const found = Object.entries(places).flatMap(([place, what]) => {
    const text =
      typeof what === "string" ? what : `${JSON.stringify(what)} ${inspect(what, { depth: 20, showHidden: true })}`;
    return secrets.filter((secret) => holds(text, secret)).map((secret) => `${secret} in ${place}`);
  });
  expect(found).toEqual([]);
}

/** Each key went to its own server alone, in its header alone. */
function requestsAreClean({ small, large }: Awaited<ReturnType<typeof servers>>) {
  for (const [name, server] of Object.entries({ small, large })) {
    const key = KEYS[name as "small"];
    const headers = server.headers.map((all) => ({ ...all, authorization: "", "x-token": "" }));
    for (const { authorization, "x-token": token } of server.headers)
      expect([authorization, token]).toEqual([`Bearer ${key}`, KEYS.header]);
    clean({ [`${name}'s requests`]: server.requests, headers }, SECRETS);
    expect(JSON.stringify(server.requests)).toContain(NAMED);
  }
}

test("a graph tells keys and private texts to nobody: not to terminal, traces, files, streams or errors", async () => {
  const said = terminal();
  const there = await servers();
  const folder = temporaryFolder();
  const { saver } = await openSaver(join(folder, "threads.sqlite"));
  const journal = sqliteJournal(join(folder, "journal.sqlite"));
  const tape = openTape(join(folder, "tape.sqlite"));
  onTestFinished(() => (journal.close(), tape.close()));
  const cope = createCope({ ...there.models, family: "math", private: [SILENT, NAMED], journal, tape });
  const keeper = new Keeper();
  const chunks: unknown[] = [];
  const config = { configurable: { thread_id: "t" }, callbacks: [keeper] };
  const streamMode = ["custom", "updates", "messages", "values", "debug", "checkpoints", "tasks"] as const;
  const graph = cope.compile({ checkpointer: saver });
  for await (const chunk of await graph.stream({ question: QUESTION }, { ...config, streamMode: [...streamMode] }))
    chunks.push(chunk);
  const state = await graph.getState(config);
  expect(state.values.calls.filter(({ status }: { status: string }) => status === "failed").length).toBeGreaterThan(1);
  requestsAreClean(there);
  expect(keeper.kept).toContain("[private]");
  clean({ terminal: said, traces: keeper.kept, files: bytesIn(folder), streams: chunks, state }, SECRETS);
  clean({ terminal: said, traces: keeper.kept }, [NAMED]);
  // The question is what is worked on.
  expect(bytesIn(folder)).toContain(NAMED);
});

test.each([
  ["refuses the key", (message: string) => ({ status: 401, message })],
  ["refuses the request", (message: string) => ({ status: 400, message })],
  ["knows no such model", (message: string) => ({ status: 404, message })],
  ["fails at every call", (message: string) => ({ status: 500, message })],
  ["writes no JSON", (raw: string) => ({ raw })],
])(
  "an error of a graph whose server %s and repeats all it can holds no key and nothing private",
  async (_, failure) => {
    const said = terminal();
    const there = await servers((_nth, message) => failure(message));
    const folder = temporaryFolder();
    const { saver } = await openSaver(join(folder, "threads.sqlite"));
    const journal = sqliteJournal(join(folder, "journal.sqlite"));
    onTestFinished(() => journal.close());
    const keeper = new Keeper();
    const graph = createCope({
      ...there.models,
      family: "math",
      private: [SILENT, NAMED],
      attempts: 1,
      journal,
    }).compile({
      checkpointer: saver,
    });
    const error = await graph
      .invoke({ question: QUESTION }, { configurable: { thread_id: "t" }, callbacks: [keeper] })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: expect.any(String) });
    expect(keeper.kept).toMatch(/error/);
    clean({ terminal: said, traces: keeper.kept, error }, [...SECRETS, NAMED, "pass-word"]);
    clean({ files: bytesIn(folder) }, [...SECRETS, "pass-word"]);
  },
);

test("an address with a password, at which nobody listens, is not told", async () => {
  const baseURL = "http://someone:open%2Bsesame@127.0.0.1:9/v1";
  const small = new ChatOpenAI({ model: "small", apiKey: KEYS.small, maxRetries: 0, configuration: { baseURL } });
  const keeper = new Keeper();
  const graph = createCope({ small, large: small, family: "math", attempts: 1, private: [NAMED] }).compile();
  const error = await graph.invoke({ question: QUESTION }, { callbacks: [keeper] }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: expect.any(String) });
  clean({ traces: keeper.kept, error }, [KEYS.small, "open%2Bsesame", "open+sesame", NAMED]);
});

test("a chat model tells traces and errors nothing private, called or streamed; its caller gets the answer", async () => {
  const said = terminal();
  const there = await servers();
  const [own, keeper] = [new Keeper(), new Keeper()];
  const model = new CopeChatModel({ ...there.models, family: "math", private: [SILENT, NAMED], callbacks: [own] });
  const { text } = await model.invoke(QUESTION, { callbacks: [keeper] });
  expect(text).toContain("10");
  const pieces: unknown[] = [];
  for await (const piece of await model.stream(QUESTION, { callbacks: [keeper] })) pieces.push(piece);
  await new Promise(setImmediate);
  requestsAreClean(there);
  for (const { kept } of [own, keeper]) expect(kept).toContain("[private]");
  clean({ terminal: said, traces: keeper.kept + own.kept }, [...SECRETS, NAMED]);
  clean({ pieces }, SECRETS);
});

test.each([
  ["createCopeAgent", "tell"],
  ["createCopeAgent", "throw"],
  ["createAgent with copeMiddleware", "tell"],
] as const)("%s tells nothing private, also where a tool fails (%s)", async (kind, toolErrors) => {
  const said = terminal();
  const there = await servers();
  const folder = temporaryFolder();
  const { saver: checkpointer } = await openSaver(join(folder, "threads.sqlite"));
  const journal = sqliteJournal(join(folder, "journal.sqlite"));
  onTestFinished(() => journal.close());
  let fails = false;
  const lookUp = tool(
    () => {
      if (fails) throw new Error(`cannot open ${SILENT}`);
      return "10 letters";
    },
    { name: "look_up", description: "Looks a name up.", schema: z.object({ name: z.string() }) },
  );
  const options = { large: there.models.large, private: [SILENT, NAMED], journal, toolErrors };
  const agent =
    kind === "createCopeAgent"
      ? createCopeAgent({ small: there.models.small, tools: [lookUp], checkpointer, ...options })
      : createAgent({
          model: there.models.small,
          tools: [lookUp],
          checkpointer,
          middleware: [copeMiddleware(options)],
        });
  if (kind !== "createCopeAgent") hideInTraces(agent.graph as never, [SILENT, NAMED]);
  const keeper = new Keeper();
  const asked = { messages: [{ role: "user" as const, content: QUESTION }] };
  const config = (thread_id: string) => ({ configurable: { thread_id }, callbacks: [keeper] });
  const chunks: unknown[] = [];
  const streamMode = ["custom", "updates", "messages", "values", "debug"] as const;
  const stream = await agent.stream(asked, { ...config("t"), streamMode: [...streamMode], subgraphs: true } as never);
  for await (const chunk of stream) chunks.push(chunk);
  expect(JSON.stringify(chunks)).toContain("It has 10.");
  fails = true;
  const error = await agent.invoke(asked, config("u") as never).catch((thrown: unknown) => thrown);
  expect(inspect(error, { depth: 5 })).toContain("cannot open [private]");
  expect(error instanceof Error).toBe(toolErrors === "throw");
  clean({ requests: [...there.small.requests, ...there.large.requests] }, SECRETS);
  clean({ terminal: said, files: bytesIn(folder), streams: chunks }, SECRETS);
  clean({ error }, SECRETS);
  clean({ traces: keeper.kept, ...(toolErrors === "throw" ? { error } : {}) }, [...SECRETS, NAMED]);
});

test("a chat model told by a manager of callbacks, and its structured output, tell nothing private either", async () => {
  const there = await servers();
  const [own, keeper] = [new Keeper(), new Keeper()];
  const callbacks = new CallbackManager();
  callbacks.addHandler(own, true);
  const model = new CopeChatModel({ ...there.models, family: "math", private: [SILENT, NAMED], callbacks });
  await model.invoke(QUESTION);
  const structured = model.withStructuredOutput(z.object({ letters: z.number() }), { includeRaw: true });
  await structured.invoke(QUESTION, { callbacks: [keeper] }).catch((thrown: unknown) => thrown);
  await structured.batch([QUESTION], { callbacks: [keeper] }).catch((thrown: unknown) => thrown);
  await new Promise(setImmediate);
  for (const { kept } of [own, keeper]) expect(kept).toContain("[private]");
  clean({ own: own.kept, traces: keeper.kept }, [...SECRETS, NAMED]);
});

test("an environment that fails is told of without what is private", async () => {
  const asks = scriptedModel(() => "Action: ask");
  const world: Environment = {
    goal: "Ask.",
    done: false,
    observe: () => "A desk.",
    actions: () => ["ask"],
    step: () => {
      throw new Error(`nobody knows ${SILENT}`);
    },
    save: () => null,
    restore: () => {},
  };
  const agent = createCopeAgent({
    small: asks,
    large: asks,
    environment: world,
    private: [SILENT, NAMED],
    maxSteps: 1,
  });
  const error = await agent.invoke({}).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "ENVIRONMENT_FAILED",
    reason: "the environment failed: nobody knows [private].",
  });
  clean({ error }, SECRETS);
});

test("what is given as private is in no error about itself, and too short a text is refused", () => {
  const made = (value: unknown) => () => createCope({ private: value as never });
  expect(made("a-name-of-mine")).toThrow(/private texts are a list/);
  expect(made(["a-name-of-mine", "no"])).toThrow(/4 characters/);
  for (const value of ["a-name-of-mine", ["a-name-of-mine", 3]]) expect(made(value)).not.toThrow(/a-name-of-mine/);
  expect(JSON.stringify(new CopeChatModel({ private: ["a-name-of-mine"] })._identifyingParams())).not.toContain(
    "of-mine",
  );
});
