import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { scattered } from "../support/cascade-server.js";
import type { CliEnd, Running } from "../support/cli.js";
import { cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf, plainErrorOf } from "../support/contract.js";

const cli = cliSuite();
const QUESTION = ["solve", "How many?", ...MODELS, "--seed", "3"];

const slow = () =>
  cli.serve(async (request) => {
    await sleep(40);
    return scattered(request);
  });

async function interruptWhen({ child, ended }: Running, due: () => boolean): Promise<CliEnd> {
  while (!due() && child.exitCode === null) await sleep(2);
  child.kill("SIGINT");
  return ended;
}

test.concurrent("Ctrl-C in mid-run: exit 130, and the line to go on with does go on, without buying anything twice", async () => {
  const server = await slow();
  const options = { home: cli.home(), url: server.url };
  const end = await interruptWhen(cli.start(QUESTION, options), () => server.requests.length >= 10);
  expect(end.code).toBe(130);
  const { code, line } = plainErrorOf(end);
  expect(code).toBe("ABORTED");
  const [, thread] = /cope solve --thread (\S+)$/.exec(line)!;

  const before = server.requests.length;
  const finished = documentOf(await cli.run(["solve", "--thread", thread!, "--json"], options));
  expect(finished.thread).toBe(thread);
  expect(finished.stages).toHaveLength(3);
  const calm = await slow();
  const undisturbed = documentOf(await cli.run([...QUESTION, "--json"], { ...options, url: calm.url }));
  expect({ ...finished.answer }).toEqual(undisturbed.answer);
  // At the most the calls under way, eight at a time, are asked again.
  expect(server.requests.length).toBeLessThanOrEqual(calm.requests.length + 8);
  expect(server.requests.length).toBeGreaterThan(before);
});

test.concurrent("Ctrl-C under --json: one line of JSON", async () => {
  const server = await slow();
  const args = [...QUESTION, "--json", "--no-save"];
  const end = await interruptWhen(
    cli.start(args, { home: cli.home(), url: server.url }),
    () => server.requests.length > 2,
  );
  expect(end.code).toBe(130);
  expect(jsonErrorOf(end)).toMatchObject({ code: "ABORTED", remedy: "run it again." });
});

test.concurrent("Ctrl-C while the server says nothing at all, and while waiting to try again", async () => {
  const dead = await cli.serve(() => ({ fault: "stall" }));
  const busy = await cli.serve(() => ({ status: 429, headers: { "retry-after": "60" } }));
  for (const server of [dead, busy]) {
    const running = cli.start([...QUESTION, "--thread", "my thread"], { home: cli.home(), url: server.url });
    const end = await interruptWhen(running, () => server.requests.length >= 6);
    expect(end.code).toBe(130);
    expect(plainErrorOf(end).line).toContain("--thread 'my thread'");
  }
});

test.concurrent("Ctrl-C before there is anything to save: exit 130", async () => {
  const home = cli.home();
  // The moment the program listens, while it still loads what it needs.
  const early = `process.on("newListener", (name) => {
    if (name === "SIGINT") setImmediate(() => process.kill(process.pid, "SIGINT"));
  });`;
  writeFileSync(join(home, "early.mjs"), early);
  const end = await cli.run(QUESTION, {
    home,
    url: "http://127.0.0.1:9/v1",
    node: ["--import", join(home, "early.mjs")],
  });
  expect(end.code).toBe(130);
  expect(plainErrorOf(end).code).toBe("ABORTED");
});

test.concurrent("Ctrl-C while weights are fetched: exit 130", async () => {
  let asked = 0;
  const hub = createServer(() => void asked++).listen(0, "127.0.0.1");
  await sleep(50);
  const env = { HF_ENDPOINT: `http://127.0.0.1:${(hub.address() as AddressInfo).port}` };
  const pulling = cli.start(["models", "pull", "qwen2.5-coder-0.5b-instruct", "--json"], { home: cli.home(), env });
  const end = await interruptWhen(pulling, () => asked > 0);
  hub.closeAllConnections();
  hub.close();
  expect(end.code).toBe(130);
  expect(jsonErrorOf(end).code).toBe("ABORTED");
});
