import { expect, test } from "vitest";
import { parseAnswer, parseAsk } from "../../src/cli/solve-ask.js";
import { Pending } from "../../src/state/pending.js";
import { LARGE, purposeOf } from "../support/cascade-server.js";
import { cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf } from "../support/contract.js";
import type { ChatRequest } from "../support/openai-server.js";

const cli = cliSuite();

/** No two small samples agree: every stage is needed. */
function scattering() {
  let asked = 0;
  return (request: ChatRequest) =>
    purposeOf(request) === "execute"
      ? `The final answer is $\\boxed{${request.model === LARGE ? 4711 : asked++}}$.`
      : `Count case ${asked++}.`;
}

const LIMITS = ["--samples", "3"];

test("--json prints what the thread asks and how to answer, exit 0; --answer resumes it in another process", async () => {
  const server = await cli.serve(scattering());
  const options = { home: cli.home(), url: server.url };
  const run = (...args: string[]) => cli.run(["solve", ...args, "--json"], options);
  const first = await run("How many?", "--thread", "t", ...MODELS, ...LIMITS, "--ask", "guideline,leaving");
  expect(first.code).toBe(0);
  const document = JSON.parse(first.stdout);
  expect(Object.keys(document)).toEqual(["pending", "thread", "resume"]);
  expect(Pending.parse(document.pending)).toMatchObject({ asks: "sending", stage: "solo", reasons: ["leaving"] });
  expect(document.resume).toBe("cope solve --thread t --answer approve");
  expect(server.requests).toEqual([]);

  expect(JSON.parse((await run("--thread", "t")).stdout)).toEqual(document);
  const edit = await run("--thread", "t", "--answer", "edit=Mine.");
  expect(edit.code).toBe(2);
  expect(jsonErrorOf(edit)).toMatchObject({ code: "OPTIONS_INVALID" });
  await run("--thread", "t", "--answer", "approve");
  const shown = JSON.parse((await run("--thread", "t", "--answer", "approve")).stdout);
  expect(shown.pending).toMatchObject({ asks: "guideline", stage: "guided", best: { stage: "solo" } });
  await run("--thread", "t", "--answer", "edit=Count on a ring.");
  const last = documentOf(await run("--thread", "t", "--answer", "approve"));
  expect(last.answer).toMatchObject({ value: "4711", stage: "takeover" });
  expect(last.stages[1].plans.at(-1)).toEqual({ kind: "guideline", by: "person", text: "Count on a ring." });
  expect(JSON.stringify(server.requests.at(-1)!.messages)).toContain("Count on a ring.");
  const sent = server.requests.map((request) => JSON.stringify(request));
  expect(new Set(sent).size).toBe(sent.length);

  const over = await run("--thread", "t", "--answer", "approve");
  expect(jsonErrorOf(over)).toMatchObject({
    code: "OPTIONS_INVALID",
    message: expect.stringContaining("waits for no"),
  });
});

test("in a pipe the messages are shown whole, and a rejection answers with the best so far", async () => {
  const server = await cli.serve(scattering());
  const options = { home: cli.home(), url: server.url };
  const ask = ["--ask", "spending=0.0001", "--thread", "t"];
  const free = await cli.run(["solve", "How many ways?", ...MODELS, ...LIMITS, "--ask", "spending=1000"], options);
  expect(free.stdout).toMatch(/^Answer: 4711\n/);
  const waiting = await cli.run(["solve", "How many ways?", ...MODELS, ...LIMITS, ...ask], options);
  expect(waiting.code).toBe(0);
  expect(waiting.stdout).toContain('Stage "solo" waits: may it spend that much?');
  expect(waiting.stdout).toContain("How many ways?");
  expect(waiting.stdout).toMatch(/To answer: cope solve --thread t --answer approve/);
  await cli.run(["solve", "--thread", "t", "--answer", "approve"], options);
  const end = await cli.run(["solve", "--thread", "t", "--answer", "reject=too dear", "--json"], options);
  const { answer, stages } = JSON.parse(end.stdout);
  expect(end.code).toBe(0);
  expect(answer).toMatchObject({ stage: "solo", stopped: "rejected" });
  expect(stages.at(-1).why).toContain("too dear");
});

test("a rejection before any answer is an error, and frees the thread", async () => {
  const server = await cli.serve(scattering());
  const options = { home: cli.home(), url: server.url };
  await cli.run(["solve", "How many?", "--thread", "t", ...MODELS, "--ask", "leaving"], options);
  const end = await cli.run(["solve", "--thread", "t", "--answer", "reject", "--json"], options);
  expect(end.code).toBe(1);
  expect(jsonErrorOf(end)).toMatchObject({ code: "REJECTED" });
  const again = await cli.run(["solve", "How many?", "--thread", "t", ...MODELS, ...LIMITS, "--json"], options);
  expect(documentOf(again).answer.value).toBe("4711");
});

test.each([
  ["guideline,spending=0.01,leaving", { guideline: true, spendingAbove: 0.01, leaving: true }],
  [" leaving ", { leaving: true }],
])("--ask %s", (ask, expected) => expect(parseAsk({ ask })).toEqual(expected));

test.each(["", "spending", "spending=x", "spending=-1", "guideline=yes", "all"])("--ask %j is refused", (ask) =>
  expect(() => parseAsk({ ask })).toThrow("guideline, leaving or spending=DOLLARS"),
);

test.each([
  ["approve", { decision: "approve" }],
  ["reject=it says = twice", { decision: "reject", reason: "it says = twice" }],
  ["edit= Count. ", { decision: "edit", guideline: "Count." }],
])("--answer %s", (answer, expected) => expect(parseAnswer({ answer })).toEqual(expected));

test.each(["", "yes", "edit=", "approve=all"])("--answer %j is refused", (answer) =>
  expect(() => parseAnswer({ answer })).toThrow("use approve, reject"),
);

test("flags that do not go together are told before anything is opened", async () => {
  const options = { home: cli.home() };
  const ends = await Promise.all([
    cli.run(["solve", "Q", "--ask", "leaving", "--no-save", "--json"], options),
    cli.run(["solve", "Q", "--answer", "approve", "--json"], options),
  ]);
  for (const end of ends) expect(jsonErrorOf(end)).toMatchObject({ code: "OPTIONS_INVALID" });
});
