import { homedir } from "node:os";
import { join, resolve } from "node:path";

const NAME = "langgraph-cope";

/**
 * Folder of what can be fetched again: model weights and digests of files.
 *
 * @param env - environment to read; the process's own by default.
 * @returns absolute path, which need not exist yet: `$COPE_HOME/cache`, else `${XDG_CACHE_HOME:-~/.cache}/langgraph-cope`.
 */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return folder(env.COPE_HOME, "cache", env.XDG_CACHE_HOME, ".cache");
}

/**
 * Folder of what must be kept: threads and their journal.
 *
 * @param env - environment to read; the process's own by default.
 * @returns absolute path, which need not exist yet: `$COPE_HOME/state`, else
 *   `${XDG_STATE_HOME:-~/.local/state}/langgraph-cope`.
 */
export function stateDir(env: NodeJS.ProcessEnv = process.env): string {
  return folder(env.COPE_HOME, "state", env.XDG_STATE_HOME, join(".local", "state"));
}

// An empty variable counts as unset, as the XDG specification asks.
function folder(home: string | undefined, part: string, xdg: string | undefined, fallback: string): string {
  if (home) return resolve(home, part);
  return resolve(xdg || join(homedir(), fallback), NAME);
}
