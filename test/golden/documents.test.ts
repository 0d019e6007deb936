import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CopeError } from "../../src/index.js";
import { temporaryFolder } from "../support/folder.js";
import type { ChatRequest, ServerReply } from "../support/openai-server.js";
import { caught, commandLine, documents, offline, ownEnvironment, PRINTED } from "./command-line.js";
import { golden } from "./golden.js";
import { EXIT, printError } from "./seams.js";
import { shapeOf } from "./shape.js";
import { DOCUMENTS, numbers, PAIR, prepare, QUESTIONS } from "./v0.2/models.js";

/** A document without what differs from one machine or day to the next: folders, times, what is installed and running. */
function lasting(name: string, document: any, home: string): unknown {
  const text = JSON.stringify(document).replaceAll(home, "HOME").replaceAll("HOME/", "");
  const { madeAt: _, ...plain } = JSON.parse(text) as { madeAt?: string };
  if (name === "doctor") return (document.findings as { what: string }[]).map(({ what }) => what);
  if (name === "models list")
    return (document as { name: string; bytes: number }[]).map(({ name: model, bytes }) => [model, bytes]);
  return Array.isArray(document) ? (JSON.parse(text) as unknown) : plain;
}

/** Open answers with their log-probabilities, and a judge of them. */
function judging({ model, messages = [] }: Partial<ChatRequest>): ServerReply {
  const last = messages.at(-1)?.content ?? "";
  const verdict = /End with "(Verdict|Grade)/.exec(last)?.[1];
  const text =
    verdict === undefined ? `An answer of ${model}.` : `It says more.\n${verdict}: ${verdict === "Grade" ? 8 : "A"}`;
  const content = [{ token: text, logprob: -0.1, bytes: null, top_logprobs: [] }];
  const message = { role: "assistant", content: text };
  const choices = [{ index: 0, message, finish_reason: "stop", logprobs: { content } }];
  const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
  return { raw: JSON.stringify({ id: "r", object: "chat.completion", created: 1, model: "m", choices, usage }) };
}

describe("the documents that commands print stay as they are", () => {
  it("those of version 0.2.0's files: what it printed, and the shape of each", async () => {
    const { cope, home } = offline(undefined, { OLLAMA_MODELS: "none" });
    prepare(home);
    const inHome = (arg: string) => (/\.(?:sqlite|jsonl|json)$|^stick$/.test(arg) ? join(home, arg) : arg);
    const shapes: Record<string, unknown> = {};
    for (const [name, args] of Object.entries(DOCUMENTS)) {
      const document: unknown = await cope(...args.map(inHome));
      shapes[name] = shapeOf(document);
      const [is, was] = [document, documents[name]].map((whole) => ({ document: lasting(name, whole, home) }));
      expect(is, `${name}: ${PRINTED}`).toMatchObject(was!);
    }
    golden("document-shapes", shapes);
  });

  it("those of new work, by their shape", async () => {
    const { cope, home } = await commandLine();
    const [data, tape, saved] = ["numbers.jsonl", "new.sqlite", "threads.sqlite"].map((name) => join(home, name));
    writeFileSync(
      data!,
      numbers
        .slice(0, 2)
        .map((row) => JSON.stringify(row))
        .join("\n"),
    );
    const math = [...PAIR, "--family", "math", "--checkpoint", saved!];
    const sampled = ["--methods", "cope,large", "--samples", "2", "--all-draws", "--out", join(home, "out")];
    golden("new-document-shapes", {
      solve: shapeOf(await cope("solve", QUESTIONS.hard, "--thread", "hard", ...math, "--trace")),
      "solve --ask": shapeOf(await cope("solve", QUESTIONS.hard, "--thread", "waits", ...math, "--ask", "leaving")),
      "threads list": shapeOf(await cope("threads", "list", "--checkpoint", saved!)),
      eval: shapeOf(await cope("eval", "--data", data!, "--tape", tape!, ...sampled, ...PAIR)),
      replay: shapeOf(await cope("replay", "--tape", tape!, "--samples", "2", "--by", "level")),
    });
  });

  it("those of open answers, which a model judges, and of a model that is examined", async () => {
    const { cope, home } = await commandLine(judging);
    const [data, tape] = ["talks.jsonl", "talks.sqlite"].map((name) => join(home, name));
    const talk = {
      question_id: 81,
      category: "writing",
      turns: ["Write.", "Make it shorter."],
      reference: ["It.", ""],
    };
    writeFileSync(data!, JSON.stringify(talk));
    const models = [...PAIR, "--judge", "critic", "--model", "critic=openai:critic"];
    const sampled = ["--methods", "cope,large,small", "--samples", "2", "--out", join(home, "out")];
    golden("judged-document-shapes", {
      eval: shapeOf(await cope("eval", "--data", data!, "--tape", tape!, ...sampled, ...models)),
      "doctor --model": shapeOf(await cope("doctor", "--model", PAIR[1]!)),
    });
  });
});

describe("how the command line fails stays as it is", () => {
  it("in the two forms of an error", async () => {
    ownEnvironment(temporaryFolder());
    const error = new CopeError("KEY_MISSING", "there is no key", "set OPENAI_API_KEY, or run cope doctor.");
    const thrown = (fault: unknown, json: boolean) => caught(() => printError(fault, json));
    golden("error-forms", {
      "for people": await thrown(error, false),
      "for scripts": await thrown(error, true),
      "under npm": await (async () => {
        ownEnvironment(temporaryFolder(), { npm_command: "exec" });
        return thrown(error, false);
      })(),
      unforeseen: await thrown(new TypeError("x is not a function"), false),
    });
  });

  it("with the exit codes that scripts branch on", async () => {
    const { end, home } = offline();
    const none = join(home, "none.sqlite");
    const lines: Readonly<Record<string, readonly string[]>> = {
      "no argument": [],
      help: ["--help"],
      version: ["--version"],
      "an unknown command": ["solv"],
      "an unknown flag": ["solve", "x", "--nope"],
      "a group without a subcommand": ["tape"],
      "a wrong value": ["solve", "x", "--samples", "many"],
      "no question": ["solve", "--checkpoint", none],
      "an unknown thread": ["solve", "--thread", "t", "--checkpoint", none],
      "a thread that cannot be forgotten": ["threads", "rm", "t", "--checkpoint", none],
      "an unknown provider": ["solve", "x", "--small", "nobody:m", "--no-save"],
      "an unknown embedded model": ["models", "path", "nothing"],
      "no tape": ["replay", "--tape", none],
      "no data": ["eval", "--data", join(home, "none.jsonl")],
      "a doctor that is not content": ["doctor", "--json"],
    };
    const ends: Record<string, unknown> = {};
    for (const [name, args] of Object.entries(lines)) {
      const { exit, said } = await end(...args);
      ends[name] = { exit, code: /^(?:\[|\{"code":")([A-Z_]+)/m.exec(said)?.[1] ?? null };
    }
    golden("exits", ends);
    expect(new Set(Object.values(ends).map((ended) => (ended as { exit: number }).exit))).toContain(EXIT.usage);
  });
});
