import { createServer } from "node:http";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ABILITY_NAMES, abilitiesOf, requireAbilities } from "../../src/models/abilities.js";
import { resolveModel } from "../../src/models/resolve.js";
import { listen, readBody } from "../support/openai-server.js";

type Body = Record<string, any>;
/** Status and body by path and request. */
type Says = (path: string, body: Body) => { status?: number; body: unknown };

/** A server that can do what `says` shows, and counts its requests. */
async function server(says: Says) {
  const paths: string[] = [];
  const http = createServer(async (message, response) => {
    const body = JSON.parse(await readBody(message)) as Body;
    paths.push(message.url!);
    const said = says(message.url!, body);
    response.writeHead(said.status ?? 200, { "content-type": "application/json" });
    response.end(typeof said.body === "string" ? said.body : JSON.stringify(said.body));
  });
  const listening = await listen(http);
  onTestFinished(listening.close);
  return { ...listening, paths, spec: `openai:m@${listening.origin}/v1` };
}

const message = (content: string, more: object = {}) => ({
  body: { choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop", ...more }] },
});

/** Everything, as a server would that has it all. */
const capable: Says = (path, body) => {
  if (path === "/v1/embeddings") return { body: { data: [{ embedding: [0.1, 0.2] }] } };
  if (path === "/tokenize") return { body: { tokens: [1, 2] } };
  if (body["n"] === 2) return { body: { choices: [{ message: {} }, { message: {} }] } };
  if (body["logprobs"]) return message("hi", { logprobs: { content: [{ token: "hi", logprob: -0.5 }] } });
  if (body["response_format"]) return message('{"polite": true}');
  if (body["tools"])
    return { body: { choices: [{ message: { tool_calls: [{ function: { name: "look_up", arguments: "{}" } }] } }] } };
  return message("day, Saturday");
};

const has = async (spec: string) =>
  Object.fromEntries(
    Object.entries(await abilitiesOf(await resolveModel(spec))).map(([name, each]) => [name, each.has]),
  );

describe("what a server can do", () => {
  it("is seen by a tiny request for each ability, once per process", async () => {
    const { spec, paths } = await server(capable);
    const all = Object.fromEntries(ABILITY_NAMES.map((name) => [name, true]));
    expect(await has(spec)).toEqual(all);
    expect(await has(spec)).toEqual(all);
    expect(paths).toHaveLength(ABILITY_NAMES.length);
  });

  it("is nothing where the server takes all that it is sent and heeds none of it", async () => {
    const { spec } = await server(() => message("Hello there!"));
    expect(await has(spec)).toEqual({
      ...Object.fromEntries(ABILITY_NAMES.map((name) => [name, false])),
      continuation: "unknown",
    });
  });

  it("is nothing where the server refuses", async () => {
    const { spec } = await server(() => ({ status: 501, body: { error: { message: "not supported" } } }));
    expect(Object.values(await has(spec))).toEqual(ABILITY_NAMES.map(() => false));
  });

  it("is told to eight who ask at once by one request, and one who leaves does not end it", async () => {
    const { spec, paths } = await server(capable);
    const { ability } = await resolveModel(spec);
    const abort = new AbortController();
    const asked = Array.from({ length: 8 }, (_, i) => ability!("logprobs", i === 0 ? abort.signal : undefined));
    abort.abort(new Error("enough"));
    await expect(asked[0]).rejects.toThrow("enough");
    for (const each of asked.slice(1)) expect(await each).toEqual({ has: true, from: "probed" });
    expect(paths).toEqual(["/v1/chat/completions"]);
  });

  it.each([
    [401, "bad key", "AUTH_REJECTED"],
    [404, "no such model", "MODEL_NOT_FOUND"],
  ])("is a coded error on status %i, %s: %s", async (status, said, code) => {
    const { spec } = await server(() => ({ status, body: { error: { message: said } } }));
    await expect((await resolveModel(spec)).ability!("logprobs")).rejects.toMatchObject({ code });
  });

  it("is nothing for a model that only embeds texts", async () => {
    const said = "nomic-embed-text does not support chat";
    const { spec } = await server(() => ({ status: 400, body: { error: { message: said } } }));
    expect(await (await resolveModel(spec)).ability!("logprobs")).toMatchObject({ has: false, why: said });
  });

  it("is asked again where the server was only loading its model", async () => {
    let count = 0;
    const { spec } = await server((path, body) =>
      count++ === 0 ? { status: 503, body: { error: { message: "Loading model" } } } : capable(path, body),
    );
    expect(await (await resolveModel(spec)).ability!("logprobs")).toMatchObject({ has: true });
  });

  it("is a coded error where nobody answers, and is asked again next time", async () => {
    const { close, spec } = await server(capable);
    await close();
    const { ability } = await resolveModel(spec);
    await expect(ability!("logprobs")).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  });
});

describe("a need for an ability", () => {
  it("is an error of usage with a remedy where it is not known", async () => {
    const handle = { identity: { provider: "mine", model: "m" }, ask: () => Promise.reject(new Error("unused")) };
    await expect(requireAbilities(handle, ["logprobs"], "the test")).rejects.toMatchObject({
      code: "ABILITY_MISSING",
      isUsage: true,
      reason: expect.stringContaining("it is not known"),
    });
  });

  it("of Ollama is answered by its /v1, and calls for log-probabilities go there", async () => {
    const { origin, paths } = await server(capable);
    vi.stubEnv("OLLAMA_BASE_URL", origin);
    onTestFinished(() => void vi.unstubAllEnvs());
    const handle = await resolveModel("ollama:m");
    await requireAbilities(handle, ["logprobs"], "the test");
    const sampling = { temperature: 0, maxTokens: 5, seed: 1, logprobs: true };
    const reply = await handle.ask([{ role: "user", content: "?" }], sampling, new AbortController().signal);
    expect(reply.logprobs).toEqual([-0.5]);
    expect(paths).toEqual(["/v1/chat/completions", "/v1/chat/completions"]);
  });
});
