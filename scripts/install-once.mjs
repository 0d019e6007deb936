// Installs what is missing, once: scripts that a newcomer runs first call this, on whatever Node is there.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const marker = join(root, "node_modules", ".package-lock.json");
const changed = (file) => (existsSync(join(root, file)) ? statSync(join(root, file)).mtimeMs : 0);

if (!existsSync(marker) || statSync(marker).mtimeMs < changed("package.json")) {
  console.error("Installing what is needed (once) …");
  // npm ci fails where optional packages of other platforms are missing from the lock file.
  const { status } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  process.exit(status ?? 1);
}
