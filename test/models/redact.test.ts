import * as fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { KEY_VARIABLES } from "../../src/models/providers.js";
import { redact } from "../../src/models/redact.js";

function stub(name: string, value: string): void {
  vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

const VARIABLES = [...new Set(Object.values(KEY_VARIABLES).flat())];

describe("redact", () => {
  it.each([...VARIABLES, "HF_TOKEN", "AWS_SECRET_ACCESS_KEY", "WATSONX_AI_APIKEY", "PROXY_PASSWORD", "my_api_key"])(
    "hides the value of %s wherever it stands",
    (name) => {
      const value = "plain+words.that(look)harmless";
      stub(name, value);
      expect(redact(`it was ${value}, then ${value}!`)).toBe("it was [private], then [private]!");
    },
  );

  it("leaves text alone where a variable is short or empty, or holds no secret", () => {
    stub("OPENAI_API_KEY", "none");
    stub("GROQ_API_KEY", "");
    stub("EDITOR", "harmless-editor");
    expect(redact("none of harmless-editor")).toBe("none of harmless-editor");
  });

  it.each([
    ["Incorrect API key provided: sk-abc1****************wxyz.", "Incorrect API key provided: [private]."],
    ["sk-proj-Ab_c-123456789012 and gsk_0123456789abcdef", "[private] and [private]"],
    ["AIzaSyA-0123456789abcdefghijklmnopqrstu", "[private]"],
    ["Authorization: Bearer abc.DEF-123456", "Authorization: Bearer [private]"],
    ["authorization: Basic dXNlcjpwYXNz", "authorization: Basic [private]"],
    ['{"api_key":"0123456789"}', '{"api_key":"[private]"}'],
    ["x-api-key: 0123456789", "x-api-key: [private]"],
    ["https://user:pass@host/v1", "https://[private]@host/v1"],
    ["openai:m@user:pass@host:80", "openai:m@[private]@host:80"],
    ["https://host/v1?key=abc123&model=m", "https://host/v1?key=[private]&model=m"],
    ["https://host/v1?a=1&access_token=abc#x", "https://host/v1?a=1&access_token=[private]#x"],
    ["https://host/?api-key=abc, and so on", "https://host/?api-key=[private], and so on"],
    ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[private]"],
  ])("%s", (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it.each([
    "maximum context length is 8192 tokens; your messages resulted in 9000 tokens",
    "the model gpt-4o-mini was not found at https://host:8080/v1/chat?model=gpt-4o",
    "key takeaways: a key-value store, task-oriented, asks-for, risk-free",
    "connect ECONNREFUSED 127.0.0.1:11434",
    "x = {1, 2}; \\frac{1}{2}; 3.14159",
  ])("leaves alone: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("takes anything, and never throws", () => {
    expect(redact(undefined)).toBe("undefined");
    expect(redact(Object.create(null))).toBe("[object Object]");
    expect(redact(Symbol("s"))).toBe("Symbol(s)");
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(redact(value)).toBeTypeOf("string");
      }),
    );
  });

  it("lets no key through, whatever is around it", () => {
    const key = "k3y-of_the.provider/0+1=";
    stub("OPENAI_API_KEY", key);
    const around = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(redact(before + key + after)).not.toContain(key);
      }),
    );
  });

  it("takes a long hostile text in stride", () => {
    for (const text of ["://".repeat(50_000), "?key=".repeat(50_000), "sk-".repeat(50_000), "Bearer ".repeat(50_000)]) {
      expect(redact(text).length).toBeGreaterThan(0);
    }
  });
});
