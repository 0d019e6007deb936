import { execFile, spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { needs } from "../support/needs.js";
import { startOllamaServer } from "../support/ollama-server.js";
import { startOpenAiServer } from "../support/openai-server.js";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "cope-install-"));
const project = join(folder, "project");
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs in the user's project, with nothing of this one in the environment. */
async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const clean = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|VITEST|OPENAI|OLLAMA|COPE)/.test(name));
  const options = { cwd: project, env: { ...Object.fromEntries(clean), COPE_HOME: folder, ...env } };
  return promisify(execFile)(command, args, options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );
}

/** The package as it would be published, in an empty project, by the README's line. */
async function install(): Promise<Ended> {
  const pack = `import { packInto } from "./scripts/packed.mjs"; console.log(packInto(${JSON.stringify(folder)}));`;
  const packed = spawnSync(process.execPath, ["--input-type=module", "-e", pack], { cwd: root, encoding: "utf8" });
  expect(packed.stderr).toBe("");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "empty", type: "module" }));
  const peers = ["@langchain/langgraph", "@langchain/core"];
  const args = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--foreground-scripts"];
  return run("npm", [...args, packed.stdout.trim(), ...peers]);
}

const installed = await install();
const offline = /E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|NETUNREACH)|ENOTCACHED/.test(installed.stderr);

describe.runIf(needs("the package registry", !offline))("installed from the README's line in an empty project", () => {
  const reply = "The final answer is $\\boxed{400}$.";
  const program = /^```ts\n(.*?)^```/ms.exec(readFileSync(join(root, "README.md"), "utf8"))![1]!;
  const servers = async () => {
    const [ollama, openai] = [await startOllamaServer(() => reply), await startOpenAiServer(() => reply)];
    const env = {
      OLLAMA_BASE_URL: ollama.origin,
      OPENAI_BASE_URL: openai.url,
      OPENAI_API_KEY: "sk-test-0123456789-never-shown",
    };
    return { openai, env, close: () => Promise.all([ollama.close(), openai.close()]) };
  };

  it("installs without a warning that names us or our peers, and compiles nothing", () => {
    expect(installed.code).toBe(0);
    const said = `${installed.stdout}${installed.stderr}`;
    expect(said.split("\n").filter((line) => /warn|error/i.test(line) && /cope|peer/i.test(line))).toEqual([]);
    expect(said).not.toMatch(/node-gyp|prebuild|cmake/i);
    expect(globSync("node_modules/**/*.node", { cwd: project })).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(project, "node_modules/langgraph-cope/package.json"), "utf8"));
    expect(manifest.scripts).toBeUndefined();
    expect(globSync("node_modules/{node-llama-cpp,better-sqlite3,vitest}", { cwd: project })).toEqual([]);
  });

  it("runs the README's program with two provider strings, and says nothing beside", { timeout: 60_000 }, async () => {
    const { env, close } = await servers();
    // Node strips types itself only outside node_modules and without flags from 22.18 on; this program has none.
    writeFileSync(join(project, "readme.mjs"), program);
    const { code, stdout, stderr } = await run(process.execPath, ["readme.mjs"], env);
    await close();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^400 solo\n0 0\.\d+\n$/);
  });

  it(
    "answers `npx cope --help` and `cope solve --json` with OpenAI-compatible servers",
    { timeout: 60_000 },
    async () => {
      const { openai, env, close } = await servers();
      const help = await run("npx", ["cope", "--help"]);
      expect([help.code, help.stdout]).toEqual([0, expect.stringContaining("solve")]);
      const model = (name: string) => `openai:${name}@${openai.url}`;
      const args = ["cope", "solve", "What is 20 * 20?", "--small", model("s"), "--large", model("l"), "--json"];
      const solved = await run("npx", args, env);
      await close();
      expect(solved.code).toBe(0);
      expect(JSON.parse(solved.stdout)).toMatchObject({ answer: { value: "400", stage: "solo" } });
      expect(solved.stderr.split("\n").filter((line) => /cope/i.test(line))).toEqual([]);
    },
  );

  it("names both ways on where no model is given and node-llama-cpp is absent", { timeout: 60_000 }, async () => {
    const source = `import { createCope, CopeError } from "langgraph-cope";
      const error = await createCope().compile().invoke({ question: "What is 2 + 2?" }).catch((e) => e);
      console.log(CopeError.isInstance(error) && error.code, error.message);`;
    const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "-e", source]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^ENGINE_MISSING .*npm i node-llama-cpp.*(ollama|openai):/);
  });

  it.each([
    ["node16", "node16"],
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ])(
    "gives types with module %s, moduleResolution %s, strict, library checks on",
    { timeout: 120_000 },
    async (module, moduleResolution) => {
      const shown = readFileSync(join(root, "test/types.test-d.ts"), "utf8").replace(
        "../src/index.js",
        "langgraph-cope",
      );
      writeFileSync(join(project, "readme.ts"), `${program}\nexport {};\n`);
      writeFileSync(join(project, "types.ts"), shown);
      writeFileSync(
        join(project, "testing.ts"),
        `import { copeMatchers, scriptedModel, type Rule } from "langgraph-cope/testing";
       export const rules: Rule[] = [{ stage: "solo", reply: "12" }];
       export const model = scriptedModel(rules, { as: "openai:gpt-4o" });
       export const said: string = copeMatchers.toHaveEndedIn({}, "solo").message();
       // @ts-expect-error -- no such purpose
       scriptedModel([{ purpose: "song", reply: "12" }]);`,
      );
      const compilerOptions = {
        target: "ES2023",
        // ESNext for LangChain's own types, which use `Symbol.asyncDispose`.
        lib: ["ESNext", "DOM"],
        module,
        moduleResolution,
        strict: true,
        noEmit: true,
      };
      writeFileSync(
        join(project, "tsconfig.json"),
        JSON.stringify({
          compilerOptions: { ...compilerOptions, skipLibCheck: false, types: [] },
          files: ["readme.ts", "types.ts", "testing.ts"],
        }),
      );
      const { stdout } = await run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."]);
      expect(stdout).toBe("");
    },
  );
});
