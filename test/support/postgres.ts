import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPostgres, postgres as programs } from "../../scripts/test-parts.mjs";
import { freePort } from "./free-port.js";

/** Whether PostgreSQL can be run here. Under `COPE_REQUIRE_ALL=1` it is installed first. */
export const havePostgres = there();

function there(): boolean {
  try {
    if (process.env["COPE_REQUIRE_ALL"] === "1") installPostgres();
  } catch (error) {
    console.error(String(error));
  }
  return existsSync(join(programs, "pg_ctl"));
}

/** A server of its own in a folder of its own, on loopback. */
export interface Postgres {
  /** Address of its database `postgres`. */
  url: string;
  /** Ends its connections and starts it again on the same port. */
  restart(): void;
  /** Ends it, and deletes what it wrote. */
  stop(): void;
}

export async function startPostgres(): Promise<Postgres> {
  const home = mkdtempSync(join(tmpdir(), "cope-postgres-"));
  const [data, port] = [join(home, "data"), await freePort()];
  // It refuses to run as root.
  const asUser = process.getuid?.() === 0 ? ["runuser", "-u", "postgres", "--"] : [];
  if (asUser.length > 0) execFileSync("chown", ["postgres", home]);
  else chmodSync(home, 0o700);
  const run = (program: string, ...args: string[]) => {
    const [command, ...rest] = [...asUser, join(programs, program), ...args];
    execFileSync(command!, rest, { stdio: ["ignore", "ignore", "inherit"], cwd: "/" });
  };
  const control = (...args: string[]) => run("pg_ctl", "-D", data, "-w", "-s", ...args);
  // The machine stays up: only processes die, and nothing need be on the disk.
  const options = `-p ${port} -c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories=${home}`;
  const start = () => control("-l", join(home, "log"), "-o", options, "start");
  const stop = () => {
    process.off("exit", stop);
    try {
      if (existsSync(join(data, "postmaster.pid"))) control("-m", "immediate", "stop");
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  };
  // Also where the test's own process is ended.
  process.once("exit", stop);
  try {
    run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync");
    start();
  } catch (error) {
    stop();
    throw error;
  }
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    restart() {
      control("-m", "immediate", "stop");
      start();
    },
    stop,
  };
}
