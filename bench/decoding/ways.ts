import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { run, SYSTEM, type Draw, type Drawn, type Load } from "./loads.js";
import { CONTEXT, SAMPLING, SLOTS, type Settings } from "./settings.js";

/** A way to draw samples. */
export interface Way {
  name: string;
  pid: number;
  run(load: Load): Promise<Drawn[]>;
  /** The most memory its process held so far, mapped weights included; undefined where the system does not say. */
  peakBytes(): number | undefined;
  close(): void;
}

/** A way that runs in `child.ts`. */
export async function inChild(name: string, way: "ours" | "plain", settings: Settings): Promise<Way> {
  const child = fork(fileURLToPath(new URL("child.ts", import.meta.url)), [way, JSON.stringify(settings)]);
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`${name} ended with code ${code}`);
  });
  const answer = () =>
    Promise.race([new Promise((accept) => void child.once("message", accept)), died]) as Promise<unknown>;
  await answer();
  return {
    name,
    pid: child.pid!,
    run(load) {
      child.send(load);
      return answer() as Promise<Drawn[]>;
    },
    peakBytes: () => peakBytes(child),
    close: () => void child.kill(),
  };
}

/** llama.cpp's own server, with as many slots as the others have sequences. */
export async function server(name: string, binary: string, { path, threads, tokens }: Settings): Promise<Way> {
  const port = await freePort();
  const options = {
    "--model": path,
    "--host": "127.0.0.1",
    "--port": port,
    "--threads": threads,
    "--threads-batch": threads,
    "--parallel": SLOTS,
    "--ctx-size": SLOTS * CONTEXT,
    "--n-gpu-layers": 0,
    // What is kept of finished prompts is never asked for here, and would count as memory.
    "--cache-ram": 0,
  };
  const child = spawn(binary, Object.entries(options).flat().map(String), {
    env: { ...process.env, LD_LIBRARY_PATH: dirname(binary) },
    stdio: "ignore",
  });
  const url = `http://127.0.0.1:${port}`;
  await healthy(url, child);
  const draw = async ({ prompt, seed }: Draw, onFirst: () => void) => {
    const { temperature, topP: top_p, topK: top_k, minP: min_p } = SAMPLING;
    const messages = [
      { role: "system", content: SYSTEM },
      { role: "user", content: prompt },
    ];
    const asked = { messages, seed, temperature, top_p, top_k, min_p, max_tokens: tokens, stream: true };
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ ...asked, stream_options: { include_usage: true } }),
    });
    let output = 0;
    let rest = "";
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop()!;
      for (const line of lines.filter((one) => one.startsWith("data: {"))) {
        const { choices, usage } = JSON.parse(line.slice(6)) as {
          choices: { delta: { content?: string } }[];
          usage?: { completion_tokens: number };
        };
        if (choices[0]?.delta.content) onFirst();
        output += usage?.completion_tokens ?? 0;
      }
    }
    return output;
  };
  return {
    name,
    pid: child.pid!,
    run: (load) => run(load, draw),
    peakBytes: () => peakBytes(child),
    close: () => void child.kill(),
  };
}

async function healthy(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const ended = child.exitCode ?? child.signalCode;
    if (ended !== null) throw new Error(`the server ended with ${ended}`);
    const ok = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error("the server does not answer");
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  return port;
}

function peakBytes({ pid }: ChildProcess): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined; // no Linux
  }
}
