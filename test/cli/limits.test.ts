import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { LARGE, purposeOf, scattered, SMALL } from "../support/cascade-server.js";
import { cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf } from "../support/contract.js";

const cli = cliSuite();
const QUESTION = ["solve", "How many?", ...MODELS, "--seed", "2", "--json"];

test("a tape: the second run asks nothing, says the same, and is charged nothing", async () => {
  const server = await cli.serve(scattered);
  const home = cli.home();
  const args = [...QUESTION, "--tape", join(home, "tape.sqlite")];
  const first = documentOf(await cli.run(args, { home, url: server.url }));
  const paid = server.requests.length;
  const second = documentOf(await cli.run(args, { home, url: server.url }));
  expect(second.answer).toEqual(first.answer);
  expect(second.stages).toEqual(first.stages);
  // What was refused is no draw: it is not on the tape, and asked again.
  const refused = server.requests.filter(
    (request) => typeof scattered(request) === "object" && "status" in (scattered(request) as object),
  );
  const refusedOnce = refused.length / 2;
  expect(server.requests.length).toBe(paid + refusedOnce);
  expect(second.ledger).toMatchObject({ usd: 0, calls: refusedOnce });
  expect(second.ledger.byRole.small.cached + second.ledger.byRole.large.cached).toBe(paid - refusedOnce);
  expect(first.ledger.usd).toBeGreaterThan(0);
});

test("--max-calls: never a call more, and the best answer so far", async () => {
  const server = await cli.serve((request) => (request.model === LARGE ? "no" : scattered(request)));
  const end = await cli.run([...QUESTION, "--max-calls", "12"], { home: cli.home(), url: server.url });
  expect(end.code).toBe(0);
  const { answer, ledger, stages } = documentOf(end);
  expect(answer).toMatchObject({ stopped: "budget", value: expect.stringMatching(/^\d+$/), stage: "solo" });
  expect(stages.at(-1).decision).toBe("stopped");
  expect(server.requests.length).toBeLessThanOrEqual(12);
  expect(ledger.calls).toBe(server.requests.length);
});

test("--max-calls: where not one sample fits, exit 1 and nothing is asked", async () => {
  const server = await cli.serve(scattered);
  const end = await cli.run([...QUESTION, "--max-calls", "1"], { home: cli.home(), url: server.url });
  expect(end.code).toBe(1);
  expect(jsonErrorOf(end).code).toBe("BUDGET_TOO_SMALL");
  expect(server.requests).toEqual([]);
});

test("--budget-usd: the bill stays below it, and the best answer so far is given", async () => {
  const server = await cli.serve(scattered);
  // Enough for the small samples of the first stage, too little for the large model in the worst case.
  const end = await cli.run([...QUESTION, "--budget-usd", "0.006"], { home: cli.home(), url: server.url });
  expect(end.code).toBe(0);
  const { answer, ledger } = documentOf(end);
  expect(answer.stopped).toBe("budget");
  expect(ledger.usd).toBeLessThanOrEqual(0.006);
  const none = await cli.run([...QUESTION, "--budget-usd", "0.000001"], { home: cli.home(), url: server.url });
  expect(none.code).toBe(1);
  expect(jsonErrorOf(none).code).toBe("BUDGET_TOO_SMALL");
});

test("--timeout: the best answer so far, or exit 1 where there is none", async () => {
  const slow = await cli.serve(async (request) => {
    // Guidance never comes.
    if (purposeOf(request) === "guideline") return { fault: "stall" };
    await sleep(20);
    return scattered(request);
  });
  const dead = await cli.serve(() => ({ fault: "stall" }));
  const [late, never] = await Promise.all([
    cli.run([...QUESTION, "--timeout", "6"], { home: cli.home(), url: slow.url }),
    cli.run([...QUESTION, "--timeout", "1.5"], { home: cli.home(), url: dead.url }),
  ]);
  expect(late.code).toBe(0);
  const { answer } = documentOf(late);
  expect(answer).toMatchObject({ stopped: "timeout", stage: "solo", value: expect.stringMatching(/^\d+$/) });
  expect(never.code).toBe(1);
  expect(jsonErrorOf(never).code).toBe("TIMEOUT");
});

test("a price that nobody knows is null, never nothing", async () => {
  const server = await cli.serve(scattered);
  const args = [
    "solve",
    "How many?",
    "--family",
    "math",
    "--small",
    "openai:mine",
    "--large",
    `openai:${SMALL}`,
    "--json",
  ];
  const { ledger } = documentOf(await cli.run(args, { home: cli.home(), url: server.url }));
  expect(ledger.usd).toBeNull();
  expect(ledger.byRole.small.usd).toBeNull();
});
