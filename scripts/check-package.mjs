// Checks the package as it would be published, with publint and attw; run by `npm run check:package`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packInto } from "./packed.mjs";

const folder = mkdtempSync(join(tmpdir(), "cope-check-"));
try {
  const packed = packInto(folder);
  const checks = [
    ["publint", "run", packed, "--strict"],
    // There is no CommonJS build: `require` of an ES module works in every Node that `engines` allows.
    ["attw", packed, "--profile", "esm-only", "--no-emoji", "--format", "ascii"],
  ];
  for (const args of checks) {
    const { status } = spawnSync("npx", ["--no", ...args], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
