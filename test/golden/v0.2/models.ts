import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Environment } from "../../../src/environments/index.js";
import { scriptedModel, type FullReply, type ScriptedModel } from "../../../src/testing/index.js";
import { calls } from "../../integrations/agents.js";
import { ggufFile } from "../../models/llama/gguf-file.js";
import { LARGE, purposeOf, SMALL } from "../../support/cascade-server.js";
import type { ChatRequest, ServerReply } from "../../support/openai-server.js";

/** The questions that the saved threads were asked. */
export const QUESTIONS = { easy: "Easy: how many ways are there?", hard: "In how many ways can it be done?" } as const;

/** A fraction in [0, 1) of a text: chance that repeats. */
function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * What the local server answers, by model, seed and question alone, so that a prompt in other words gets the same answer. On
 * the hard question no two small samples agree.
 */
export function served(request: ChatRequest): ServerReply {
  const { model, seed = 0, messages } = request;
  const usage = { prompt_tokens: 40, completion_tokens: 12 };
  const purpose = purposeOf(request);
  if (purpose === "goal") return { text: `Find the number of case ${seed % 7}.`, usage };
  if (purpose === "guideline") return { text: "Count with care.", usage };
  const question = messages.at(-1)!.content;
  const number = Number(/number (\d+)/.exec(question)?.[1]);
  if (Number.isInteger(number)) return { text: boxed(fallible(model === LARGE ? 0.8 : 0.6, number, seed)), usage };
  if (question.includes("Easy")) return { text: boxed(42), usage };
  return { text: boxed(model === LARGE ? 4711 : 1000 + (seed % 100_003)), usage };
}

const boxed = (value: number) => `Counting gives it. The final answer is $\\boxed{${value}}$.`;

const fallible = (right: number, number: number, seed: number) =>
  fraction(`${number}/${seed}`) < right ? number : number + 1 + (seed % 3);

/** Rows of `numbers.jsonl`, whose answers stand in their questions. */
export const numbers = Array.from({ length: 12 }, (_, i) => ({
  id: `p${i}`,
  question: `Which is the number ${10 + i}?`,
  answer: String(10 + i),
  level: String(1 + (i % 3)),
}));

/** The pair that the server poses as, as flags. */
export const PAIR = ["--small", `openai:${SMALL}`, "--large", `openai:${LARGE}`];

/** A pair that answers by the sample's seed and the last message. */
export function pair(reply: (asked: { user: string; seed: number; isLarge: boolean }) => string | FullReply) {
  const one = (name: string): ScriptedModel =>
    scriptedModel(
      ({ purpose, user, seed }) =>
        purpose === "goal" || purpose === "guideline"
          ? "Look closely."
          : reply({ user, seed, isLarge: name === LARGE }),
      { as: `test:${name}` },
    );
  return { small: one(SMALL), large: one(LARGE) };
}

/** On the hard question no two small samples agree. */
export const scattering = () => pair(({ seed, isLarge }) => boxed(isLarge ? 4711 : 1000 + (seed % 100_003)));

/** Answers multiple choice: the large model is right more often. */
export const choosing = () =>
  pair(({ user, seed, isLarge }) => {
    const kind = /fine|good|bright/.test(user);
    return fraction(`${user.slice(0, 60)}/${seed}`) < (isLarge ? 0.9 : 0.6) === kind ? "yes" : "no";
  });

/** Writes programs: the large model's are right, the small one's now and then. */
export const coding = () =>
  pair(({ user, seed, isLarge }) => {
    const by = Number(/adds (\d+)/.exec(user)![1]);
    const off = isLarge || fraction(`${by}/${seed}`) < 0.4 ? 0 : 1;
    return `\`\`\`python\ndef add(x):\n    return x + ${by + off}\n\`\`\``;
  });

/** Calls the tool that it is offered. */
export const calling = () =>
  pair(() => ({ text: "", toolCalls: [{ name: "look_up", args: { word: "tree" } }], finish: "tool_calls" }));

/** The tool that is offered. */
export const TOOLS = [
  {
    name: "look_up",
    description: "Looks a word up.",
    schema: { type: "object", properties: { word: { type: "string" } }, required: ["word"] },
  },
];

/** Writes programs in JavaScript: the large model's are right, the small one's never. */
export const programming = () =>
  pair(({ isLarge, seed }) => {
    const by = isLarge ? 3 : 4 + (seed % 100_003);
    return `\`\`\`javascript\nfunction add(x) {\n  return x + ${by};\n}\n\`\`\``;
  });

/** What threads of other families were asked. */
export const TASKS = {
  choice: {
    family: "choice",
    models: choosing,
    input: { question: "Is this review kind? It is a plain lamp.", given: { choices: ["yes", "no", "unsure"] } },
  },
  program: {
    family: "code",
    models: programming,
    input: {
      question: "Write a function add(x) that adds 3.",
      given: { language: "javascript", entryPoint: "add", tests: ["assert.deepEqual(add(1), 4)"] },
    },
  },
} as const;

/**
 * An agent's models, by the results of tools that they see. At its first step no two samples agree, and a guideline settles it; at
 * its second the large model stands in; then all is known.
 */
export function agentPair() {
  const one = (name: string): ScriptedModel =>
    scriptedModel(
      ({ purpose, messages, seed, stage }) => {
        if (purpose === "guideline") return "Add the first two.";
        const step = messages.filter(({ role }) => role === "tool").length;
        if (step > 1) return "9";
        if (name === LARGE || (step === 0 && stage === "guided")) return step === 0 ? calls(2, 3) : calls(5, 4);
        return calls(1000 + (seed % 100_003), step);
      },
      { as: `test:${name}` },
    );
  return { small: one(SMALL), large: one(LARGE) };
}

/** What the agent was asked. */
export const SUM = { messages: [{ role: "user" as const, content: "How much is 2 + 3 + 4?" }] };

/** A corridor of three doors, of which the last leads out. */
export function corridor(): Environment {
  let at = 0;
  return {
    goal: "Leave the corridor.",
    get done() {
      return at === 3;
    },
    observe: () => `You stand before door ${at}.`,
    actions: () => (at === 3 ? [] : ["open the door", "wait", "knock"]),
    step(command) {
      if (command === "open the door") at += 1;
      return { observation: `You stand before door ${at}.`, done: at === 3, reward: at === 3 ? 1 : 0 };
    },
    save: () => ({ at }),
    restore: (saved) => void ({ at } = saved as { at: number }),
  };
}

/** Who walks the corridor: the small model knocks or waits at the second door, until it is told better. */
export const walking = () =>
  pair(({ user, seed, isLarge }) =>
    isLarge || !user.includes("door 1") ? "open the door" : ["knock", "wait", "open the door"][seed % 3]!,
  );

/** Runs that the tape holds, by name: plain calls, and calls of a tool. */
export const TAPED = [
  {
    name: "plain calls",
    input: { question: "Which is the number 12?" },
    family: "math",
    models: () => pair(() => boxed(12)),
  },
  {
    name: "calls of a tool",
    input: { question: "What is a tree?", given: { tools: TOOLS } },
    family: "action",
    models: calling,
  },
] as const;

const WEIGHTS = "hf:someone/Tiny-GGUF/tiny.gguf";

/** Commands that read files of this folder, by what they print. In this order: some of them change what the next one finds. */
export const DOCUMENTS: Readonly<Record<string, readonly string[]>> = {
  "compare-scorers": ["compare-scorers", "--tape", "recording-math.sqlite", "--samples", "4"],
  "calibrate --out": "calibrate --tape recording-math.sqlite --at-least-accuracy 0.5 --out again.json".split(" "),
  "calibrate --check": ["calibrate", "--check", "recording-math.sqlite", "--calibration", "calibration.json"],
  "replay --grid": ["replay", "--tape", "recording-math.sqlite", "--grid", "--steps", "0.5", "--samples", "4"],
  "tape info": ["tape", "info", "recording-math.sqlite"],
  "tape draws": ["tape", "draws", "recording-math.sqlite", "--out", "draws.jsonl"],
  "tape export": ["tape", "export", "tape.sqlite", "--out", "calls.jsonl"],
  "tape import": ["tape", "import", "other.sqlite", "calls.jsonl"],
  "tape repair": ["tape", "repair", "other.sqlite"],
  "threads rm": ["threads", "rm", "waiting", "--checkpoint", "cli-threads.sqlite"],
  "models pull": ["models", "pull", WEIGHTS, "--mirror", "stick"],
  "models list": ["models", "list"],
  "models path": ["models", "path", WEIGHTS],
  "models rm": ["models", "rm", WEIGHTS],
  doctor: ["doctor"],
};

/** Fills a home with what these commands read. */
export function prepare(home: string): void {
  for (const name of ["recording-math.sqlite", "tape.sqlite", "cli-threads.sqlite"])
    writeFileSync(join(home, name), gunzipSync(readFileSync(join(import.meta.dirname, `${name}.gz`))));
  copyFileSync(join(import.meta.dirname, "calibration.json"), join(home, "calibration.json"));
  const folder = join(home, "stick/hf/someone/Tiny-GGUF");
  const weights = ggufFile({ "general.architecture": "llama", "general.name": "Tiny" }, [1000]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tiny.gguf"), weights);
  writeFileSync(join(folder, "tiny.gguf.sha256"), `${createHash("sha256").update(weights).digest("hex")}  tiny.gguf\n`);
}
