import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KEY } from "../support/cli.js";
import { cliSuite } from "../support/cli-suite.js";

const cli = cliSuite();
const NAME = "qwen2.5-coder-0.5b-instruct";

test("models: listed, found and removed", async () => {
  const home = cli.home();
  const run = (...args: string[]) => cli.run(["models", ...args], { home });
  const listed = JSON.parse((await run("list", "--json")).stdout);
  expect(listed.find(({ name }: any) => name === NAME)).toMatchObject({ present: false, licence: "Apache-2.0" });
  const { path } = listed[0];
  expect(path.startsWith(home)).toBe(true);
  expect((await run("list")).stdout).toMatch(new RegExp(`^ +${NAME} +\\d+ MB`, "m"));
  expect(await run("rm", NAME)).toMatchObject({ code: 0, stdout: `${NAME} was not here\n` });

  // As large as a small model would be at least, and with the head of one, version 3: enough to be found.
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, Buffer.concat([Buffer.from("GGUF\x03\0\0\0"), Buffer.alloc(4096)]));
  expect(await run("path", NAME)).toMatchObject({ code: 0, stdout: `${path}\n` });
  expect(JSON.parse((await run("path", NAME, "--json")).stdout)).toEqual({ name: NAME, path });
  expect(JSON.parse((await run("rm", NAME, "--json")).stdout)).toEqual({ name: NAME, removed: true });
  expect(existsSync(path)).toBe(false);
});

test("doctor: what is there and what is missing, with remedies, and never a key's value", async () => {
  const home = cli.home();
  const env = { ANTHROPIC_API_KEY: "ant-0123456789-never-shown" };
  const options = { home, url: "http://127.0.0.1:9/v1", env };
  const [json, plain] = await Promise.all([cli.run(["doctor", "--json"], options), cli.run(["doctor"], options)]);
  const { ready, findings } = JSON.parse(json.stdout);
  const about = (what: string) => findings.find((finding: any) => finding.what === what);
  // No weights in this home: the embedded default cannot run.
  expect(ready).toBe(false);
  expect(json.code).toBe(1);
  expect(about(`model ${NAME}`)).toMatchObject({ ok: false, remedy: `cope models pull ${NAME}` });
  expect(about("key OPENAI_API_KEY")).toMatchObject({ ok: true, detail: "set" });
  expect(about("key MISTRAL_API_KEY")).toMatchObject({ ok: false, detail: "not set" });
  expect(plain.stdout).toContain(`cope models pull ${NAME}`);
  for (const { stdout, stderr } of [json, plain]) {
    for (const value of [KEY, env.ANTHROPIC_API_KEY]) expect(stdout + stderr).not.toContain(value);
    expect(stdout + stderr).not.toContain("\x1b");
  }
});

test("doctor --model: what a model can do, by asking it; one that does not answer is told with its code", async () => {
  const server = await cli.serve(() => "hello");
  const there = `openai:m@${server.url}`;
  const closed = await cli.serve(() => "never");
  await closed.close();
  const gone = `openai:m@${closed.url}`;
  const options = { home: cli.home() };
  const [json, plain] = await Promise.all([
    cli.run(["doctor", "--model", there, "--json"], options),
    cli.run(["doctor", "--model", there, "--model", gone], options),
  ]);
  const { ready, findings } = JSON.parse(json.stdout);
  expect({ ready, code: json.code }).toEqual({ ready: true, code: 0 });
  expect(findings).toHaveLength(1);
  expect(findings[0].abilities.logprobs).toMatchObject({ has: false, from: "probed" });
  expect(plain.code).toBe(1);
  expect(plain.stdout).toMatch(/has not: log-probabilities \(probed\)/);
  expect(plain.stdout).toContain("[NETWORK_UNREACHABLE]");
});

test("doctor --model: says of a model that is known to think, and of no other, how much room it has", async () => {
  const server = await cli.serve(() => "hello");
  const named = (name: string) => ["--model", `openai:${name}@${server.url}`];
  const options = { home: cli.home() };
  const [json, plain] = await Promise.all([
    cli.run(["doctor", ...named("qwen3-8b"), ...named("m"), "--json"], options),
    cli.run(["doctor", ...named("qwen3-8b"), ...named("m")], options),
  ]);
  const { findings } = JSON.parse(json.stdout);
  expect(findings.map(({ thinks }: { thinks?: object }) => thinks)).toEqual([{ tokens: 4096 }, undefined]);
  expect(plain.stdout.match(/thinks before it answers, with room for 4096 tokens/g)).toHaveLength(1);
});
