import { setTimeout as sleep } from "node:timers/promises";
import { startOpenAiServer, type ChatRequest, type OpenAiServer } from "../../test/support/openai-server.js";
import { faultAt, spoilt, type Fault, type Trouble } from "./faults.js";
import { play, type Said } from "./players.js";

/** A request as the server counts it: what it cost there, and whether the client was told. */
export interface Counted {
  model: "small" | "large";
  fault: Fault;
  input: number;
  output: number;
  billed: boolean;
  told: boolean;
}

/** A provider's server that plays both models for one run of an agent, with its troubles. */
export interface FaultServer extends Pick<OpenAiServer, "url" | "close"> {
  counted: Counted[];
  /** Requests that only ask what a model can do: one a model, process and server, before the run's first call. */
  probes(): number;
}

export async function startFaultServer(trouble: Trouble, seed: string, limitMs: number): Promise<FaultServer> {
  const counted: Counted[] = [];
  const tries = new Map<string, number>();
  let probes = 0;
  const server = await startOpenAiServer(async (request: Request) => {
    const body = JSON.stringify(request);
    if (request.tool_choice === "required") return ((probes += 1), { raw: reply(request, LOOK_UP, 1) });
    const nth = tries.get(body) ?? 0;
    tries.set(body, nth + 1);
    const which = `${seed} ${nth} ${body}`;
    const model = request.model.startsWith("small") ? "small" : "large";
    const fault = faultAt(trouble, model, which);
    const input = Math.ceil(body.length / 4);
    const said = play(request, model, seed);
    const sent = spoilt(fault, said, (altered, more) => reply(request, altered, input, more), { which, limitMs });
    // Nobody stops a server that stalls from writing on, as far as it was allowed to.
    const output = fault === "stall" ? mostOutput(request) : tokensOf(sent.said);
    counted.push({ model, fault, input, output, billed: sent.billed, told: sent.told });
    if (sent.waitMs) await sleep(sent.waitMs);
    return sent.reply;
  });
  return { url: server.url, close: server.close, counted, probes: () => probes };
}

type Request = ChatRequest & { tools?: unknown[]; tool_choice?: unknown; max_completion_tokens?: number };

const LOOK_UP: Said = { text: "", call: { name: "look_up", args: '{"word":"tree"}' } };

const mostOutput = ({ max_tokens: most, max_completion_tokens: completion }: Request): number =>
  completion ?? most ?? 0;

const tokensOf = ({ text, call }: Said): number => 2 + Math.ceil((text.length + (call ? call.args.length : 0)) / 4);

/** A chat completion as OpenAI's server writes it. */
function reply(
  request: ChatRequest,
  said: Said,
  input: number,
  more: { refusal?: string; uncounted?: true } = {},
): string {
  const { text, call } = said;
  const output = tokensOf(said);
  const toolCalls = call && [{ id: "call_1", type: "function", function: { name: call.name, arguments: call.args } }];
  const message = {
    role: "assistant",
    content: call || more.refusal ? null : text,
    ...(toolCalls ? { tool_calls: toolCalls } : {}),
    ...(more.refusal ? { refusal: more.refusal } : {}),
  };
  const choice = { index: 0, message, finish_reason: call ? "tool_calls" : "stop" };
  const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
  const head = { id: "chatcmpl-1", object: "chat.completion", created: 0, model: request.model, choices: [choice] };
  return JSON.stringify(more.uncounted ? head : { ...head, usage });
}
