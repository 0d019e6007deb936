// Installs the packed package with its required peers into an empty folder, and prints what that takes: `npm run size`.
import { spawnSync } from "node:child_process";
import { globSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packInto } from "./packed.mjs";

const megabytes = (files) => files.reduce((sum, file) => sum + lstatSync(file).size, 0) / 1e6;
const filesUnder = (folder) =>
  globSync("**/*", { cwd: folder })
    .map((name) => join(folder, name))
    .filter((file) => lstatSync(file).isFile());

const folder = mkdtempSync(join(tmpdir(), "cope-size-"));
try {
  const packed = packInto(folder);
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), "{}");
  const began = performance.now();
  const args = [
    "install",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    packed,
    "@langchain/langgraph",
    "@langchain/core",
  ];
  const { status, stderr } = spawnSync("npm", args, { cwd: project, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const seconds = (performance.now() - began) / 1000;
  const installed = Object.keys(
    JSON.parse(readFileSync(join(project, "node_modules/.package-lock.json"), "utf8")).packages,
  );
  const sizes = installed.map((path) => {
    const own = filesUnder(join(project, path)).filter(
      (file) => !file.slice(join(project, path).length + 1).includes("node_modules/"),
    );
    return [path.replace(/^.*node_modules\//, ""), megabytes(own)];
  });
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  const largest = sizes.toSorted(([, a], [, b]) => b - a).slice(0, 5);
  console.log(
    `install: ${total.toFixed(0)} MB in ${installed.length} packages, ${seconds.toFixed(1)} s (packed: ${(lstatSync(packed).size / 1e6).toFixed(2)} MB)`,
  );
  console.log(`largest: ${largest.map(([name, size]) => `${name} ${size.toFixed(0)} MB`).join(", ")}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
