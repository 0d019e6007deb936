import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { agreed, purposeOf } from "../support/cascade-server.js";
import { KEY } from "../support/cli.js";
import { bytesUnder, cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf, plainErrorOf } from "../support/contract.js";
import type { ChatRequest } from "../support/openai-server.js";

const cli = cliSuite();

/** Says what the question asks for: another answer for another question. */
const echo = (request: ChatRequest) => {
  if (purposeOf(request) !== "execute") return "Find the number.";
  return `The final answer is $\\boxed{${/\d+/.exec(request.messages.at(-1)!.content)?.[0]}}$.`;
};

test("a thread: a question, its last answer again for nothing, a second question, and forgetting it", async () => {
  const server = await cli.serve(echo);
  const options = { home: cli.home(), url: server.url };
  const run = (...args: string[]) => cli.run([...args, "--json"], options);
  expect(JSON.parse((await run("threads", "list")).stdout)).toEqual([]);

  const first = documentOf(await run("solve", "Say 11.", ...MODELS, "--thread", "t"));
  expect(first).toMatchObject({ thread: "t", answer: { value: "11" } });
  const paid = server.requests.length;

  const again = documentOf(await run("solve", "--thread", "t"));
  expect(again).toEqual(first);
  expect(server.requests.length).toBe(paid);

  const changed = jsonErrorOf(await run("solve", "--thread", "t", "--seed", "9"));
  expect(changed).toMatchObject({ code: "OPTIONS_CHANGED", message: expect.stringContaining("seed") });

  const second = documentOf(await run("solve", "Say 22.", ...MODELS, "--thread", "t"));
  expect(second).toMatchObject({ thread: "t", answer: { value: "22" }, stages: [{ name: "solo" }] });
  expect(second.ledger.calls).toBe(server.requests.length - paid);

  await run("solve", "Say 33.", ...MODELS, "--thread", "u");
  const listed = JSON.parse((await run("threads", "list")).stdout);
  expect(listed.map(({ thread }: any) => thread)).toEqual(["u", "t"]);
  expect(new Date(listed[0].at).getTime()).toBeGreaterThan(0);
  expect((await cli.run(["threads", "list"], options)).stdout).toMatch(/^u {2}\d{4}-.*\nt {2}\d{4}-.*\n$/);

  expect(JSON.parse((await run("threads", "rm", "t")).stdout)).toEqual({ thread: "t", forgotten: true });
  expect(jsonErrorOf(await run("threads", "rm", "t")).code).toBe("THREAD_UNKNOWN");
  const gone = await run("solve", "--thread", "t");
  expect(gone.code).toBe(2);
  expect(jsonErrorOf(gone).code).toBe("THREAD_UNKNOWN");
  expect(JSON.parse((await run("threads", "list")).stdout)).toMatchObject([{ thread: "u" }]);
});

test("a run that failed for a wrong key goes on when the key is right, and no new question gets in between", async () => {
  let right = false;
  // A server that is so unkind as to repeat the key.
  const server = await cli.serve((request) => (right ? agreed(request) : { status: 401, message: `wrong key ${KEY}` }));
  const home = cli.home();
  const file = join(home, "own.sqlite");
  const options = { home, url: server.url };
  const saved = ["--thread", "t", "--checkpoint", file];
  const failed = await cli.run(["solve", "What is 6 x 7?", ...MODELS, ...saved], options);
  expect(failed.code).toBe(1);
  expect(plainErrorOf(failed)).toMatchObject({ code: "AUTH_REJECTED", line: expect.stringContaining("[private]") });
  expect(failed.stdout + failed.stderr).not.toContain(KEY);
  expect(bytesUnder(home).includes("[private]")).toBe(true); // the saved error, less the key
  expect(bytesUnder(home).includes(KEY)).toBe(false);

  const other = await cli.run(["solve", "What is 1 + 1?", ...MODELS, ...saved, "--json"], options);
  expect(other.code).toBe(2);
  expect(jsonErrorOf(other)).toMatchObject({
    code: "THREAD_UNFINISHED",
    remedy: expect.stringContaining("--thread t"),
  });
  const changed = await cli.run(["solve", ...saved, "--samples", "4", "--json"], options);
  expect(changed.code).toBe(2);
  expect(jsonErrorOf(changed)).toMatchObject({ code: "OPTIONS_CHANGED", message: expect.stringContaining("samples") });

  right = true;
  // The same options again are no change.
  const resumed = await cli.run(["solve", ...saved, ...MODELS, "--json"], options);
  expect(documentOf(resumed)).toMatchObject({ thread: "t", answer: { value: "42" } });
});

test("two processes at one thread do no harm: the thread ends with one answer", async () => {
  const server = await cli.serve(async (request) => {
    await sleep(100);
    return echo(request);
  });
  const options = { home: cli.home(), url: server.url };
  const ask = () => cli.run(["solve", "Say 11.", ...MODELS, "--thread", "t", "--json"], options);
  const ends = await Promise.all([ask(), ask()]);
  const outcomes = ends.map((end) => (end.code === 0 ? documentOf(end).answer.value : jsonErrorOf(end).code));
  expect(outcomes).toContain("11");
  for (const [i, { code }] of ends.entries()) expect(`${code} ${outcomes[i]}`).toMatch(/^(0 11|2 THREAD_UNFINISHED)$/);
  expect(documentOf(await cli.run(["solve", "--thread", "t", "--json"], options)).answer.value).toBe("11");
});

test("a thread that is still at work: a question is refused, and a resume beside it ends with the same answer", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const server = await cli.serve(async (request) => {
    await released;
    return echo(request);
  });
  const options = { home: cli.home(), url: server.url };
  const first = cli.start(["solve", "Say 11.", ...MODELS, "--thread", "t", "--json"], options);
  while (server.requests.length < 6) await sleep(5);
  const question = await cli.run(["solve", "Say 22.", ...MODELS, "--thread", "t", "--json"], options);
  expect([question.code, jsonErrorOf(question).code]).toEqual([2, "THREAD_UNFINISHED"]);
  const second = cli.start(["solve", "--thread", "t", "--json"], options);
  // What the first has under way is asked by the second too: nobody can know that the first is not dead.
  while (server.requests.length < 12) await sleep(5);
  release();
  for (const end of [
    await first.ended,
    await second.ended,
    await cli.run(["solve", "--thread", "t", "--json"], options),
  ])
    expect(documentOf(end).answer.value).toBe("11");
});

test("a thread's options last for its next questions, until a flag says otherwise or goes back to its default", async () => {
  const server = await cli.serve(echo);
  const options = { home: cli.home(), url: server.url };
  const run = (...args: string[]) => cli.run(["solve", ...args, "--thread", "t", "--json"], options);
  const asked = async (...args: string[]) => {
    const { stages, answer, ledger } = documentOf(await run(...args));
    return { planned: stages[0].planned, stage: stages[0].name, value: answer.value, model: ledger.byRole.small.model };
  };
  const kept = { planned: 3, stage: "small", model: "openai:gpt-4o-mini" };
  const start = [...MODELS, "--strategy", "majority", "--samples", "3", "--seed", "5"];
  expect(await asked("Say 11.", ...start)).toMatchObject({ ...kept, value: "11" });
  expect(await asked("Tell me about 22.")).toMatchObject({ ...kept, value: "22" });
  expect(await asked("Tell me about 23.")).toMatchObject({ ...kept, value: "23" });
  expect(await asked("Tell me about 33.", "--samples", "2")).toMatchObject({ ...kept, planned: 2 });
  expect(await asked("Tell me about 44.")).toMatchObject({ ...kept, planned: 2 });
  expect(await asked("Tell me about 55.", "--samples", "default")).toMatchObject({ ...kept, planned: 8 });
  expect(await asked("Say 66.", "--strategy", "default")).toMatchObject({ stage: "solo", planned: 8, value: "66" });
});

test("a math thread that is resumed says so, also where its words alone would be chat", async () => {
  let right = false;
  const server = await cli.serve((request) => (right ? agreed(request) : { status: 401, message: "wrong key" }));
  const options = { home: cli.home(), url: server.url };
  const run = (...args: string[]) => cli.run(["solve", ...args, "--thread", "t"], options);
  const models = MODELS.filter((_, at) => !["--family", "math"].includes(MODELS[at]!));
  const failed = await run("What is 6 x 7?", ...models, "--samples", "2");
  expect(failed.stderr).toContain("Family: math (auto: ");
  right = true;
  const { stderr, stdout } = await run();
  expect(stderr).toContain("Family: math (auto: ");
  expect(stdout).toContain("42");
});
