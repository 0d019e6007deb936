import { setTimeout as sleep } from "node:timers/promises";
import { startOpenAiServer, type ChatRequest, type OpenAiServer, type ServerReply } from "./openai-server.js";
import { chance, pick } from "./random.js";

/** Models of known prices, so that bills can be compared in dollars. */
export const SMALL = "gpt-4o-mini";
export const LARGE = "gpt-4o";

/** What kind of call a request is, by the wording of the math prompts. */
export function purposeOf({ messages }: ChatRequest): "goal" | "guideline" | "execute" {
  const system = messages[0]?.content ?? "";
  return /teacher/.test(system) ? "goal" : /coach/.test(system) ? "guideline" : "execute";
}

/**
 * The reply to a request, as a function of the request alone; it differs by seed. Small samples scatter so much that
 * most runs need all three stages, and one call in twelve is refused for its length: a failure that no retry mends.
 */
export function scattered(request: ChatRequest): ServerReply {
  const identity = JSON.stringify(request);
  const usage = { prompt_tokens: 20 + pick(50, `in ${identity}`), completion_tokens: 5 + pick(60, `out ${identity}`) };
  const purpose = purposeOf(request);
  if (purpose === "goal") return { text: `Find the number of case ${pick(1000, identity)}.`, usage };
  if (purpose === "guideline") return { text: `Count the cases of ${pick(1000, identity)} apart.`, usage };
  if (request.model === SMALL && chance(`refused ${identity}`) < 1 / 12)
    return { status: 400, message: "maximum context length is 12 tokens" };
  const value = 10 + pick(request.model === SMALL ? 6 : 90, identity);
  return { text: `Counting gives the result. The final answer is $\\boxed{${value}}$.`, usage };
}

/** Every sample says the same number: accepted in the first stage. */
export const agreed = (request: ChatRequest): ServerReply =>
  purposeOf(request) === "execute" ? "The final answer is $\\boxed{42}$." : "Find the number.";

/** A server of scattered replies that takes a while for each, as a function of the request. */
export function startScatteredServer(ms: { least: number; most: number }): Promise<OpenAiServer> {
  return startOpenAiServer(async (request) => {
    await sleep(ms.least + (ms.most - ms.least) * chance(`wait ${JSON.stringify(request)}`));
    return scattered(request);
  });
}
