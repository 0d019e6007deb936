import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A chat completion request as OpenAI's clients send it. */
export interface ChatRequest {
  model: string;
  messages: { role: string; content: string }[];
  temperature?: number;
  max_tokens?: number;
  stop?: string[];
  seed?: number;
}

/** What a handler wants sent: a text; a status with headers; or a fault of the connection. */
export type ServerReply =
  | string
  | { text: string; finish?: string; usage?: null | { prompt_tokens: number; completion_tokens: number } }
  | { status: number; headers?: Record<string, string>; message?: string }
  | { fault: "reset" | "cut" | "stall" };

/** A local server that speaks OpenAI's chat protocol, counts, and does what the handler says. */
export interface OpenAiServer {
  /** Base address, to be used as OPENAI_BASE_URL. */
  url: string;
  requests: ChatRequest[];
  close(): Promise<void>;
}

/** Starts the server on a free port of loopback. `count` is 0 for the first request. */
export async function startOpenAiServer(
  handler: (request: ChatRequest, count: number) => ServerReply | Promise<ServerReply>,
): Promise<OpenAiServer> {
  const requests: ChatRequest[] = [];
  const server = createServer((message, response) => {
    void answer(message, response, (request) => handler(request, requests.push(request) - 1));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  handler: (request: ChatRequest) => ServerReply | Promise<ServerReply>,
): Promise<void> {
  let body = "";
  for await (const chunk of message) body += chunk;
  const request = JSON.parse(body) as ChatRequest;
  const reply = await handler(request);
  if (typeof reply === "object" && "fault" in reply) return fault(response, reply.fault);
  if (typeof reply === "object" && "status" in reply) {
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    response.end(JSON.stringify({ error: { message: reply.message ?? `status ${reply.status}` } }));
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

function fault(response: ServerResponse, kind: "reset" | "cut" | "stall"): void {
  if (kind === "stall") return;
  if (kind === "reset") return void response.socket?.destroy();
  response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
  response.write('{"id":"chatcmpl-1","choices":[');
  setTimeout(() => response.socket?.destroy(), 20);
}
