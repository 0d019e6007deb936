import { createHash } from "node:crypto";
import * as fc from "fast-check";
import type { ModelRequest } from "../../src/models/types.js";
import { describe, expect, it } from "vitest";
import { canonicalJson, canonicalRequest, requestKey } from "../../src/models/request-key.js";
import { request } from "./requests.js";

/** The same value with the keys of every object in reverse order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)]);
  return Object.fromEntries(entries.toReversed());
};

describe("the canonical JSON", () => {
  it("does not depend on the order of object keys, at any depth", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it("reads back as the value it was made of", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
  });
});

/** The key as the first version of a tape computed it, written down once more: it knew no tools. */
const firstKey = ({ model: { provider, model: name, digest, engine }, messages, sampling }: ModelRequest) => {
  const { temperature, topP, maxTokens, stop, seed, logprobs, topLogprobs } = sampling;
  const asked = {
    messages,
    model: { digest, engine, model: name, provider },
    sampling: { logprobs: logprobs || undefined, maxTokens, seed, stop, temperature, topLogprobs, topP },
  };
  const json = JSON.stringify(asked, (_, value: unknown) =>
    typeof value === "object" && value !== null && "role" in value && "content" in value
      ? { content: value.content, role: value.role }
      : value,
  );
  return createHash("sha256").update(json).digest("hex");
};

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyRequest: fc.Arbitrary<ModelRequest> = fc.record({
  model: fc.record({
    provider: fc.string(),
    model: fc.string(),
    digest: optional(fc.string()),
    engine: optional(fc.string()),
  }),
  messages: fc.array(
    fc.record({
      role: fc.constantFrom("system" as const, "user" as const, "assistant" as const),
      content: fc.string(),
    }),
  ),
  sampling: fc.record({
    temperature: fc.double({ noNaN: true, min: 0, max: 2 }),
    topP: optional(fc.double({ noNaN: true, min: 0, max: 1 })),
    maxTokens: fc.nat(),
    stop: optional(fc.array(fc.string())),
    seed: fc.nat(),
    logprobs: optional(fc.boolean()),
    topLogprobs: optional(fc.nat(20)),
  }),
});

describe("the key of a request", () => {
  const plain = request();
  const { model, sampling } = plain;

  it("is 64 hexadecimal digits and stays the same from release to release", () => {
    expect(requestKey(plain)).toBe("686e7405fc6b9759181bb6977553dbb6c719f07224ff4ef1bcd3686e52271954");
  });

  it("of a request without tools is the one that older tapes have it under", () => {
    expect(firstKey(plain)).toBe(requestKey(plain));
    fc.assert(
      fc.property(anyRequest, (asked) => {
        expect(requestKey(asked)).toBe(firstKey(asked));
        expect(requestKey({ ...asked, tools: [] })).toBe(firstKey(asked));
      }),
    );
  });

  const look = { name: "look_up", description: "Looks up.", schema: { type: "object", properties: {} } };
  const called = (word: string, id = "call00001") => ({
    messages: [
      ...plain.messages,
      { role: "assistant" as const, content: "", toolCalls: [{ id, name: "look_up", args: { word } }] },
      { role: "tool" as const, content: "a plant", toolCallId: id },
    ],
  });

  it("tells tools, calls and results apart", () => {
    const requests = [
      plain,
      { ...plain, tools: [look] },
      { ...plain, tools: [{ ...look, description: "Looks it up." }] },
      { ...plain, tools: [{ ...look, schema: { type: "object", properties: { word: {} } } }] },
      { ...plain, tools: [look, { ...look, name: "find" }] },
      { ...plain, ...called("tree") },
      { ...plain, ...called("oak") },
      { ...plain, ...called("tree", "call00002") },
    ];
    expect(new Set(requests.map(requestKey)).size).toBe(requests.length);
  });

  it("takes undefined for absent", () => {
    const spelled = request(0, {
      model: { ...model, digest: undefined, engine: undefined },
      sampling: { ...sampling, topP: undefined, stop: undefined },
    });
    expect(requestKey(spelled)).toBe(requestKey(plain));
  });

  it.each<[string, Partial<ModelRequest>]>([
    ["provider", { model: { ...model, provider: "ollama" } }],
    ["model", { model: { ...model, model: "gpt-4o-mini" } }],
    ["digest", { model: { ...model, digest: "ab" } }],
    ["engine", { model: { ...model, engine: "llama.cpp 3" } }],
    ["a message's text", { messages: [{ role: "user", content: "What is six times eight?" }] }],
    ["a message's role", { messages: [{ role: "system", content: plain.messages[0]!.content }] }],
    ["one more message", { messages: [...plain.messages, ...plain.messages] }],
    ["temperature", { sampling: { ...sampling, temperature: 0.5 } }],
    ["topP", { sampling: { ...sampling, topP: 0.9 } }],
    ["maxTokens", { sampling: { ...sampling, maxTokens: 257 } }],
    ["stop", { sampling: { ...sampling, stop: ["\n"] } }],
    ["seed", { sampling: { ...sampling, seed: 1 } }],
    ["the form of the text", { sampling: { ...sampling, grammar: 'root ::= "yes"' } }],
  ])("changes with %s", (_, change) => {
    expect(requestKey({ ...plain, ...change })).not.toBe(requestKey(plain));
  });

  it("changes with the order of messages", () => {
    const [a, b] = [{ role: "user", content: "a" } as const, { role: "user", content: "b" } as const];
    expect(requestKey({ ...plain, messages: [a, b] })).not.toBe(requestKey({ ...plain, messages: [b, a] }));
  });

  it("leaves out what identity and sampling do not have a field for, such as a key or a URL", () => {
    const loaded = request(0, {
      model: { ...model, apiKey: "sk-secret", baseURL: "https://proxy.example" } as typeof model,
      sampling: { ...sampling, headers: { authorization: "Bearer sk-secret" } } as typeof sampling,
    });
    expect(canonicalRequest(loaded)).toBe(canonicalRequest(plain));
  });
});
