import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** A chat completion request as OpenAI's clients send it. */
export interface ChatRequest {
  model: string;
  messages: { role: string; content: string }[];
  temperature?: number;
  top_p?: number;
  max_tokens?: number;
  stop?: string[];
  seed?: number;
}

/** What a handler wants sent: a text; a status with headers; any body; or a fault of the connection. */
export type ServerReply =
  | string
  | {
      text: string;
      /** What the model thought, for protocols that send it apart. */
      thinking?: string;
      finish?: string;
      usage?: null | { prompt_tokens: number; completion_tokens: number };
    }
  | { status: number; headers?: Record<string, string>; message?: string; code?: string }
  | { raw: string }
  | { fault: "reset" | "cut" | "stall" };

/** A server of a provider's protocol on a free port of loopback. */
export interface LocalServer<Request> {
  /** Base address, without a path. */
  origin: string;
  requests: Request[];
  /** Headers of the requests, in order. */
  headers: IncomingHttpHeaders[];
  /** Requests whose client left before the answer was whole. */
  left(): number;
  close(): Promise<void>;
}

/** A local server that speaks OpenAI's chat protocol, counts, and does what the handler says. */
export interface OpenAiServer extends LocalServer<ChatRequest> {
  /** Base address, to be used as OPENAI_BASE_URL. */
  url: string;
}

/** Starts the server on a free port of loopback. `count` is 0 for the first request. */
export async function startOpenAiServer(
  handler: (request: ChatRequest, count: number) => ServerReply | Promise<ServerReply>,
): Promise<OpenAiServer> {
  const requests: ChatRequest[] = [];
  const server = createServer((message, response) => {
    void answer(message, response, (request) => handler(request, requests.push(request) - 1));
  });
  const listening = await listen(server);
  return { ...listening, url: `${listening.origin}/v1`, requests };
}

/** Lets a server listen, and watches who comes and leaves. */
export async function listen(server: Server): Promise<Omit<LocalServer<never>, "requests">> {
  const headers: IncomingHttpHeaders[] = [];
  let left = 0;
  // Else a client on a busy machine may send into a connection that was just closed, and count a request that never came.
  server.keepAliveTimeout = 0;
  server.prependListener("request", (message, response) => {
    headers.push(message.headers);
    response.on("close", () => {
      if (!response.writableFinished) left += 1;
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    left: () => left,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

/** All of a request's body. */
export async function readBody(message: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of message) body += chunk;
  return body;
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  handler: (request: ChatRequest) => ServerReply | Promise<ServerReply>,
): Promise<void> {
  const request = JSON.parse(await readBody(message)) as ChatRequest;
  const reply = await handler(request);
  if (typeof reply === "object" && "fault" in reply)
    return sendFault(response, reply.fault, '{"id":"chatcmpl-1","choi');
  if (typeof reply === "object" && "raw" in reply) {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(reply.raw);
    return;
  }
  if (typeof reply === "object" && "raw" in reply) {
    response.writeHead(200, { "content-type": "application/json" });
    return void response.end(reply.raw);
  }
  if (typeof reply === "object" && "status" in reply) {
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    const { message: said = `status ${reply.status}`, code } = reply;
    response.end(JSON.stringify({ error: { message: said, ...(code ? { code, type: code } : {}) } }));
    return;
  }
  const { text, finish = "stop", usage } = typeof reply === "string" ? { text: reply } : reply;
  const counted = usage === undefined ? { prompt_tokens: 20, completion_tokens: 7 } : usage;
  response.writeHead(200, { "content-type": "application/json" });
  response.end(
    JSON.stringify({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 0,
      model: request.model,
      choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: finish }],
      ...(counted ? { usage: { ...counted, total_tokens: counted.prompt_tokens + counted.completion_tokens } } : {}),
    }),
  );
}

/** Breaks the connection: at once, after the beginning of an answer, or never answers. */
export function sendFault(response: ServerResponse, kind: "reset" | "cut" | "stall", beginning: string): void {
  if (kind === "stall") return;
  if (kind === "reset") return void response.socket?.destroy();
  response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
  response.write(beginning);
  setTimeout(() => response.socket?.destroy(), 20);
}
