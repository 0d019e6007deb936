import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { purposeOf, agreed } from "../support/cascade-server.js";
import { cliSuite, MODELS } from "../support/cli-suite.js";
import { documentOf, jsonErrorOf, plainErrorOf } from "../support/contract.js";

const cli = cliSuite();
const HOSTILE = "\x1b[2J\x1b]0;mine\x07\r\x9b31m";
/** Control characters other than line breaks and tabs. */
const CONTROLS = /(?![\n\t])\p{Cc}/u;

test("control characters of a model's text do not reach the terminal; under --json the text is whole", async () => {
  const server = await cli.serve((request) =>
    purposeOf(request) === "execute"
      ? `${HOSTILE}The final answer is $\\boxed{\\text{${HOSTILE}yes}}$.`
      : `${HOSTILE}Find it.`,
  );
  const options = { home: cli.home(), url: server.url };
  const args = ["solve", "What?", ...MODELS, "--samples", "2", "--trace"];
  const [plain, json] = await Promise.all([cli.run(args, options), cli.run([...args, "--json"], options)]);
  expect(plain.stdout + plain.stderr).toContain("Find it.");
  expect(plain.stdout + plain.stderr).not.toMatch(CONTROLS);
  expect(documentOf(json).trace.samples[0].text).toContain(HOSTILE);
});

test("nor do those of a server's error, nor a key in the trace that is asked for by COPE_DEBUG", async () => {
  const key = "sk-test-9876543210-never-shown";
  const server = await cli.serve(() => ({ status: 401, message: `${HOSTILE}wrong key ${key}` }));
  const env = { COPE_DEBUG: "1" };
  const end = await cli.run(["solve", "What?", ...MODELS], { home: cli.home(), url: server.url, env });
  expect(end.stderr).toMatch(/^ +at /m);
  expect(end.stderr).not.toMatch(CONTROLS);
  expect(end.stderr).not.toContain(key);
});

test("a text without a readable answer is shown: it was paid for", async () => {
  const server = await cli.serve((request) => (purposeOf(request) === "execute" ? "I do\nnot know." : "Find it."));
  const options = { home: cli.home(), url: server.url };
  const end = await cli.run(["solve", "What?", ...MODELS, "--strategy", "small", "--no-save"], options);
  expect(end.code).toBe(1);
  expect(end.stdout).toMatch(/^Answer: \(no readable answer\)\n {2}│ I do\n {2}│ not know\.\n/);
});

test("what is saved has a thread to name, what is not saved has none; the most it can cost is said with its condition", async () => {
  const server = await cli.serve(agreed);
  const options = { home: cli.home(), url: server.url };
  const args = ["solve", "What?", ...MODELS];
  const [saved, unsaved] = await Promise.all([cli.run(args, options), cli.run([...args, "--no-save"], options)]);
  expect(saved.stdout).toMatch(/^Thread: \S+$/m);
  expect(unsaved.stdout + unsaved.stderr).not.toContain("Thread:");
  expect(saved.stderr).toMatch(
    /^At most \$\S+ in 26 calls, if every stage is needed and no call has to be repeated\.$/m,
  );
});

test("--trace on a finished thread shows all its steps in order, once", async () => {
  const server = await cli.serve(agreed);
  const options = { home: cli.home(), url: server.url };
  await cli.run(["solve", "What?", ...MODELS, "--thread", "t"], options);
  const { stderr } = await cli.run(["solve", "--thread", "t", "--trace"], options);
  expect(stderr.match(/^ {2}sample \d+:/gm)).toEqual([0, 1, 2, 3, 4, 5].map((index) => `  sample ${index}:`));
  expect(stderr.match(/^ {2}goal by small:/gm)).toHaveLength(6);
  expect(stderr).toContain("│ The final answer is $\\boxed{42}$.");
  expect(stderr).toMatch(/accept: [^\n]*\n$/);
  expect((await cli.run(["solve", "--thread", "t"], options)).stderr).toBe("");
});

test("a reader of stderr that has seen enough does not end the run", async () => {
  const server = await cli.serve(agreed);
  const home = cli.home();
  const env = { PATH: process.env["PATH"], HOME: home, COPE_HOME: home };
  const { promise, resolve } = Promise.withResolvers<string>();
  const command = `"$0" "$@" 2>&1 >"$HOME/out" | true; echo "\${PIPESTATUS[0]}"; cat "$HOME/out"`;
  const args = [process.execPath, cli.build.cli, "solve", "What?", ...MODELS];
  const shell = spawn("bash", ["-c", command, ...args], {
    env: { ...env, OPENAI_BASE_URL: server.url, OPENAI_API_KEY: "none" },
  });
  let out = "";
  shell.stdout.on("data", (chunk) => (out += chunk));
  shell.on("close", () => resolve(out));
  expect(await promise).toMatch(/^0\nAnswer: 42\n/);
});

test("commands are told as they have to be typed: behind npx where npm runs the program", async () => {
  const home = cli.home();
  const [alone, npx] = await Promise.all(
    ["", "exec"].map((by) => {
      const env: Record<string, string> = by ? { npm_command: by } : {};
      return cli.run(["threads", "rm", "none"], { home, env });
    }),
  );
  expect(plainErrorOf(alone!).line).toContain("see `cope threads list`");
  expect(plainErrorOf(npx!).line).toContain("see `npx cope threads list`");
});

test("doctor does not show a password in an address", async () => {
  const env = { OLLAMA_BASE_URL: "http://bob:hunter22@127.0.0.1:9" };
  const [plain, json] = await Promise.all(
    [[], ["--json"]].map((more) => cli.run(["doctor", ...more], { home: cli.home(), env })),
  );
  for (const { stdout } of [plain!, json!]) {
    expect(stdout).toContain("[private]@127.0.0.1:9");
    expect(stdout).not.toContain("hunter22");
  }
});

test("an error about a file does not show a key that its name holds", async () => {
  const home = cli.home();
  const name = "sk-0123456789abcdef.sqlite";
  writeFileSync(join(home, name), "no database");
  const { stderr } = await cli.run(["threads", "list", "--checkpoint", name, "--json"], { home });
  expect(jsonErrorOf({ code: 2, signal: null, stdout: "", stderr }).code).toBe("FILE_BROKEN");
  expect(stderr).not.toContain("0123456789abcdef");
});
