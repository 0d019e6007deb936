import { createServer } from "node:http";
import { listen, readBody, type ChatRequest, type LocalServer } from "./openai-server.js";

/** What is sent: the pieces of a text, and how the stream ends after them. */
export interface StreamedReply {
  pieces: readonly string[];
  /** `whole`: in good order; `closed`: without its end; `reset`: the connection breaks; `stall`: nothing more comes. @default "whole" */
  end?: "whole" | "closed" | "reset" | "stall";
}

/** A local server that speaks OpenAI's chat protocol, streaming where it is asked to. */
export async function startStreamingServer(
  handler: (request: ChatRequest & { stream?: boolean }, count: number) => StreamedReply | Promise<StreamedReply>,
): Promise<LocalServer<ChatRequest & { stream?: boolean }> & { url: string }> {
  const requests: (ChatRequest & { stream?: boolean })[] = [];
  const server = createServer(async (message, response) => {
    const request = JSON.parse(await readBody(message)) as ChatRequest & { stream?: boolean };
    const { pieces, end = "whole" } = await handler(request, requests.push(request) - 1);
    const usage = { prompt_tokens: 20, completion_tokens: pieces.length, total_tokens: 20 + pieces.length };
    const base = { id: "chatcmpl-1", created: 0, model: request.model };
    if (!request.stream) {
      const choice = { index: 0, message: { role: "assistant", content: pieces.join("") }, finish_reason: "stop" };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ ...base, object: "chat.completion", choices: [choice], usage }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (choices: object[], more = {}) =>
      response.write(`data: ${JSON.stringify({ ...base, object: "chat.completion.chunk", choices, ...more })}\n\n`);
    for (const content of pieces) {
      send([{ index: 0, delta: { role: "assistant", content }, finish_reason: null }]);
      await new Promise((sent) => setTimeout(sent, 5));
    }
    if (end === "stall") return;
    if (end === "reset") return void response.socket?.destroy();
    if (end === "whole") {
      send([{ index: 0, delta: {}, finish_reason: "stop" }]);
      send([], { usage });
      response.write("data: [DONE]\n\n");
    }
    response.end();
  });
  const listening = await listen(server);
  return { ...listening, url: `${listening.origin}/v1`, requests };
}
