// The package as it would be published, from a build of its own: neither dist/ nor what else lies about gets into it.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Builds and packs into a folder; returns the path of the .tgz. */
export function packInto(folder) {
  const source = join(folder, "package");
  mkdirSync(source, { recursive: true });
  for (const name of ["package.json", "README.md", "CHANGELOG.md", "LICENSE"])
    copyFileSync(join(root, name), join(source, name));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", join(source, "dist")], root);
  chmodSync(join(source, "dist/cli/cope.js"), 0o755);
  run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], source);
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz")),
  );
}

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}:\n${stdout}${stderr}`);
}
