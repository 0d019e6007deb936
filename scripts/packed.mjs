// The package as it would be published, from a build of its own: neither dist/ nor what else lies about gets into it.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Builds and packs into a folder; returns the path of the .tgz. */
export function packInto(folder) {
  const source = join(folder, "package");
  mkdirSync(source, { recursive: true });
  for (const name of ["README.md", "CHANGELOG.md", "LICENSE"]) copyFileSync(join(root, name), join(source, name));
  writeFileSync(join(source, "package.json"), JSON.stringify(published(), null, 2));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", join(source, "dist")], root);
  chmodSync(join(source, "dist/cli/cope.js"), 0o755);
  for (const kept of ["evaluation/report/assets", "sandbox/python", "sandbox/quickjs"]) {
    cpSync(join(root, "src", kept), join(source, "dist", kept), { recursive: true });
  }
  run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], source);
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith(".tgz")),
  );
}

/** The manifest without what is for this checkout only: npm warns of a `prepare` in a package that is installed from a file. */
function published() {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const key of ["scripts", "devDependencies", "overrides", "allowScripts"]) delete manifest[key];
  return manifest;
}

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}:\n${stdout}${stderr}`);
}

// Run by itself (`npm run pack`): the file to publish, in the folder that is named, or here.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const work = mkdtempSync(join(tmpdir(), "cope-pack-"));
  const packed = packInto(work);
  const target = join(process.argv[2] ?? ".", basename(packed));
  copyFileSync(packed, target);
  rmSync(work, { recursive: true, force: true });
  console.log(target);
}
