import { describe, expect, it } from "vitest";
import { golden, type Values } from "./golden.js";
import {
  canonicalRequest,
  deriveSeed,
  embedRequest,
  executeRequest,
  families,
  gradeMessages,
  JUDGE_TOKENS,
  pairMessages,
  parametersOf,
  planRequest,
  requestKey,
  resolveStages,
  Stage,
  strategies,
  sumOf,
  wordingOf,
  type Judged,
  type ModelRequest,
  type PlanRequest,
  type ShownPlans,
} from "./seams.js";
import { parsedTasks } from "./tasks.js";

const VOTES = { votes: [{ answer: "7", votes: 5 }, { answer: "8", votes: 3 }] } as const; // prettier-ignore
const FAILURES = { failures: [{ test: "assert f(1) == 2", why: "gave 3", samples: 2 }] } as const;

/** Every way in which a planner is asked. */
const PLANS: Readonly<Record<string, PlanRequest>> = {
  goal: { kind: "goal", style: "method" },
  guideline: { kind: "guideline", style: "method" },
  "guideline, worked": { kind: "guideline", style: "worked" },
  "guideline, critique": { kind: "guideline", style: "critique" },
  "guideline, critique of votes": { kind: "guideline", style: "critique", ...VOTES },
  "guideline, critique of failures": { kind: "guideline", style: "critique", ...FAILURES },
};

/** Every way in which plans are shown to an executor. */
const SHOWN: Readonly<Record<string, ShownPlans>> = {
  execute: {},
  "execute, goal": { goal: "Find the number." },
  "execute, guideline": { guideline: "Count twice." },
  "execute, both": { goal: "Find the number.", guideline: "Count twice." },
};

const MATH_WORDINGS = ["few-shot-a", "few-shot-b", "verify", "self-grade"];

const byName = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> => Object.fromEntries(entries);

const MODEL = { provider: "openai", model: "gpt-4o" };

/** A wish of the graph as it reaches the model `MODEL`. */
const keyOf = ({ messages, sampling, tools }: Omit<ModelRequest, "model">): string =>
  requestKey({ model: MODEL, messages, sampling, ...(tools ? { tools } : {}) });

describe("what models are asked stays as it is", () => {
  it("in the words of every family", () => {
    const prompts: Values = byName(
      parsedTasks().flatMap(({ name, family, task, isFirst }) => [
        ...Object.entries(isFirst ? PLANS : {}).map(
          ([how, request]) => [`${name}: ${how}`, family.prompts.plan(task, request)] as const,
        ),
        ...Object.entries(isFirst ? SHOWN : { "execute, both": SHOWN["execute, both"]! }).map(
          ([how, shown]) => [`${name}: ${how}`, family.prompts.execute(task, shown)] as const,
        ),
      ]),
    );
    golden("prompts", prompts);
  });

  it("with the tools, the grammar and the limits of every family", () => {
    golden(
      "limits",
      byName(
        parsedTasks().map(({ name, family: { prompts }, task }) => [
          name,
          { tools: prompts.tools?.(task), grammar: prompts.grammar?.(task), limits: prompts.limits },
        ]),
      ),
    );
    expect(Object.keys(families)).toEqual([...new Set(parsedTasks().map(({ name }) => name.split(",")[0]!))]);
  });

  it("by a judge, and by methods that bring words of their own", () => {
    const talk: Judged = { question: "Name two uses of salt." };
    const whole: Judged = { ...talk, history: [{ role: "user", content: "Hello." }], reference: "Food and ice." };
    const long = { question: "salt ".repeat(40) };
    const answer = { index: 0, text: "Food." };
    const wordings = parsedTasks()
      .filter(({ isFirst }) => isFirst)
      .flatMap(({ name, family, task }) =>
        (family.name === "math" ? MATH_WORDINGS : ["self-grade"]).map(
          (wording) => [`${name}: ${wording}`, wordingOf(family, wording).messages(task, { answer })] as const,
        ),
      );
    golden("judge-prompts", {
      "a pair": pairMessages(talk, "Food.", "Ice.", 1000),
      "a pair, with all there is": pairMessages(whole, "Food.", "Ice.", 1000),
      "a grade": gradeMessages(talk, "Food.", 1000),
      "a grade, with all there is": gradeMessages(whole, "Food.", 1000),
      "a grade, cut": gradeMessages(long, "ice ".repeat(40), 60),
      tokens: JUDGE_TOKENS,
      ...byName(wordings),
    });
  });

  it("under the keys that tapes and journals have for it", () => {
    const [solo, guided, takeover] = resolveStages("cope");
    const tuned = Stage.parse({
      ...solo,
      plan: { ...solo!.plan, maxTokens: 40 },
      execute: { ...solo!.execute, maxTokens: 99 },
    });
    const text = { role: "small", stage: "solo", call: "1/solo/0/execute/embed", text: "seven" };
    golden("request-keys", {
      ...byName(
        parsedTasks().flatMap(({ name, family, task }) => {
          const asking = { family, task, seed: 7 };
          return [
            ...Object.entries(PLANS).map(([how, { style, kind, ...critique }]) => {
              const stage = kind === "goal" ? solo! : guided!;
              const id = kind === "goal" ? "1/solo/0" : "1/guided";
              return [`${name}: ${how}`, keyOf(planRequest({ ...asking, stage, id }, style, critique))] as const;
            }),
            ...Object.entries(SHOWN).map(
              ([how, shown]) =>
                [
                  `${name}: ${how}`,
                  keyOf(executeRequest({ ...asking, stage: guided!, id: "2/guided/3" }, shown)),
                ] as const,
            ),
            [
              `${name}: takeover`,
              keyOf(executeRequest({ ...asking, stage: takeover!, id: "1/takeover/0" }, {})),
            ] as const,
            [
              `${name}: log-probabilities`,
              keyOf(executeRequest({ ...asking, stage: solo!, id: "1/solo/0" }, {}, ["logprobs"])),
            ] as const,
            [`${name}: own limits`, keyOf(executeRequest({ ...asking, stage: tuned, id: "1/solo/0" }, {}))] as const,
            [
              `${name}: own limits of a goal`,
              keyOf(planRequest({ ...asking, stage: tuned, id: "1/solo/0" }, "method")),
            ] as const,
          ];
        }),
      ),
      "a vector": keyOf(embedRequest(text)),
    });
  });
});

describe("what a request is known by stays as it is", () => {
  const user = { role: "user", content: "What is six times seven?" } as const;
  const plain: ModelRequest = {
    model: MODEL,
    messages: [user],
    sampling: { temperature: 0.4, maxTokens: 256, seed: 3 },
  };
  const call = { id: "call_0", name: "add", args: { b: 2, a: [1, { y: null, x: "é" }] } };
  const REQUESTS: Readonly<Record<string, ModelRequest>> = {
    plain,
    "embedded weights": {
      ...plain,
      model: { provider: "llama", model: "qwen2.5-coder-0.5b", digest: "ab".repeat(32), engine: "node-llama-cpp" },
    },
    "every field of sampling": {
      ...plain,
      sampling: {
        ...plain.sampling,
        topP: 0.9,
        stop: ["\n"],
        logprobs: true,
        topLogprobs: 5,
        grammar: "root ::= [0-9]+",
      },
    },
    "log-probabilities not wanted": { ...plain, sampling: { ...plain.sampling, logprobs: false } },
    "no tools": { ...plain, tools: [] },
    tools: { ...plain, tools: [{ name: "add", description: "Adds.", schema: { type: "object", properties: {} } }] },
    "tool calls": {
      ...plain,
      messages: [
        user,
        { role: "assistant", content: "", toolCalls: [call] },
        { role: "tool", content: "3", toolCallId: "call_0", name: "add" },
      ],
    },
  };

  it("by its canonical text and its key", () => {
    golden(
      "canonical-requests",
      byName(
        Object.entries(REQUESTS).map(([name, request]) => [
          name,
          { key: requestKey(request), text: canonicalRequest(request) },
        ]),
      ),
    );
  });

  it("by the sum of a recorded reply", () => {
    const reply = JSON.stringify({ text: "42", usage: { inputTokens: 12, outputTokens: 34 }, finish: "stop", ms: 250 });
    const row = {
      key: requestKey(plain),
      model: "gpt-4o",
      request: canonicalRequest(plain),
      reply,
      at: "2026-01-01T00:00:00.000Z",
    };
    golden("tape-rows", { sum: sumOf(row.key, reply), columns: Object.keys(parametersOf(row)) });
  });

  it("by the seeds of its samples", () => {
    const stages = [...new Set(Object.values(strategies).flatMap((list) => list.map(({ name }) => name)))];
    const calls = stages.flatMap((stage) => [
      `1/${stage}/guideline`,
      ...[0, 1, 7].flatMap((index) => [`1/${stage}/${index}/goal`, `1/${stage}/${index}/execute`]),
      `2/${stage}/0/execute`,
    ]);
    golden(
      "seeds",
      byName([0, 1, 4711].flatMap((seed) => calls.map((id) => [`${seed}: ${id}`, deriveSeed(seed, id)]))),
    );
  });
});
