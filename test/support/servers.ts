import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { installLlamaServer, installOllama, llamaServer, ollama } from "../../scripts/test-parts.mjs";
import { listModels } from "../../src/models/llama/library.js";
import { freePort } from "./free-port.js";

const MODEL = "smollm2-135m-instruct";
const weights = listModels().find(({ name }) => name === MODEL);

/** A real server on loopback. */
export interface RealServer {
  /** Base address, without a path. */
  origin: string;
  /** What it calls the model. */
  model: string;
  /** Ends it with all its processes, and deletes what it wrote. */
  stop(): Promise<void>;
}

/** Whether a server and its model can be run here. Under `COPE_REQUIRE_ALL=1` what is absent is installed first. */
export const have = {
  weights: weights?.present ?? false,
  llamaServer: there(llamaServer, installLlamaServer),
  ollama: there(ollama, installOllama),
};

function there(binary: string, install: () => void): boolean {
  try {
    if (!existsSync(binary) && process.env["COPE_REQUIRE_ALL"] === "1") install();
  } catch (error) {
    console.error(String(error));
  }
  return existsSync(binary);
}

/** llama.cpp's server on the smallest model of the catalog, with four sequences. */
export async function startLlamaServer(): Promise<RealServer> {
  const port = await freePort();
  const libraries = dirname(llamaServer);
  const more = ["-t", "2", "-np", "4", "-c", "4096", "-ngl", "0", "--host", "127.0.0.1", "--port", String(port)];
  const stop = await start(
    llamaServer,
    ["-m", weights!.path, "--alias", "smol", ...more],
    { LD_LIBRARY_PATH: libraries },
    `http://127.0.0.1:${port}/health`,
  );
  return { origin: `http://127.0.0.1:${port}`, model: "smol", stop };
}

const MODELFILE = `FROM ${weights?.path}
TEMPLATE """{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
PARAMETER stop <|im_end|>
PARAMETER stop <|im_start|>
`;

/** Ollama on the same weights, in a home of its own. */
export async function startOllama(): Promise<RealServer> {
  const port = await freePort();
  const home = mkdtempSync(join(tmpdir(), "cope-ollama-"));
  const env = { HOME: home, OLLAMA_HOST: `127.0.0.1:${port}`, OLLAMA_MODELS: join(home, "models") };
  const origin = `http://127.0.0.1:${port}`;
  const end = await start(ollama, ["serve"], env, `${origin}/api/version`);
  const stop = async () => {
    await end();
    rmSync(home, { recursive: true, force: true });
  };
  const modelfile = join(home, "Modelfile");
  writeFileSync(modelfile, MODELFILE);
  const made = spawn(ollama, ["create", "smol", "-f", modelfile], {
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  const [code] = (await once(made, "close")) as [number | null];
  if (code === 0) return { origin, model: "smol", stop };
  await stop();
  throw new Error(`ollama create ended with ${code}`);
}

/** Starts a server as a process group of its own and waits until `ready` answers. */
async function start(binary: string, args: string[], env: Record<string, string>, ready: string) {
  const server = spawn(binary, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => (log = (log + text).slice(-4000)));
  const running = () => server.exitCode === null && server.signalCode === null;
  const kill = () => {
    if (running()) process.kill(-server.pid!, "SIGKILL");
  };
  // Also where the test's own process is ended.
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    if (!running()) return;
    const closed = once(server, "close");
    kill();
    await closed;
  };
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answers = await fetch(ready).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return stop;
    if (Date.now() > deadline || !running()) {
      await stop();
      throw new Error(`${binary} does not serve:\n${log}`);
    }
    await wait(100);
  }
}
