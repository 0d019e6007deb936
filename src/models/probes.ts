import type { Ability, AbilityName } from "./abilities.js";

/** A tiny request, and what its answer shows. */
export interface Probe {
  /** Path below the base address; a leading `/../` is below the address's parent. */
  path: string;
  body: Record<string, unknown>;
  /** What an answer with status 200 shows. */
  judge(body: any): Pick<Ability, "has" | "why">;
}

export const CHAT = "/chat/completions";
const HELLO = [{ role: "user", content: "Say hello." }];

/** With so few tokens to write, a text that begins with all of the prefix can only have been handed on. */
const PREFIX = "Monday, Tuesday, Wednesday, Thursday, Fri";

const yes = (is: boolean, otherwise: string) => (is ? { has: true } : { has: false, why: otherwise });

/** By which request each ability is probed. */
export const PROBES: Record<AbilityName, Probe> = {
  logprobs: {
    path: CHAT,
    body: { messages: HELLO, max_tokens: 1, logprobs: true, top_logprobs: 1 },
    judge: (body) =>
      yes(
        typeof body.choices?.[0]?.logprobs?.content?.[0]?.logprob === "number",
        "it was asked for log-probabilities and returned none",
      ),
  },
  continuation: {
    path: CHAT,
    body: {
      messages: [
        { role: "user", content: "Name the days of the week." },
        { role: "assistant", content: PREFIX },
      ],
      temperature: 0,
      max_tokens: 4,
    },
    judge: (body) => {
      const text = String(body.choices?.[0]?.message?.content ?? "");
      if (text.startsWith(PREFIX) || /^day\b/.test(text)) return { has: true };
      return { has: "unknown", why: "it did not visibly go on from the middle of a word" };
    },
  },
  severalSamples: {
    path: CHAT,
    body: { messages: HELLO, max_tokens: 1, n: 2 },
    judge: (body) => yes(body.choices?.length === 2, "it was asked for 2 samples and returned another number"),
  },
  tools: {
    path: CHAT,
    body: {
      messages: [{ role: "user", content: 'Look up the word "tree".' }],
      max_tokens: 64,
      tool_choice: "required",
      tools: [
        {
          type: "function",
          function: {
            name: "look_up",
            description: "Looks a word up.",
            parameters: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
          },
        },
      ],
    },
    judge: (body) =>
      yes(
        body.choices?.[0]?.message?.tool_calls?.[0]?.function?.name === "look_up",
        "it had to call a tool and did not",
      ),
  },
  schema: {
    path: CHAT,
    body: {
      messages: HELLO,
      max_tokens: 64,
      response_format: {
        type: "json_schema",
        json_schema: {
          name: "answer",
          strict: true,
          schema: {
            type: "object",
            properties: { polite: { type: "boolean" } },
            required: ["polite"],
            additionalProperties: false,
          },
        },
      },
    },
    judge: (body) =>
      yes(
        typeof parsed(body.choices?.[0]?.message?.content)?.polite === "boolean",
        "its answer did not follow the schema",
      ),
  },
  embeddings: {
    path: "/embeddings",
    body: { input: "tree" },
    judge: (body) => yes(typeof body.data?.[0]?.embedding?.[0] === "number", "it returned no vector"),
  },
  tokenCount: {
    // llama.cpp's server reads `content`, vLLM's `prompt`; both answer with the tokens.
    path: "/../tokenize",
    body: { content: "a tree", prompt: "a tree" },
    judge: (body) => yes(Array.isArray(body.tokens), "it returned no tokens"),
  },
};

/** JSON, or undefined where it is none. */
export function parsed(text: unknown): any {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
