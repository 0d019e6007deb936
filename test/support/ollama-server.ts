import { createServer, type ServerResponse } from "node:http";
import { listen, readBody, sendFault, type LocalServer, type ServerReply } from "./openai-server.js";

/** A chat request of Ollama's own protocol, as its client sends it. */
export interface OllamaRequest {
  model: string;
  messages: { role: string; content: string }[];
  stream: boolean;
  options: { temperature?: number; num_predict?: number; top_p?: number; stop?: string[]; seed?: number };
}

const V1_ANSWER = JSON.stringify({
  choices: [{ index: 0, message: { role: "assistant", content: "hello" }, finish_reason: "stop" }],
});

/** So many characters go into one line of a streamed answer, at least. */
const PIECE = 5;

/**
 * A local server that speaks Ollama's protocol (`POST /api/chat`, answers as lines of JSON, the last with `done` and the
 * counts), remembers what it was asked, and does what the handler says. `count` is 0 for the first request.
 */
export async function startOllamaServer(
  handler: (request: OllamaRequest, count: number) => ServerReply | Promise<ServerReply>,
): Promise<LocalServer<OllamaRequest>> {
  const requests: OllamaRequest[] = [];
  const server = createServer(async (message, response) => {
    const request = JSON.parse(await readBody(message)) as OllamaRequest;
    // Its OpenAI-compatible address, as old versions have it: what they do not know they pass over.
    if (message.url?.startsWith("/v1/"))
      return void response.writeHead(200, { "content-type": "application/json" }).end(V1_ANSWER);
    answer(request, response, await handler(request, requests.push(request) - 1));
  });
  return { ...(await listen(server)), requests };
}

function answer(request: OllamaRequest, response: ServerResponse, reply: ServerReply): void {
  if (typeof reply === "object" && "fault" in reply)
    return sendFault(response, reply.fault, `${line(request, "The")}{"mo`);
  if (typeof reply === "object" && "raw" in reply) {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    return void response.end(reply.raw);
  }
  if (typeof reply === "object" && "status" in reply) {
    response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
    return void response.end(JSON.stringify({ error: reply.message ?? `status ${reply.status}` }));
  }
  const { text, thinking = "", finish = "stop", usage } = typeof reply === "string" ? { text: reply } : reply;
  const counted = usage === undefined ? { prompt_tokens: 20, completion_tokens: 7 } : usage;
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  // As Ollama has it: what is thought comes first, with an empty content.
  for (const piece of pieces(thinking)) response.write(line(request, "", { done: false }, piece));
  for (const piece of pieces(text)) response.write(line(request, piece));
  const counts = counted ? { prompt_eval_count: counted.prompt_tokens, eval_count: counted.completion_tokens } : {};
  response.end(line(request, "", { done: true, done_reason: finish, total_duration: 5_000_000, ...counts }));
}

function pieces(text: string): string[] {
  const size = Math.max(PIECE, Math.ceil(text.length / 100));
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
}

function line({ model }: OllamaRequest, content: string, end: object = { done: false }, thinking = ""): string {
  const message = { role: "assistant", content, ...(thinking === "" ? {} : { thinking }) };
  return `${JSON.stringify({ model, created_at: "2026-01-01T00:00:00Z", message, ...end })}\n`;
}
