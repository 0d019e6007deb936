import { existsSync, lstatSync, readlinkSync } from "node:fs";
import type { Duplex } from "node:stream";
import { capture } from "./captured.js";
import { kernelLimits } from "./limits.js";
import { cpuTimeOf } from "./cpu-wait.js";
import { readLines } from "./lines.js";
import { StartFailed, type PythonProcess, type Start } from "./python-process.js";
import { spawned, supervised } from "./supervised.js";
import { scriptFor } from "./scripts.js";
import type { Limits } from "./types.js";

/** How long a process may take to begin, ms: some 30 on an idle machine. */
const START_LIMIT = 30_000;

/** Named by their paths: what stands first on the path may be a shim that is not in the sandbox. */
export const PYTHON = "/usr/bin/python3";

/**
 * Users that exist nowhere, for runs of a root: the kernel counts a user's processes, and gives them back late, so that
 * runs that share one starve each other.
 */
const FIRST_USER = 20_000;
const USERS = 40_000;
let lastUser = Math.floor(Math.random() * USERS);

function nextUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  lastUser = (lastUser + 1) % USERS;
  return { uid: FIRST_USER + lastUser, gid: FIRST_USER + lastUser };
}

/** Top folders that are links into `/usr` on most systems, and folders of their own on some. */
function systemFolders(): string {
  return ["/bin", "/lib", "/lib64", "/sbin"]
    .filter(existsSync)
    .map((path) =>
      lstatSync(path).isSymbolicLink() ? `--symlink ${readlinkSync(path)} ${path}` : `--ro-bind ${path} ${path}`,
    )
    .join(" ");
}

/** What the owner of the machine has put beside the system. */
const HIDDEN = ["/usr/local", "/usr/src"];

/** The namespaces and the file system of a run: the system's own programs to read, a small `/tmp` to write, nothing else. */
function namespaces({ fileMb }: Limits): string[] {
  // Paths of the system, without blanks.
  return [
    "--unshare-user --unshare-pid --unshare-net --unshare-ipc --unshare-uts --unshare-cgroup-try",
    // Namespaces inside this one would bring back what is dropped here.
    "--disable-userns --uid 1000 --gid 1000 --hostname sandbox --cap-drop ALL",
    "--die-with-parent --new-session --clearenv",
    `--ro-bind /usr /usr ${systemFolders()}`,
    ...HIDDEN.filter(existsSync).map((path) => `--tmpfs ${path} --remount-ro ${path}`),
    "--proc /proc --dev /dev --size 1048576 --tmpfs /dev/shm --remount-ro /dev",
    `--size ${fileMb * 2 ** 20} --tmpfs /tmp --chdir /tmp`,
    // Last: the folders above are made on it.
    "--remount-ro /",
  ].flatMap((words) => words.split(" "));
}

/**
 * Starts Python in namespaces of its own by bubblewrap.
 *
 * @throws StartFailed when it did not begin; nothing of the task has run then
 */
export async function startInBubblewrap({ purpose, task, limits, stdin }: Start): Promise<PythonProcess> {
  // Isolated from environment and folder; without `site`, which would look for packages of the machine.
  const python = [PYTHON, "-I", "-S", "-B", "-X", "utf8", "-c", scriptFor(purpose)];
  const child = await spawned("bwrap", [...namespaces(limits), "--", ...python], {
    cwd: "/",
    env: { PATH: process.env["PATH"] },
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    ...nextUser(),
  });
  const { exit, stop, ended } = supervised(child);

  const output = capture(limits.outputBytes, () => stop("output"));
  const stdout = output.add(child.stdout!);
  const stderr = output.add(child.stderr!);
  child.stdin!.on("error", () => {}).end(stdin ?? "");
  const channel = child.stdio[3] as Duplex;
  const lines = readLines(channel, limits.outputBytes + 1024, () => stop("output"));
  const send = (json: string): void => void channel.write(`${json}\n`);
  void exit.then(lines.end);

  send(JSON.stringify({ ...task, limits: kernelLimits(limits) }));
  const timer = setTimeout(() => stop("timeout"), START_LIMIT);
  const first = await lines.next();
  clearTimeout(timer);
  if (first !== '"ready"') {
    stop("done");
    const { error } = await exit;
    throw new StartFailed(error?.message ?? (stderr().trim().split("\n").at(-1) || "it ended before Python began"));
  }
  return {
    send,
    receive: lines.next,
    get waiting() {
      return lines.waiting;
    },
    stop,
    cpuTime: () => cpuTimeOf(child.pid!),
    ended: ended(stdout, stderr),
  };
}
