import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

/** The key that the children of tests are given: it must never be printed or stored. */
export const KEY = "sk-test-0123456789-never-shown";

/** A JavaScript copy of this project's sources, so that a child process starts as fast as the installed package. */
export interface Build {
  folder: string;
  /** `cope` itself. */
  cli: string;
  remove(): void;
}

/** Names the copy that all test files of a run share, for those processes of the run that start others. */
export const SHARED_BUILD = "COPE_TEST_BUILD";

/** The copy that this run's files share, or one of its own where there is none. Only its own is removed by `remove`. */
export function buildCopy(): Build {
  const shared = process.env[SHARED_BUILD];
  return shared === undefined ? copyOfSources() : { ...buildIn(shared), remove: () => {} };
}

const buildIn = (folder: string) => ({ folder, cli: join(folder, "src/cli/cope.js") });

/** Copies `src` and the children of tests as JavaScript: types are erased, nothing else changes; with what a report page is made of. */
export function copyOfSources(): Build {
  const folder = mkdtempSync(join(tmpdir(), "cope-build-"));
  for (const file of globSync(["src/**/*.ts", "test/durability/children/*.ts"], { cwd: ROOT })) {
    const target = join(folder, file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, stripTypeScriptTypes(readFileSync(join(ROOT, file), "utf8")));
  }
  for (const file of globSync("src/**/*.{css,js,py}", { cwd: ROOT })) cpSync(join(ROOT, file), join(folder, file));
  const assets = "src/evaluation/report/assets";
  cpSync(join(ROOT, assets), join(folder, assets), { recursive: true });
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return { ...buildIn(folder), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** How a child process ended. */
export interface CliEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A child process under way. */
export interface Running {
  child: ChildProcess;
  ended: Promise<CliEnd>;
}

/** Where and with what a child runs. */
export interface RunOptions {
  /** Home folder and COPE_HOME. */
  home: string;
  /** Address of the OpenAI server; none: no key is set either. */
  url?: string;
  env?: Record<string, string>;
  /** Text for stdin; without it stdin is empty. */
  input?: string;
  /** Flags of Node. */
  node?: string[];
  /** Ends a child that hangs, milliseconds. @default 60000 */
  limit?: number;
}

/** Starts a Node script in an environment of its own: no key, no colour setting, no folder of this machine's user. */
export function startScript(script: string, args: readonly string[], options: RunOptions): Running {
  const { home, url, env, input, node = [], limit = 60_000 } = options;
  const shared = process.env[SHARED_BUILD];
  const child = spawn(process.execPath, [...node, script, ...args], {
    cwd: home,
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      COPE_HOME: home,
      // Nothing listens there: a forgotten address must not reach a real server.
      OLLAMA_BASE_URL: "http://127.0.0.1:9",
      ...(shared === undefined ? {} : { NODE_COMPILE_CACHE: join(shared, "compiled") }),
      ...(url === undefined ? {} : { OPENAI_BASE_URL: url, OPENAI_API_KEY: KEY }),
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {}); // a child that ends early leaves its input unread
  child.stdin.end(input ?? "");
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const hung = setTimeout(() => child.kill("SIGKILL"), limit);
  const ended = once(child, "close").then(([code, signal]): CliEnd => {
    clearTimeout(hung);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, stdout, stderr };
  });
  return { child, ended };
}

/** Runs `cope` with these arguments until it ends. */
export function cope(build: Build, args: readonly string[], options: RunOptions): Promise<CliEnd> {
  return startScript(build.cli, args, options).ended;
}

/** Runs jobs, so many at a time: child processes beyond the number of cores only make all of them slower. */
export async function inTurns<T, R>(items: readonly T[], job: (item: T, i: number) => Promise<R>, width = 2) {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) results[i] = await job(items[i]!, i);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
