import { randomUUID } from "node:crypto";
import {
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { CopeError } from "../errors.js";

/** How a lock is kept and waited for; milliseconds. */
export interface LockOptions {
  signal?: AbortSignal;
  /** Told once, with the process id and machine of the owner, before waiting. */
  onWait?(owner: string): void;
  /** Makes the error that is thrown at once where the owner lives, instead of waiting for it. */
  refuse?(owner: string): Error;
  /** Makes the reason that `work` is aborted with when another process took the lock over. */
  lost?(): Error;
  /** How often the owner shows that it lives. @default 2000 */
  beatMs?: number;
  /** Without a sign of life for so long, an owner counts as dead. @default 30000 */
  staleMs?: number;
  /** How often a waiting process looks. @default 250 */
  pollMs?: number;
}

/**
 * Does a piece of work that only one process at a time may do, and waits while another one does it. The lock is a file
 * with its owner's process id, touched as long as the owner lives. It is taken over from an owner whose process is gone,
 * or that gave no sign of life.
 *
 * @param file - the lock's own file; its folder must exist.
 * @param work - its signal also aborts when the lock was lost, as after the machine slept.
 * @throws what the work throws; the signal's reason when aborted.
 */
export async function withLock<T>(
  file: string,
  work: (signal: AbortSignal) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const { signal, beatMs = 2000, lost: whyLost = () => takenOver(file) } = options;
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), space: processSpace(), id: randomUUID() });
  await take(file, mine, options);
  const lost = new AbortController();
  const beat = setInterval(() => {
    if (read(file)?.text === mine) touch(file);
    else lost.abort(whyLost());
  }, beatMs).unref();
  try {
    return await work(signal ? AbortSignal.any([signal, lost.signal]) : lost.signal);
  } finally {
    clearInterval(beat);
    if (read(file)?.text === mine) rmSync(file, { force: true });
  }
}

function takenOver(file: string): CopeError {
  return new CopeError("PULL_FAILED", `another process took ${file} over.`, "pull again.");
}

async function take(file: string, mine: string, options: LockOptions): Promise<void> {
  const { signal, staleMs = 30_000, pollMs = 250 } = options;
  let told = false;
  // Its own clock, not the file's time: machines that share a folder need not agree on the time.
  let seen = { sign: "", at: 0 };
  for (;;) {
    signal?.throwIfAborted();
    if (create(file, mine)) return;
    const lock = read(file);
    if (!lock) continue;
    const sign = `${lock.text} ${lock.mtimeMs}`;
    const beats = seen.sign.startsWith(lock.text) && sign !== seen.sign;
    if (sign !== seen.sign) seen = { sign, at: performance.now() };
    const owner = ownerOf(lock.text);
    const isHere = owner?.host === hostname() && (owner.space ?? null) === processSpace();
    const gone = isHere && !isAlive(owner.pid);
    if (gone || performance.now() - seen.at > staleMs) {
      takeAway(file, lock.text);
      continue;
    }
    const who = owner && `process ${owner.pid} on ${owner.host}`;
    // Of another machine's process only its next beat says that it lives; the process id here may be a new one's.
    const lives = beats || (isHere && Date.now() - lock.mtimeMs < staleMs);
    if (who && lives && options.refuse) throw options.refuse(who);
    if (!told && who) options.onWait?.(who);
    told = true;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

function create(file: string, text: string): boolean {
  try {
    const handle = openSync(file, "wx");
    writeSync(handle, text);
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Removes a dead owner's lock. Two processes may find it dead: only what was found dead is removed. */
function takeAway(file: string, text: string): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const other = read(aside)?.text;
  // A third process was faster, and it is its lock that was moved: put back, or its heartbeat finds the loss.
  if (other !== undefined && other !== text) create(file, other);
  rmSync(aside, { force: true });
}

function read(file: string): { text: string; mtimeMs: number } | undefined {
  try {
    return { text: readFileSync(file, "utf8"), mtimeMs: statSync(file).mtimeMs };
  } catch {
    return undefined;
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Removed at this moment: the next beat sees it.
  }
}

/** Where process ids mean the same. Containers may share a host name and a folder, and never see each other's processes. */
function processSpace(): string | null {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    // Not Linux: the host name has to do.
    return null;
  }
}

interface Owner {
  pid: number;
  host: string;
  space?: string | null;
}

function ownerOf(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch {
    // Created and not yet written: the owner's next beat tells.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
