import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "./free-port.js";

const ROOT = join(import.meta.dirname, "../..");

/** One server-sent event of a streamed run. */
export interface RunEvent {
  event: string;
  data: any;
}

/** LangGraph's dev server on this project, as `npm run studio` starts it. */
export interface DevServer {
  get(path: string): Promise<any>;
  post(path: string, body?: object): Promise<any>;
  /** Streams a run to its end. */
  stream(path: string, body: object): Promise<RunEvent[]>;
  /** Ends the server with all its processes, and deletes what it wrote. */
  stop(): Promise<void>;
}

/**
 * Starts the dev server on a free port. It writes into the folder it runs in, so it runs in a folder of its own that
 * links to the project's parts.
 *
 * @param files - further files for that folder, by name; a `langgraph.json` among them is served instead of the project's
 * @throws when it does not answer within a minute: on a wrong configuration it lives on without serving
 */
export async function startDevServer(
  env: Record<string, string>,
  files: Record<string, string> = {},
): Promise<DevServer> {
  const folder = mkdtempSync(join(tmpdir(), "cope-dev-"));
  for (const name of ["langgraph.json", "package.json", "tsconfig.json"])
    copyFileSync(join(ROOT, name), join(folder, name));
  for (const name of ["src", "test", "node_modules"]) symlinkSync(join(ROOT, name), join(folder, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

  const port = await freePort();
  // Without its pre-script: a test installs nothing.
  const studio = ["run", "--ignore-scripts", "studio", "--", "--no-browser", "--port", String(port)];
  const server = spawn("npm", studio, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a process group of its own: the server is several processes deep
  });
  let log = "";
  for (const stream of [server.stdout, server.stderr]) stream.setEncoding("utf8").on("data", (text) => (log += text));
  const url = `http://127.0.0.1:${port}`;

  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      const closed = once(server, "close");
      process.kill(-server.pid!, "SIGKILL");
      await closed;
    }
    rmSync(folder, { recursive: true, force: true });
  };

  const deadline = Date.now() + 60_000;
  while (
    !(await fetch(`${url}/ok`).then(
      (answer) => answer.ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline || server.exitCode !== null) {
      await stop();
      throw new Error(`the dev server does not serve:\n${log}`);
    }
    await wait(100);
  }

  const send = async (path: string, init?: RequestInit) => {
    const answer = await fetch(url + path, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}\n${log}`);
    return answer;
  };
  const json = (body: object) => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return {
    get: async (path) => (await send(path)).json(),
    post: async (path, body = {}) => (await send(path, json(body))).json(),
    stream: async (path, body) => eventsOf(await (await send(path, json(body))).text()),
    stop,
  };
}

function eventsOf(text: string): RunEvent[] {
  return text.split(/\r?\n\r?\n/).flatMap((block) => {
    const event = /^event: ?(.*)$/m.exec(block)?.[1];
    // One value may be spread over several lines.
    const data = [...block.matchAll(/^data: ?(.*)$/gm)].map((line) => line[1]).join("\n");
    return event && data ? [{ event, data: JSON.parse(data) }] : [];
  });
}
