import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.js";

const root = join(import.meta.dirname, "../..");
const tsc = async (...args: string[]): Promise<string> => {
  const run = promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), ...args]);
  return run.then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
};

/** Optional peers: people who do without them must not meet them in our types either. */
const ABSENT = new Set(["node-llama-cpp", "@langchain/langgraph-checkpoint-sqlite"]);

/** Links everything that is installed here into a user's folder, but for what is absent there. */
function installInto(folder: string): void {
  const from = join(root, "node_modules");
  const link = (name: string) => !ABSENT.has(name) && symlinkSync(join(from, name), join(folder, "node_modules", name));
  for (const name of readdirSync(from)) {
    if (!name.startsWith("@")) {
      link(name);
      continue;
    }
    mkdirSync(join(folder, "node_modules", name), { recursive: true });
    for (const inner of readdirSync(join(from, name))) link(`${name}/${inner}`);
  }
}

it("the built types check in a project without the optional packages, with library checks on", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "node_modules"));
  installInto(folder);
  const own = join(folder, "node_modules/langgraph-cope");
  mkdirSync(own);
  writeFileSync(join(own, "package.json"), readFileSync(join(root, "package.json")));
  const build = ["-p", join(root, "tsconfig.build.json"), "--emitDeclarationOnly", "--outDir", join(own, "dist")];
  expect(await tsc(...build)).toBe("");

  const program = readFileSync(join(root, "test/types.test-d.ts"), "utf8").replace("../src/index.js", "langgraph-cope");
  writeFileSync(join(folder, "program.ts"), program);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const compilerOptions = {
    target: "ES2023",
    lib: ["ES2024"],
    module: "NodeNext",
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    // As npm installs them: types are looked for from where the link is, not from where it leads.
    preserveSymlinks: true,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  expect(await tsc("-p", folder)).toBe("");
}, 120_000);
