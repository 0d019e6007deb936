import { existsSync, openSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openSqlite } from "../../src/models/sqlite.js";
import { agreed, purposeOf } from "../support/cascade-server.js";
import { cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf, plainErrorOf } from "../support/contract.js";

const cli = cliSuite();
const QUESTION = ["solve", "How many?", ...MODELS];

describe("a broken checkpoint", () => {
  const breaks = {
    "a cut text": `UPDATE checkpoints SET checkpoint = '{"v":4,"id' WHERE thread_id = 't'`,
    "bytes that are no text": `UPDATE checkpoints SET checkpoint = CAST(x'00ff12' AS BLOB) WHERE thread_id = 't'`,
    "an object without channels": `UPDATE checkpoints SET checkpoint = '{}' WHERE thread_id = 't'`,
    "a form that LangGraph does not know": `UPDATE checkpoints SET type = 'odd' WHERE thread_id = 't'`,
    "options that are no JSON": `UPDATE runs SET options = '{' WHERE thread = 't'`,
  };
  test.each(Object.entries(breaks))(
    "%s: the error says which thread, the others stay, and rm forgets it",
    async (what, sql) => {
      const server = await cli.serve(agreed);
      const home = cli.home();
      const file = join(home, "own.sqlite");
      const at = { home, url: server.url };
      for (const thread of ["t", "u"]) await cli.run([...QUESTION, "--thread", thread, "--checkpoint", file], at);
      const db = openSqlite(file, {});
      db.exec(sql);
      db.close();
      const end = await cli.run(["solve", "--thread", "t", "--checkpoint", file], at);
      expect(end.code).toBe(2);
      expect(plainErrorOf(end)).toMatchObject({
        code: "FILE_BROKEN",
        line: expect.stringMatching(/thread "t" is damaged.*cope threads rm t/),
      });
      const listed = JSON.parse((await cli.run(["threads", "list", "--json", "--checkpoint", file], at)).stdout);
      const states = Object.fromEntries(listed.map(({ thread, state }: any) => [thread, state]));
      expect(states).toEqual({ u: "finished", t: what.startsWith("options") ? "finished" : "broken" });
      const removed = await cli.run(["threads", "rm", "t", "--checkpoint", file], at);
      expect(removed).toMatchObject({ code: 0, stdout: "t is forgotten\n" });
      const kept = await cli.run(["solve", "--thread", "u", "--checkpoint", file, "--json"], at);
      expect(documentOf(kept).thread).toBe("u");
    },
  );
});

test("why a call failed stands in its sample's line, in the plan's and, with --trace, for attempts that were repeated", async () => {
  let asked = 0;
  const server = await cli.serve((request) => {
    asked += 1;
    if (purposeOf(request) === "goal") return { status: 422, message: "content filter: the goal is not wanted" };
    return asked % 2 === 0 ? { status: 503, message: "queue of 12 is full" } : agreed(request);
  });
  const end = await cli.run([...QUESTION, "--samples", "2", "--trace", "--no-save"], {
    home: cli.home(),
    url: server.url,
  });
  expect(end.stderr).toMatch(/goal by small: failed, REFUSED: .*the goal is not wanted/);
  expect(end.stderr).toMatch(/attempt 1: failed, SERVER_FAILED: .*queue of 12 is full/);
  const json = await cli.run([...QUESTION, "--samples", "2", "--trace", "--no-save", "--json"], {
    home: cli.home(),
    url: server.url,
  });
  const failed = documentOf(json).trace.calls.filter(({ status }: any) => status === "failed");
  expect(failed.length).toBeGreaterThan(0);
  for (const { reason } of failed) expect(reason).toMatch(/not wanted|is full/);
});

test("a budget of one call names the limit and what it must be at the least", async () => {
  const server = await cli.serve(agreed);
  const at = { home: cli.home(), url: server.url };
  const error = jsonErrorOf(await cli.run([...QUESTION, "--max-calls", "1", "--json"], at));
  expect(error).toMatchObject({
    code: "BUDGET_TOO_SMALL",
    message: expect.stringContaining("up to 2 calls where 1 is allowed"),
    remedy: expect.stringContaining("--max-calls) to 2 or more"),
  });
  expect(server.requests).toEqual([]);
  expect((await cli.run([...QUESTION, "--max-calls", "2", "--json"], at)).code).toBe(0);
});

test("files that Windows writes are read: a byte order mark of UTF-8, and UTF-16", async () => {
  const server = await cli.serve(() => '{"name":"Ada"}');
  const home = cli.home();
  const schema = JSON.stringify({ type: "object", properties: { name: { type: "string" } }, required: ["name"] });
  const files = {
    utf8: Buffer.from(`\uFEFF${schema}`),
    utf16: Buffer.from(`\uFEFF${schema}`, "utf16le"),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const file = join(home, `${name}.json`);
    writeFileSync(file, bytes);
    const end = await cli.run(["solve", "Who? Ada.", ...MODELS.slice(0, 4), "--schema", file, "--json", "--no-save"], {
      home,
      url: server.url,
    });
    expect(JSON.parse(documentOf(end).answer.value)).toEqual({ name: "Ada" });
  }
  const broken = join(home, "broken.json");
  writeFileSync(broken, "{");
  const end = await cli.run(["solve", "Who?", ...MODELS.slice(0, 4), "--schema", broken], { home, url: server.url });
  expect(plainErrorOf(end)).toMatchObject({ code: "FILE_BROKEN" });
});

describe.skipIf(!existsSync("/dev/full"))("a full disk behind a stream", () => {
  async function into(stream: "stdout" | "stderr", args: string[], at: { home: string; url: string }) {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [cli.build.cli, ...args], {
      cwd: at.home,
      env: {
        PATH: process.env["PATH"],
        HOME: at.home,
        COPE_HOME: at.home,
        OPENAI_BASE_URL: at.url,
        OPENAI_API_KEY: "sk-x",
      },
      stdio: ["ignore", stream === "stdout" ? full : "pipe", stream === "stderr" ? full : "pipe"],
    });
    let said = "";
    (stream === "stdout" ? child.stderr! : child.stdout!).on("data", (part: Buffer) => (said += part.toString()));
    const [code] = await once(child, "close");
    return { code, said };
  }

  test("stdout: one coded line, no stack, and the thread still has the answer", async () => {
    const server = await cli.serve(agreed);
    const at = { home: cli.home(), url: server.url };
    const { code, said } = await into("stdout", [...QUESTION, "--thread", "t"], at);
    expect(code).toBe(1);
    expect(said.trimEnd().split("\n").at(-1)).toMatch(/^\[DISK_FULL\] stdout takes no more .*Remedy: /);
    expect(said).not.toMatch(/^\s+at /m);
    expect(documentOf(await cli.run(["solve", "--thread", "t", "--json"], at)).thread).toBe("t");
  });

  test("stderr: the answer is on stdout all the same", async () => {
    const server = await cli.serve(agreed);
    const { code, said } = await into("stderr", QUESTION, { home: cli.home(), url: server.url });
    expect(code).toBe(0);
    expect(said).toMatch(/^Answer: /);
  });
});

test.runIf(process.platform === "linux")("a tape in a folder that cannot be made: a coded error, at once", async () => {
  const server = await cli.serve(agreed);
  for (const folder of ["/proc/no such folder/deeper", "/dev/null/deeper"]) {
    const end = await cli.run([...QUESTION, "--tape", `${folder}/t.sqlite`], {
      home: cli.home(),
      url: server.url,
      limit: 20_000,
    });
    expect(end.code).toBe(2);
    expect(plainErrorOf(end).code).toBe("FILE_BROKEN");
  }
});

test("SIGTERM ends a run as Ctrl-C does: one line, and the thread goes on", async () => {
  const server = await cli.serve(async (request) => {
    await sleep(40);
    return agreed(request);
  });
  const at = { home: cli.home(), url: server.url };
  const { child, ended } = cli.start([...QUESTION, "--thread", "t"], at);
  while (server.requests.length < 4 && child.exitCode === null) await sleep(2);
  child.kill("SIGTERM");
  const end = await ended;
  expect(end.code).toBe(143);
  expect(plainErrorOf(end)).toMatchObject({ code: "ABORTED", line: expect.stringContaining("--thread t") });
});

test("Ctrl-C before anything was asked leaves no unfinished thread", async () => {
  const server = await cli.serve(async () => {
    await sleep(5_000);
    return "never";
  });
  const at = { home: cli.home(), url: server.url };
  // It is interrupted when the run has named its thread, before a request arrives.
  const { child, ended } = cli.start([...QUESTION, "--thread", "t"], at);
  await new Promise<void>((done) => child.stderr!.on("data", (part: Buffer) => part.includes("Thread: t") && done()));
  child.kill("SIGINT");
  const end = await ended;
  expect(end.code).toBe(130);
  const listed = JSON.parse((await cli.run(["threads", "list", "--json"], at)).stdout);
  // A request that was on its way may be billed: then the thread stays, and the line says how to go on with it.
  expect(listed.length === 0).toBe(plainErrorOf(end).line.includes("nothing was answered yet"));
  expect(server.requests.length > 0 || listed.length === 0).toBe(true);
});

test("a longer run of --json names its thread on stderr before it ends", async () => {
  const server = await cli.serve(async (request) => {
    await sleep(1_500);
    return agreed(request);
  });
  const at = { home: cli.home(), url: server.url };
  const { child, ended } = cli.start([...QUESTION, "--json"], at);
  const named = await new Promise<string>((done) =>
    child.stderr!.once("data", (part: Buffer) => done(part.toString())),
  );
  expect(child.exitCode).toBeNull();
  const { thread } = JSON.parse(named);
  expect(documentOf(await ended).thread).toBe(thread);
});

test("--price by role or by model makes the bill, and a thread keeps it", async () => {
  const server = await cli.serve(agreed);
  const home = cli.home();
  const at = { home, url: server.url };
  const models = ["--small", `openai:tiny@${server.url}`, "--large", `openai:huge@${server.url}`, "--family", "math"];
  const ask = (...args: string[]) =>
    cli.run(["solve", "How many?", ...models, "--samples", "2", "--json", ...args], at);
  expect(documentOf(await ask()).ledger.usd).toBeNull();
  const { ledger } = documentOf(
    await ask("--price", "small=1,2", "--price", `openai:huge@${server.url}=10,20`, "--thread", "t"),
  );
  const { inputTokens, outputTokens, usd } = ledger.byRole.small;
  expect(usd).toBeCloseTo((inputTokens + 2 * outputTokens) / 1e6, 12);
  expect(ledger.ifLargeAlone.usd).toBeGreaterThan(0);
  const second = documentOf(await cli.run(["solve", "How many more?", "--thread", "t", "--json"], at));
  expect(second.ledger.usd).toBeGreaterThan(0);
  const third = documentOf(
    await cli.run(["solve", "And now?", "--thread", "t", "--price", "small=100,200", "--json"], at),
  );
  expect(third.ledger.byRole.small.usd).toBeGreaterThan(50 * second.ledger.byRole.small.usd);
  for (const wrong of ["small=1", "small", "tiny=1,2", "small=-1,2"])
    expect(jsonErrorOf(await ask("--price", wrong)).code).toBe("OPTIONS_INVALID");
});

test("--max-tokens limits every answer, and no plan", async () => {
  const server = await cli.serve(agreed);
  const at = { home: cli.home(), url: server.url };
  documentOf(await cli.run([...QUESTION, "--samples", "2", "--max-tokens", "77", "--json"], at));
  const limits = server.requests.map((request) => [purposeOf(request), request.max_tokens]);
  expect(new Set(limits.filter(([purpose]) => purpose === "execute").map(([, limit]) => limit))).toEqual(new Set([77]));
  expect(limits.filter(([purpose]) => purpose !== "execute").every(([, limit]) => limit !== 77)).toBe(true);
  expect(jsonErrorOf(await cli.run([...QUESTION, "--max-tokens", "0", "--json"], at)).message).toMatch(/--max-tokens/);
});
