import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { agreed, LARGE, scattered } from "../support/cascade-server.js";
import { cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf, plainErrorOf } from "../support/contract.js";

const cli = cliSuite();
const ASK = [...MODELS, "--samples", "2", "--thread", "t"];

/** A server that can be down, and a home for threads. */
async function outage() {
  let down = false;
  const server = await cli.serve((request) =>
    down ? { status: 400, message: "maximum context length" } : agreed(request),
  );
  const options = { home: cli.home(), url: server.url };
  return {
    requests: server.requests,
    setDown: (now: boolean) => void (down = now),
    run: (...args: string[]) => cli.run([...args, "--json"], options),
    plain: (...args: string[]) => cli.run(args, options),
  };
}

test("after a run in which every call failed the thread is free: the question is asked again, with calls", async () => {
  const { run, setDown, requests } = await outage();
  setDown(true);
  const failed = await run("solve", "What is 6 x 7?", ...ASK);
  expect(failed.code).toBe(1);
  expect(jsonErrorOf(failed).remedy).not.toContain("--thread");
  expect(JSON.parse((await run("threads", "list")).stdout)).toEqual([]);
  expect(jsonErrorOf(await run("solve", "--thread", "t")).code).toBe("THREAD_UNKNOWN");

  setDown(false);
  const asked = requests.length;
  expect(documentOf(await run("solve", "What is 6 x 7?", ...ASK)).answer.value).toBe("42");
  expect(requests.length).toBe(asked + 4);
});

test("earlier turns of the thread stay, with their options, and so does what they cost", async () => {
  const { run, setDown, requests } = await outage();
  const first = documentOf(await run("solve", "What is 6 x 7?", ...ASK, "--seed", "1"));
  setDown(true);
  expect((await run("solve", "And now?", ...ASK, "--seed", "5")).code).toBe(1);
  // Refused before its first call, which must not hold the thread either.
  expect(jsonErrorOf(await run("solve", "And now?", ...ASK, "--max-calls", "1")).code).toBe("BUDGET_TOO_SMALL");

  setDown(false);
  const asked = requests.length;
  expect(documentOf(await run("solve", "--thread", "t", "--seed", "1")).answer).toEqual(first.answer);
  expect(requests.length).toBe(asked);
  expect(documentOf(await run("solve", "And now?", ...ASK)).answer.value).toBe("42");
  expect(requests.length).toBeGreaterThan(asked);
});

test("a thread is named before its first call, and listed with its state and question when its process was killed", async () => {
  const server = await cli.serve(() => ({ fault: "stall" }));
  const options = { home: cli.home(), url: server.url };
  const question = `How many of them ${"are there ".repeat(20)}?`;
  const { child, ended } = cli.start(["solve", question, ...MODELS], options);
  while (server.requests.length === 0 && child.exitCode === null) await sleep(5);
  child.kill("SIGKILL");
  const { stderr } = await ended;
  const thread = /^Thread: (\S+)$/m.exec(stderr)![1]!;

  const [listed] = JSON.parse((await cli.run(["threads", "list", "--json"], options)).stdout);
  expect(listed).toMatchObject({ thread, state: "unfinished", question: expect.stringMatching(/^How many of .*…$/) });
  const plain = (await cli.run(["threads", "list"], options)).stdout;
  expect(plain).toMatch(new RegExp(`^${thread}  \\S+  unfinished  How many of them are there .*…\\n$`));
});

test("a run that failed, and can be gone on with, says how", async () => {
  const server = await cli.serve(() => ({ status: 401 }));
  const end = await cli.run(["solve", "What?", ...MODELS], { home: cli.home(), url: server.url });
  const thread = /^Thread: (\S+)$/m.exec(end.stderr)![1]!;
  const { code, line } = plainErrorOf(end);
  expect(code).toBe("AUTH_REJECTED");
  expect(line).toContain(`cope solve --thread ${thread}`);
});

test("--trace on resume shows the steps of before too, each once", async () => {
  let right = false;
  // The first stage is answered; then the key is wrong.
  const server = await cli.serve((request) =>
    request.model === LARGE && !right ? { status: 401 } : scattered(request),
  );
  const options = { home: cli.home(), url: server.url };
  expect((await cli.run(["solve", "How many?", ...MODELS, "--seed", "2", "--thread", "t"], options)).code).toBe(1);
  right = true;
  const { code, stderr } = await cli.run(["solve", "--thread", "t", "--trace"], options);
  expect(code).toBe(0);
  const calm = await cli.run(["solve", "How many?", ...MODELS, "--seed", "2", "--trace"], options);
  // Samples of one wave are shown in the order in which they came.
  const steps = (text: string) =>
    text.match(/^(solo|guided|takeover):|^ {2}(sample|goal|guideline|accept|escalate).*/gm)!;
  expect(steps(stderr).toSorted()).toEqual(steps(calm.stderr).toSorted());
  expect(steps(stderr).filter((line) => line.endsWith(":"))).toEqual(["solo:", "guided:", "takeover:"]);
});
