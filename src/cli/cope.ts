#!/usr/bin/env node
// Only built-in modules here: this file must also load on an old Node, to say what to do about it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// The result is on stdout, so nothing that happens to stderr ends a run.
process.stderr.on("error", () => {});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`| head`) is no error.
  if (error.code === "EPIPE") process.exit();
  const full = error.code === "ENOSPC" || error.code === "EDQUOT";
  const remedy = full ? "free some space" : "send it elsewhere";
  process.stderr.write(
    `[${full ? "DISK_FULL" : "FILE_BROKEN"}] stdout takes no more (${error.message}). Remedy: ${remedy}; a saved thread prints its answer again by cope solve --thread T.\n`,
  );
  process.exit(1);
});

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > 22 || (major === 22 && minor >= 13)) {
  const { run } = await import("./program.js");
  process.exitCode = await run(process.argv.slice(2));
} else {
  const newer = bundledNode();
  if (newer) {
    if (!process.argv.includes("--json"))
      console.error(`Node ${process.versions.node} is too old for cope; the one that the package node brings runs it.`);
    const child = spawn(newer, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
    // The child decides how to end.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
    const [status, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    process.exitCode = status ?? (signal === null ? 1 : 128 + constants.signals[signal]);
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
