import { join } from "node:path";
import { expect, test } from "vitest";
import { agreed, purposeOf } from "../support/cascade-server.js";
import { KEY } from "../support/cli.js";
import { bytesUnder, cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf, plainErrorOf } from "../support/contract.js";
import type { ChatRequest, ServerReply } from "../support/openai-server.js";

const cli = cliSuite();
const QUESTION = ["solve", "What is 6 x 7?", ...MODELS];

async function against(handler: (request: ChatRequest, count: number) => ServerReply, ...more: string[]) {
  const server = await cli.serve(handler);
  const end = await cli.run([...QUESTION, ...more], { home: cli.home(), url: server.url });
  return { end, requests: server.requests };
}

const always = (reply: ServerReply) => () => reply;

test.concurrent.each<[string, ServerReply, number, string]>([
  ["a wrong key", { status: 401, message: "no such key" }, 1, "AUTH_REJECTED"],
  ["a key without the right", { status: 403 }, 1, "AUTH_REJECTED"],
  ["an unknown model", { status: 404, message: "no such model" }, 2, "MODEL_NOT_FOUND"],
  ["a request it does not take", { status: 400, message: "unknown parameter" }, 1, "REQUEST_REJECTED"],
])("%s ends the run at once: one plain line, nothing on stdout", async (_, reply, code, name) => {
  const { end, requests } = await against(always(reply));
  expect(end.code).toBe(code);
  expect(plainErrorOf(end).code).toBe(name);
  // The large model was not asked instead.
  expect(requests.every(({ model }) => model === requests[0]!.model)).toBe(true);
});

test.concurrent.each<[string, ServerReply, string]>([
  ["errors of its own", { status: 500 }, "SERVER_FAILED"],
  ["that it is overloaded", { status: 429, headers: { "retry-after": "0.1" } }, "RATE_LIMITED"],
  ["by hanging up", { fault: "reset" }, "CONNECTION_LOST"],
  ["with half a reply", { fault: "cut" }, "CONNECTION_LOST"],
  ["with something that is no JSON", { raw: "<html>Bad gateway</html>" }, "MODEL_FAILED"],
  ["with JSON that is no reply", { raw: "{}" }, "MODEL_FAILED"],
])(
  "a server that answers every call %s: exit 1 with one line of JSON",
  async (_, reply, name) => {
    const { end, requests } = await against(always(reply), "--json", "--samples", "2");
    expect(end.code).toBe(1);
    expect(jsonErrorOf(end).code).toBe(name);
    expect(requests.length).toBeGreaterThan(0);
  },
  60_000,
);

test.concurrent.each([400, 401, 404, 429, 500])(
  "a server that repeats the key with status %i: it is neither printed nor stored",
  async (status) => {
    const server = await cli.serve(always({ status, message: `no: ${KEY}`, headers: { "retry-after": "0" } }));
    const home = cli.home();
    const saved = ["--thread", "t", "--checkpoint", join(home, "own.sqlite"), "--samples", "1", "--json"];
    const end = await cli.run([...QUESTION, ...saved], { home, url: server.url, env: { COPE_DEBUG: "1" } });
    expect(end.code).not.toBe(0);
    expect(end.stdout + end.stderr + bytesUnder(home).toString()).not.toContain(KEY);
  },
);

test.concurrent("no server at all: exit 1, and says so", async () => {
  const server = await cli.serve(agreed);
  await server.close();
  const end = await cli.run([...QUESTION, "--json", "--samples", "2"], {
    home: cli.home(),
    url: server.url,
  });
  expect(end.code).toBe(1);
  expect(jsonErrorOf(end).code).toBe("NETWORK_UNREACHABLE");
}, 60_000);

test.concurrent("calls that fail at first are tried again, and every attempt is on the bill", async () => {
  const first: ServerReply[] = [
    { status: 429, headers: { "retry-after": "0.1" } },
    { status: 503 },
    { fault: "reset" },
  ];
  const { end, requests } = await against((request, count) => first[count] ?? agreed(request), "--json", "--trace");
  expect(end.code).toBe(0);
  const { answer, ledger, trace } = documentOf(end);
  expect(answer).toMatchObject({ value: "42", stage: "solo" });
  expect(ledger.calls).toBe(requests.length);
  const failed = trace.calls.filter(({ status }: any) => status === "failed").map(({ error }: any) => error);
  expect(failed.toSorted()).toEqual(["CONNECTION_LOST", "RATE_LIMITED", "SERVER_FAILED"]);
});

test.concurrent.each<[string, (request: ChatRequest) => ServerReply, string]>([
  ["empty text", () => "", ""],
  [
    "nothing readable",
    (request) => (purposeOf(request) === "execute" ? "I do not know." : "Find it."),
    "I do not know.",
  ],
])("%s everywhere: exit 1, and the document with value null", async (_, handler, text) => {
  const { end } = await against(handler, "--json");
  expect(end.code).toBe(1);
  expect(documentOf(end).answer).toMatchObject({ value: null, text });
});
