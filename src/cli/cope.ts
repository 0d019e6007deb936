#!/usr/bin/env node
// Only built-in modules here: this file must also load on an old Node, to say what to do about it.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// A reader that has seen enough (`| head`) is no error. One of stderr alone does not end the run: its result is on stdout.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 13)) {
  const { run } = await import("./program.js");
  process.exitCode = await run(process.argv.slice(2));
} else {
  const newer = bundledNode();
  if (newer) {
    // Both get a Ctrl-C from the terminal; the child decides how to end.
    process.on("SIGINT", () => {});
    const { status, signal } = spawnSync(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
      stdio: "inherit",
    });
    process.exitCode = status ?? (signal === "SIGINT" ? 130 : 1);
  } else {
    console.error(
      `[NODE_TOO_OLD] this is Node ${process.versions.node}. Remedy: use Node 22.13 or newer, or npm install node@24 beside this package.`,
    );
    process.exitCode = 2;
  }
}

/** The Node that the `node` package brings, where it is installed. */
function bundledNode(): string | undefined {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", "node");
  } catch {
    return undefined;
  }
}
