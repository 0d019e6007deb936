import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { LARGE, purposeOf, scattered, SMALL } from "../support/cascade-server.js";
import { cliSuite, MODELS } from "../support/cli-suite.js";
import { jsonErrorOf, plainErrorOf } from "../support/contract.js";
import type { ChatRequest } from "../support/openai-server.js";

const cli = cliSuite();
// A process takes seconds where other work runs, and some tests start half a dozen.
vi.setConfig({ testTimeout: 240_000 });

/** A home with a data set of so many problems. */
function homeWith(count: number, more: string[] = []): string {
  const home = cli.home();
  const rows = Array.from({ length: count }, (_, i) =>
    JSON.stringify({ id: `q${i}`, question: `How many of ${i}?`, answer: String(10 + (i % 6)), level: String(i % 2) }),
  );
  writeFileSync(join(home, "mine.jsonl"), [...rows, ...more].join("\n"));
  return home;
}

const EVAL = ["eval", "--data", "mine.jsonl", ...MODELS];

const slow = (ms = 15) =>
  cli.serve(async (request) => {
    await sleep(ms);
    return scattered(request);
  });

/** What tables are made of, without what differs between two runs: times. */
function figures(stdout: string): unknown {
  const { summary } = JSON.parse(stdout);
  return summary.methods.map(({ name, n, right, failed, ends, costs }: any) => ({
    name,
    n,
    right,
    failed,
    ends,
    large: costs.large,
    small: costs.smallTokens,
    calls: costs.calls,
  }));
}

/** The command that a run says to go on with, as arguments. */
function continuing(stderr: string): string[] {
  const [, line] = /[Gg]o on with: cope (.*)$/m.exec(stderr)!;
  return line!.split(" ").map((word) => word.replace(/^'(.*)'$/, "$1"));
}

test.concurrent("runs methods, says before what it may cost and after five problems what is left, and asks nothing twice", async () => {
  const server = await slow(2);
  const options = { home: homeWith(8), url: server.url };
  const first = await cli.run([...EVAL, "--methods", "cope,large,small,random"], options);
  expect(first.code).toBe(0);
  expect(first.stderr).toMatch(/8 of 8 problems of mine, recorded on runs\/mine-\w+\.sqlite/);
  expect(first.stderr).toMatch(/At most \$[\d.]+ in \d+ calls/);
  expect(first.stderr).toMatch(/After 5 problems: the other 3 will take about \d+ s, \d+ calls, \$[\d.]+/);
  const bound = Number(/in (\d+) calls/.exec(first.stderr)![1]);
  expect(server.requests.length).toBeLessThanOrEqual(bound);
  for (const method of ["cope", "large", "small", "random"])
    expect(first.stdout).toMatch(new RegExp(`^\\| ${method} `, "m"));
  const [folder] = readdirSync(join(options.home, "runs"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(readFileSync(join(options.home, "runs", folder!.name, "table.md"), "utf8")).toBe(first.stdout);

  const before = server.requests.length;
  const failed = (request: ChatRequest) =>
    typeof scattered(request) === "object" && "status" in (scattered(request) as object);
  const again = await cli.run([...EVAL, "--methods", "cope,large,small,random", "--json"], options);
  expect(again.code).toBe(0);
  const document = JSON.parse(again.stdout);
  expect(document.problems).toEqual({ done: 8, total: 8, refused: 0 });
  expect(document.tape).toMatch(/^runs\/mine-\w+\.sqlite$/);
  expect(again.stderr).toBe("");
  // What had failed is tried again, and nothing else.
  expect(server.requests.slice(before).every(failed)).toBe(true);
});

test.concurrent("killed in mid-run and started again: the figures of an undisturbed run, hardly anything asked twice", async () => {
  const args = [...EVAL, "--methods", "cope,large,majority", "--at-once", "2", "--json"];
  const calm = await slow(2);
  const undisturbed = await cli.run(args, { home: homeWith(6), url: calm.url });
  const server = await slow();
  const options = { home: homeWith(6), url: server.url };
  let killed = 0;
  for (const part of [0.3, 0.7]) {
    const { child, ended } = cli.start(args, options);
    while (server.requests.length < part * calm.requests.length && child.exitCode === null) await sleep(2);
    killed += child.kill("SIGKILL") ? 1 : 0;
    await ended;
  }
  expect(killed).toBe(2);
  const end = await cli.run(args, options);
  expect(end.code).toBe(0);
  expect(figures(end.stdout)).toEqual(figures(undisturbed.stdout));
  // At the most the eight calls under way at each kill, and what is refused, which no tape keeps.
  const answered = (requests: readonly ChatRequest[]) =>
    requests.filter(
      (request) => !(typeof scattered(request) === "object" && "status" in (scattered(request) as object)),
    );
  expect(answered(server.requests).length).toBeLessThanOrEqual(answered(calm.requests).length + 2 * 8);
});

test.concurrent("Ctrl-C: exit 130, and the command it names goes on", async () => {
  const server = await slow();
  const options = { home: homeWith(6), url: server.url };
  const { child, ended } = cli.start([...EVAL, "--methods", "cope"], options);
  while (server.requests.length < 40 && child.exitCode === null) await sleep(2);
  child.kill("SIGINT");
  const end = await ended;
  expect(end.code).toBe(130);
  expect(end.stdout).toBe("");
  expect(end.stderr).toContain("[ABORTED] interrupted. Remedy: what was drawn is kept; go on with: cope eval --data");
  const finished = await cli.run([...continuing(end.stderr), "--json"], options);
  expect(JSON.parse(finished.stdout).problems.done).toBe(6);
  const calm = await slow(2);
  const whole = await cli.run([...EVAL, "--methods", "cope", "--json"], { home: homeWith(6), url: calm.url });
  expect(figures(finished.stdout)).toEqual(figures(whole.stdout));
});

test.concurrent("a second eval of the same recording is refused while the first one runs, which goes on", async () => {
  const { promise: refused, resolve: goOn } = Promise.withResolvers<void>();
  const server = await cli.serve(async (request) => {
    await refused;
    return scattered(request);
  });
  const options = { home: homeWith(3), url: server.url };
  const first = cli.start([...EVAL, "--methods", "majority,large"], options);
  while (server.requests.length < 4) await sleep(2);
  const second = await cli.run([...EVAL, "--methods", "small"], options);
  goOn();
  expect(second.code).toBe(2);
  expect(plainErrorOf(second)).toMatchObject({ code: "RECORDING_BUSY" });
  expect(second.stderr).toContain(String(first.child.pid));
  expect((await first.ended).code).toBe(0);
});

test.concurrent("rows that are no problems are named by line and field, and counted under the table", async () => {
  const server = await slow(1);
  const bad = ['{"id": "q1", "question": "twice?", "answer": "1"}', "no json", '{"id": "x", "question": "no gold?"}'];
  const end = await cli.run([...EVAL, "--methods", "small"], { home: homeWith(2, bad), url: server.url });
  expect(end.code).toBe(0);
  expect(end.stderr).toMatch(/line 3: id: "q1".*\n.*line 4: .*JSON.*\n.*line 5: answer: the gold answer/);
  expect(end.stdout).toContain("3 rows of the data could not be read as a problem");
});

test.concurrent("--minutes: begins no further problem, and the command it names goes on", async () => {
  const server = await slow();
  const options = { home: homeWith(6), url: server.url };
  const args = [...EVAL, "--methods", "small,large", "--at-once", "1"];
  const end = await cli.run([...args, "--minutes", "0.0001"], options);
  expect(end.code).toBe(0);
  expect(end.stdout).toContain("1 of 6 problems so far.");
  const again = continuing(end.stderr);
  expect(again).toContain("--minutes");
  const rest = await cli.run([...args, "--json"], options);
  expect(JSON.parse(rest.stdout).problems.done).toBe(6);
});

test.concurrent("--max-calls and --budget-usd are never passed, and what was paid is kept", async () => {
  const server = await slow(1);
  const options = { home: homeWith(8), url: server.url };
  const args = [...EVAL, "--methods", "small,large", "--attempts", "1", "--at-once", "2"];
  const end = await cli.run([...args, "--max-calls", "9"], options);
  expect(end.code).toBe(0);
  expect(end.stderr).toContain("The limit is reached: ");
  expect(server.requests.length).toBeLessThanOrEqual(9);
  const none = await cli.run([...args, "--budget-usd", "0.000001", "--seed", "5"], options);
  expect(none.code).toBe(1);
  expect(plainErrorOf(none).code).toBe("BUDGET_TOO_SMALL");
  const unpriced = await cli.run(
    [...EVAL, "--methods", "small", "--small", "openai:mine", "--budget-usd", "1"],
    options,
  );
  expect(unpriced.code).toBe(2);
  expect(plainErrorOf(unpriced).code).toBe("PRICE_UNKNOWN");
  const before = server.requests.length;
  const given = [
    ...EVAL,
    "--methods",
    "small",
    "--small",
    "openai:mine",
    "--price",
    "openai:mine=1,2",
    "--budget-usd",
    "1",
  ];
  const priced = await cli.run([...given, "--json"], options);
  expect(JSON.parse(priced.stdout).summary.methods[0].costs.usd.mean).toBeGreaterThan(0);
  expect(server.requests.length).toBe(before + 8);
});

test.concurrent("models that fail for some problems are told apart from wrong ones; where all fail the run does", async () => {
  const broken = (request: ChatRequest) => /of [0-2]\?/.test(request.messages.at(-1)!.content);
  const some = await cli.serve((request) =>
    broken(request)
      ? { status: 400, message: "maximum context length is 12 tokens" }
      : "The final answer is $\\boxed{13}$.",
  );
  const partly = await cli.run([...EVAL, "--methods", "small", "--json"], { home: homeWith(8), url: some.url });
  expect(JSON.parse(partly.stdout).summary.methods[0]).toMatchObject({ n: 5, failed: 3 });
  const none = await cli.serve(() => ({ status: 400, message: "maximum context length is 12 tokens" }));
  const dead = await cli.run([...EVAL, "--methods", "small"], { home: homeWith(8), url: none.url });
  expect(dead.code).toBe(1);
  expect(plainErrorOf(dead).code).toBe("ALL_CALLS_FAILED");
  expect(none.requests.length).toBe(5);
});

test.concurrent("--study plans: ten cells, both executors shown the same plans; replay prints them again", async () => {
  const server = await slow(1);
  const options = { home: homeWith(3), url: server.url };
  const end = await cli.run([...EVAL, "--study", "plans", "--json"], options);
  expect(end.code).toBe(0);
  const { plans: study, tape } = JSON.parse(end.stdout);
  const { cells } = study;
  const again = await cli.run(["replay", "--tape", tape, "--study", "plans", "--json"], options);
  expect(JSON.parse(again.stdout)).toEqual(study);
  expect(cells).toHaveLength(10);
  expect(new Set(cells.map(({ executor, planner, kind }: any) => `${executor} ${planner} ${kind}`)).size).toBe(10);
  expect(cells.filter(({ comparison }: any) => comparison === null)).toHaveLength(2);
  // Two kinds of plans by two planners for three problems; goal and guideline are asked for in different words.
  const plans = server.requests.filter((request) => purposeOf(request) !== "execute");
  expect(plans).toHaveLength(12);
  const planners = new Set(plans.map((request) => `${request.model} ${purposeOf(request)}`));
  expect(planners.size).toBe(4);
  expect(planners).toContain(`${LARGE} goal`);
  expect(planners).toContain(`${SMALL} guideline`);
});

test.concurrent("tape info lists recordings, and tape draws exports one from the newest tape without its questions", async () => {
  const server = await slow(1);
  const options = { home: homeWith(3), url: server.url };
  const { tape, recording } = JSON.parse((await cli.run([...EVAL, "--methods", "small", "--json"], options)).stdout);
  const info = await cli.run(["tape", "info", tape, "--json"], options);
  expect(JSON.parse(info.stdout).recordings).toMatchObject([{ id: recording, data: "mine", problems: 3, draws: 3 }]);
  const out = join(options.home, "draws.jsonl");
  const done = await cli.run(["tape", "draws", "--out", out, "--json"], options);
  expect(JSON.parse(done.stdout)).toMatchObject({ recording, problems: 3, draws: 3, unreadable: 0 });
  const text = readFileSync(out, "utf8");
  expect(text.split("\n")).toHaveLength(5);
  expect(text).not.toContain("How many");
  const other = await cli.run(["tape", "draws", tape, "--recording", "none"], options);
  expect(other.code).toBe(2);
});

test.concurrent("wrong usage: exit 2, nothing on stdout, nothing asked and no file left", async () => {
  const server = await slow(1);
  const home = homeWith(2);
  const plain = await cli.run([...EVAL, "--methods", "large", "--large", "anthropic:claude-3-5-haiku-latest"], {
    home,
    url: server.url,
  });
  expect(plain.code).toBe(2);
  expect(plainErrorOf(plain)).toMatchObject({ code: "KEY_MISSING" });
  const json = await cli.run(["eval", "--json", "--data", "none.jsonl"], { home, url: server.url });
  expect(json.code).toBe(2);
  expect(jsonErrorOf(json)).toMatchObject({ code: "FILE_NOT_FOUND" });
  expect(existsSync(join(home, "runs"))).toBe(false);
  expect(server.requests).toEqual([]);
});

test.concurrent("rows of several kinds: each with its own prompt, family by family, a table each, shown before anything is asked", async () => {
  const server = await cli.serve((request) => {
    const said = request.messages.map(({ content }) => content).join("\n");
    if (purposeOf(request) !== "execute") return "Look at the words.";
    if (said.includes("praise")) return "Answer: praise";
    if (said.includes("schema") || said.includes("JSON")) return '{"name":"Anna"}';
    return "The final answer is $\\boxed{42}$.";
  });
  const home = cli.home();
  const rows = [
    { id: "c", question: "Praise or blame? Wonderful!", choices: ["praise", "blame"], answer: "praise" },
    { id: "s", question: "Anna was born in Bonn.", schema: { type: "object" }, answer: { name: "Anna" } },
    { id: "m", question: "What is 12 plus 30?", answer: "12 + 30 = 42\n#### 42" },
    { id: "o", question: "Who wrote Faust?", answer: "Goethe" },
  ];
  writeFileSync(join(home, "mixed.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
  const args = [
    "eval",
    "--data",
    "mixed.jsonl",
    ...MODELS.slice(0, 4),
    "--methods",
    "majority,large",
    "--samples",
    "2",
  ];
  const end = await cli.run(args, { home, url: server.url });
  expect(end.code).toBe(0);
  const shown = end.stderr.indexOf("As they will be asked, family choice");
  expect(shown).toBeGreaterThan(0);
  expect(end.stderr).toMatch(/ c, graded by praise: .*Praise or blame\?/);
  expect(end.stderr).toMatch(/ m, graded by 42: What is 12 plus 30\?/);
  expect(end.stderr).toMatch(/line 4: answer: the question asks for an open text/);
  expect(end.stdout.match(/^\| majority .*2\/2/m)).not.toBeNull();
  expect(end.stdout.match(/^\| majority .*1\/1/m)).not.toBeNull();

  const { families } = JSON.parse((await cli.run([...args, "--json"], { home, url: server.url })).stdout);
  expect(Object.keys(families)).toEqual(["choice", "math"]);
  expect(families.choice.problems).toEqual({ done: 2, total: 2, refused: 1 });
  expect(families.math.summary.methods.map(({ right, n }: any) => [right, n])).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(existsSync(join(families.math.out, "table.md")) || existsSync(join(home, families.math.out, "table.md"))).toBe(
    true,
  );

  const limited = await cli.run([...args, "--json", "--seed", "1", "--attempts", "1", "--max-calls", "4"], {
    home,
    url: server.url,
  });
  expect(JSON.parse(limited.stdout).families.math).toMatchObject({ problems: { done: 0, total: 1 } });
});

test.concurrent("labels and a schema of the command line serve rows that bring none", async () => {
  const server = await cli.serve(() => "Answer: blame");
  const home = cli.home();
  writeFileSync(join(home, "labels.csv"), "id,text,label\n1,Bad film.,blame\n2,Poor film.,blame\n");
  const args = ["eval", "--data", "labels.csv", "--columns", "question=text", ...MODELS.slice(0, 4), "--json"];
  const at = { home, url: server.url };
  expect(jsonErrorOf(await cli.run([...args, "--methods", "small"], at)).message).toMatch(/open text/);
  const end = await cli.run([...args, "--methods", "small", "--choices", "praise,blame"], at);
  expect(JSON.parse(end.stdout).summary.methods).toMatchObject([{ name: "small", n: 2, right: 2 }]);
});

test.concurrent("replay after fewer samples names the number that was recorded, and that replays", async () => {
  const server = await cli.serve(scattered);
  const options = { home: homeWith(3), url: server.url };
  await cli.run([...EVAL, "--methods", "majority,large", "--samples", "3"], options);
  const { remedy } = jsonErrorOf(await cli.run(["replay", "--methods", "majority", "--json"], options));
  expect(remedy).toContain("--samples 3");
  const end = await cli.run(["replay", "--methods", "majority", "--samples", "3", "--json"], options);
  expect(JSON.parse(end.stdout).methods).toMatchObject([{ n: 3 }]);
});
