import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CatalogEntry } from "../../../src/models/llama/catalog.js";

/** A small stand-in for weights. */
export const CONTENT = Buffer.from(`GGUF${"0123456789abcdef".repeat(40_000)}`);
export const sha256 = (data: Buffer) => createHash("sha256").update(data).digest("hex");

/** A catalog entry whose second source does not exist, unless one is given. */
export function entry(changes: Partial<CatalogEntry> = {}): CatalogEntry {
  return {
    name: "tiny",
    description: "a stand-in",
    licence: "none",
    contextLength: 64,
    parameters: 0.001,
    bytes: CONTENT.length,
    sha256: sha256(CONTENT),
    hub: { repo: "someone/tiny-GGUF", file: "tiny.gguf", quant: "Q4_0" },
    wheels: { packages: ["tiny-part1", "tiny-part2"], version: "1.0", suffix: ".bin" },
    ...changes,
  };
}

export interface Hub {
  url: string;
  /** Path and range of every request, in order. */
  seen: string[];
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** Starts a server; `count` is the number of earlier requests. A port is given to start one again. */
export async function serve(handler: Handler, port = 0): Promise<Hub> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.range ?? ""}`.trim());
    handler(request, response, seen.length - 1);
  });
  await new Promise<void>((ready) => server.listen(port, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Redirects to a content server, stating size and digest in the first answer, as the public hub does. */
export function redirecting(content: Handler, stated = sha256(CONTENT)): Handler {
  return (request, response, count) => {
    if (request.url === "/content") return content(request, response, count);
    const headers = { location: "/content", "x-linked-etag": `"${stated}"`, "x-linked-size": String(CONTENT.length) };
    response.writeHead(302, headers).end();
  };
}

/** Sends the content, or from the byte asked for. */
export const sendAll: Handler = (request, response) => {
  const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const rest = CONTENT.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length }).end(rest);
};

/** Sends half of what was asked for, then breaks the connection; or stays silent when `hang` is set. */
export function sendHalf(hang = false): Handler {
  return (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const rest = CONTENT.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length });
    response.write(rest.subarray(0, Math.ceil(rest.length / 2)), () => {
      if (!hang) response.destroy();
    });
  };
}

/** Announces the content, sends none of it, and breaks the connection. */
export const sendNothing: Handler = (_request, response) => {
  response.writeHead(200, { "content-length": CONTENT.length }).flushHeaders();
  setTimeout(() => response.destroy(), 20);
};
