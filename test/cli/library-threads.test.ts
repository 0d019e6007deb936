import { join } from "node:path";
import { expect, test } from "vitest";
import { createCope, openSaver, sqliteJournal } from "../../src/index.js";
import { agreed, scattered } from "../support/cascade-server.js";
import { cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf } from "../support/contract.js";
import { FakeModel } from "../support/fake-model.js";

const cli = cliSuite();
const STAGES = [{ name: "quick", execute: { by: "small", samples: 3, temperature: 0.5 } }];

/** A thread "t" as a program of one's own leaves it in a file: answered by its own models, or aborted on the way. */
async function threadOf({ home, aborted }: { home: string; aborted: boolean }): Promise<string> {
  const file = join(home, "own.sqlite");
  const { saver, close } = await openSaver(file);
  const journal = sqliteJournal(file);
  const abort = new AbortController();
  const model = new FakeModel(({ count }) => {
    if (aborted && count === 1) abort.abort();
    return "The final answer is $\\boxed{7}$.";
  });
  const options = { small: model, large: model, family: "math", stages: STAGES, seed: 3, concurrency: 1, journal };
  const graph = createCope(options as never).compile({ checkpointer: saver });
  const config = { configurable: { thread_id: "t" }, durability: "sync" as const, signal: abort.signal };
  await graph.invoke({ question: "How many?" }, config).catch(() => {});
  journal.close();
  close();
  return file;
}

test("a finished thread of the library prints its last answer, and takes a question", async () => {
  const server = await cli.serve(agreed);
  const home = cli.home();
  const saved = ["--thread", "t", "--checkpoint", await threadOf({ home, aborted: false })];
  const run = (...args: string[]) => cli.run(["solve", ...args, ...saved, "--json"], { home, url: server.url });
  expect(documentOf(await run())).toMatchObject({ answer: { value: "7" }, stages: [{ name: "quick" }] });
  expect(server.requests).toEqual([]);
  expect(documentOf(await run("And now?", ...MODELS))).toMatchObject({ answer: { value: "42", stage: "solo" } });
});

test("an unfinished one refuses a question, and goes on in its own stages with the models that are given", async () => {
  const server = await cli.serve(scattered);
  const home = cli.home();
  const file = await threadOf({ home, aborted: true });
  const saved = ["--thread", "t", "--checkpoint", file];
  const run = (...args: string[]) => cli.run(["solve", ...args, ...saved, "--json"], { home, url: server.url });
  const listed = await cli.run(["threads", "list", "--checkpoint", file, "--json"], { home });
  expect(JSON.parse(listed.stdout)).toMatchObject([{ thread: "t", state: "unfinished", question: "How many?" }]);

  expect(jsonErrorOf(await run("And now?", ...MODELS)).code).toBe("THREAD_UNFINISHED");
  const changed = jsonErrorOf(await run(...MODELS, "--seed", "9", "--samples", "4"));
  expect(changed.code).toBe("OPTIONS_CHANGED");
  expect(changed.message).toMatch(/samples.*seed/);
  expect(server.requests).toEqual([]);

  const { answer, stages } = documentOf(await run(...MODELS, "--seed", "3"));
  expect(stages).toMatchObject([{ name: "quick", planned: 3 }]);
  expect(answer.value).toMatch(/^\d+$/);
  expect(server.requests.length).toBeGreaterThan(0);
});
