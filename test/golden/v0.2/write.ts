// Writes the files of this folder. They were written once, by the code of version 0.2.0, and must stay as they are:
//   tsx test/golden/v0.2/write.ts FOLDER [PART …]   (in a checkout of version 0.2.0, with this folder copied into it)
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { createAgent } from "langchain";
import { evaluate, resolveMethods, type Problem } from "../../../src/evaluation/index.js";
import { createCope, openTape, sqliteJournal, type CopeOptions, type Journal } from "../../../src/index.js";
import { copeMiddleware, createCopeAgent } from "../../../src/integrations/index.js";
import { buildCopy, cope, startScript } from "../../support/cli.js";
import { mortal, type Mortal } from "../../support/mortal.js";
import { startOpenAiServer } from "../../support/openai-server.js";
import { adder } from "../../integrations/agents.js";
import {
  agentPair,
  choosing,
  coding,
  corridor,
  DOCUMENTS,
  numbers,
  PAIR,
  prepare,
  QUESTIONS,
  scattering,
  served,
  SUM,
  TAPED,
  TASKS,
  walking,
} from "./models.js";

const WRITTEN_BY = "0.2.0";
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as {
  version: string;
};
const [out, ...parts] = process.argv.slice(2);
if (out === undefined || manifest.version !== WRITTEN_BY)
  throw new Error(`run it under version ${WRITTEN_BY}, not ${manifest.version}, and name a folder to write to`);
mkdirSync(out, { recursive: true });

const home = mkdtempSync(join(tmpdir(), "cope-written-"));
const at = (name: string) => join(home, name);

/** Folds the log into the database, and writes it compressed. */
function keep(file: string, name: string): void {
  const db = new DatabaseSync(file);
  db.exec("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM");
  db.close();
  writeFileSync(join(out!, `${name}.gz`), gzipSync(readFileSync(file), { level: 9 }));
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  tape: writeTape,
  library: writeLibraryThreads,
  tasks: writeTaskThreads,
  agents: writeAgentThreads,
  recordings: writeRecordings,
  "command-line": writeCommandLine,
  documents: writeDocuments,
};
for (const [part, write] of Object.entries(PARTS)) if (parts.length === 0 || parts.includes(part)) await write();
rmSync(home, { recursive: true });
const size = readdirSync(out).reduce((sum, name) => sum + readFileSync(join(out, name)).length, 0);
console.error(`${size} bytes in ${resolve(out)}`);
process.exit(0);

/** A tape with plain calls and with calls of a tool. */
async function writeTape(): Promise<void> {
  const tape = openTape(at("tape.sqlite"));
  for (const { input, family, models } of TAPED)
    await createCope({ ...models(), family, tape })
      .compile()
      .invoke(input);
  tape.close();
  keep(at("tape.sqlite"), "tape.sqlite");
}

/** Checkpoints and journal as a program keeps them, in two files: one thread done, one whose process died, one that waits. */
async function writeLibraryThreads(): Promise<void> {
  const saver = SqliteSaver.fromConnString(at("checkpoints.sqlite"));
  const journal = sqliteJournal(at("journal.sqlite"));
  const base: CopeOptions = { family: "math", concurrency: 1 };
  const done = createCope({ ...base, ...scattering(), journal }).compile({ checkpointer: saver });
  await done.invoke({ question: QUESTIONS.hard }, config("finished"));

  await untilDeath(saver, journal, scattering(), 9, (life, models) =>
    createCope({ ...base, ...models, journal: life.journal })
      .compile({ checkpointer: life.saver })
      .invoke({ question: QUESTIONS.hard }, config("unfinished")),
  );

  const asking = createCope({ ...base, ...scattering(), journal, ask: { guideline: true } });
  await asking.compile({ checkpointer: saver }).invoke({ question: QUESTIONS.hard }, config("waiting"));
  journal.close();
  keep(at("checkpoints.sqlite"), "library-checkpoints.sqlite");
  keep(at("journal.sqlite"), "library-journal.sqlite");
}

/** Where a thread is, and that each step is saved before the next one begins. */
function config(thread: string) {
  return { configurable: { thread_id: thread }, durability: "sync" as const, recursionLimit: 60 };
}

type Models = ReturnType<typeof scattering>;

/** Runs until the small model is asked for the nth time, which its process does not survive. */
async function untilDeath(
  saver: SqliteSaver,
  journal: Journal,
  models: Models,
  nth: number,
  run: (life: Mortal, models: Models) => Promise<unknown>,
): Promise<void> {
  const life = mortal(saver, journal);
  const generate = models.small._generate.bind(models.small);
  let asked = 0;
  models.small._generate = (...given) => {
    asked += 1;
    if (asked === nth) life.die();
    return generate(...given);
  };
  void run(life, models).catch(() => {});
  await life.dead;
  await sleep(200);
}

/** Threads of other families: one done, one whose process died, and one that waits for leave to send. */
async function writeTaskThreads(): Promise<void> {
  const saver = SqliteSaver.fromConnString(at("tasks.sqlite"));
  const journal = sqliteJournal(at("tasks.sqlite"));
  for (const [name, { family, models, input }] of Object.entries(TASKS)) {
    const start = (options: CopeOptions, checkpointer: SqliteSaver, thread: string) =>
      createCope({ family, concurrency: 1, journal, ...options })
        .compile({ checkpointer })
        .invoke(input, config(`${name}, ${thread}`));
    await start(models(), saver, "finished");
    await untilDeath(saver, journal, models(), 11, (life, mortals) =>
      start({ ...mortals, journal: life.journal }, life.saver as SqliteSaver, "unfinished"),
    );
    await start({ ...models(), ask: { leaving: true, spendingAbove: 0 } }, saver, "waiting");
  }
  journal.close();
  keep(at("tasks.sqlite"), "tasks.sqlite");
}

/** Threads of an agent with our middleware and of one in a world: one whose process died, and one that waits. */
async function writeAgentThreads(): Promise<void> {
  const saver = SqliteSaver.fromConnString(at("agents.sqlite"));
  const journal = sqliteJournal(at("agents.sqlite"));
  const base = { journal, concurrency: 1 };
  const ask = { guideline: true };
  const tooled = ({ small, large }: Models, options: object, checkpointer = saver) =>
    createAgent({
      model: small,
      tools: [adder().add],
      middleware: [copeMiddleware({ ...base, large, ...options })],
      checkpointer,
    });
  const walked = (models: Models, options: object, checkpointer = saver) =>
    createCopeAgent({ ...base, ...models, environment: corridor(), checkpointer, ...options });
  const durable = (life: Mortal) => ({ journal: { ...life.journal, durable: true } });

  await untilDeath(saver, journal, agentPair(), 20, (life, mortals) =>
    tooled(mortals, durable(life), life.saver as SqliteSaver).invoke(SUM, config("tools, unfinished")),
  );
  await tooled(agentPair(), { ask }).invoke(SUM, config("tools, waiting"));

  await untilDeath(saver, journal, walking(), 14, (life, mortals) =>
    walked(mortals, durable(life), life.saver as SqliteSaver).invoke({}, config("world, unfinished")),
  );
  await walked(walking(), { ask }).invoke({}, config("world, waiting"));
  journal.close();
  keep(at("agents.sqlite"), "agents.sqlite");
}

/** Recordings of choices and of programs; that of mathematics is the command line's. */
async function writeRecordings(): Promise<void> {
  const WORDS = ["fine", "good", "bright", "dull", "poor", "broken"];
  const choices = ["yes", "no"];
  const choice = WORDS.map((word, i): Problem => ({
    id: `c${i}`,
    family: "choice",
    task: { question: `Is this review kind? It is a ${word} lamp.`, choices },
    gold: i < 3 ? "yes" : "no",
    about: {},
  }));
  const code = [1, 2, 3, 4].map((by): Problem => ({
    id: `f${by}`,
    family: "code",
    task: {
      question: `Write a function add(x) that adds ${by}.`,
      tests: [`assert add(1) == ${1 + by}`],
      entryPoint: "add",
      language: "python",
    },
    gold: { tests: [`assert add(5) == ${5 + by}`], setup: "", entryPoint: "add", language: "python" },
    about: {},
  }));
  const methods = resolveMethods(["cope", "large", "small", "majority"], { samples: 4 });
  const common = { methods, allDraws: true, concurrency: 1, atOnce: 1 };
  await evaluate({ ...common, data: "reviews", problems: choice, models: choosing(), tape: at("choice.sqlite") });
  const scoring = { name: "tests" };
  const tested = resolveMethods(["cascade", "large", "small"], { samples: 4, scoring });
  await evaluate({
    ...common,
    methods: tested,
    data: "adders",
    problems: code,
    models: coding(),
    tape: at("code.sqlite"),
  });
  keep(at("choice.sqlite"), "recording-choice.sqlite");
  keep(at("code.sqlite"), "recording-code.sqlite");
}

/** Threads, a recording of mathematics, a calibration, and the JSON that each command printed. */
async function writeCommandLine(): Promise<void> {
  const server = await startOpenAiServer(served);
  const slow = await startOpenAiServer(async (request) => {
    await sleep(60);
    return served(request);
  });
  const build = buildCopy();
  const run = async (...args: string[]) => {
    const end = await cope(build, args, { home, url: server.url });
    if (end.code !== 0) throw new Error(`${args.join(" ")}: ${end.stderr}`);
    return JSON.parse(end.stdout) as unknown;
  };
  const flags = [...PAIR, "--family", "math", "--checkpoint", "threads.sqlite", "--json"];
  const documents: Record<string, unknown> = {};

  documents["solve, accepted"] = await run("solve", QUESTIONS.easy, "--thread", "finished", ...flags);
  documents["solve, taken over"] = await run("solve", QUESTIONS.hard, "--thread", "hard", ...flags, "--trace");
  documents["solve, waiting"] = await run(
    "solve",
    QUESTIONS.hard,
    "--thread",
    "waiting",
    ...flags,
    "--ask",
    "guideline",
  );

  const killed = startScript(
    build.cli,
    ["solve", QUESTIONS.hard, "--thread", "unfinished", ...flags, "--concurrency", "3"],
    { home, url: slow.url },
  );
  while (slow.requests.length < 11 && killed.child.exitCode === null) await sleep(1);
  killed.child.kill("SIGKILL");
  const { signal } = await killed.ended;
  if (signal !== "SIGKILL") throw new Error("it was done before it could be killed");
  documents["threads list"] = await run("threads", "list", "--checkpoint", "threads.sqlite", "--json");
  keep(at("threads.sqlite"), "cli-threads.sqlite");

  writeFileSync(at("numbers.jsonl"), numbers.map((row) => JSON.stringify(row)).join("\n"));
  const recording = ["--tape", "recording-math.sqlite", "--json"];
  documents["eval"] = await run(
    "eval",
    "--data",
    "numbers.jsonl",
    "--methods",
    "cope,cope:s2s3,majority,large,small",
    "--samples",
    "4",
    "--all-draws",
    "--concurrency",
    "1",
    "--at-once",
    "1",
    ...PAIR,
    ...recording,
  );
  documents["replay"] = await run("replay", "--samples", "4", "--thresholds", "0.75,0.5", ...recording);
  documents["calibrate"] = await run(
    "calibrate",
    "--at-least-accuracy",
    "0.5",
    "--out",
    "calibration.json",
    ...recording,
  );
  keep(at("recording-math.sqlite"), "recording-math.sqlite");
  writeFileSync(join(out!, "calibration.json"), readFileSync(at("calibration.json")));
  writeFileSync(join(out!, "documents.json"), `${JSON.stringify(documents, null, 2)}\n`);
  build.remove();
  await server.close();
  await slow.close();
}

/** What the commands printed that read what was written before: of files of this folder. */
async function writeDocuments(): Promise<void> {
  prepare(home);
  const build = buildCopy();
  const documents = JSON.parse(readFileSync(join(import.meta.dirname, "documents.json"), "utf8")) as object;
  const printed: Record<string, unknown> = {};
  for (const [name, args] of Object.entries(DOCUMENTS)) {
    const end = await cope(build, [...args, "--json"], { home, env: { OLLAMA_MODELS: "none" } });
    if (end.stdout === "") throw new Error(`${args.join(" ")}: ${end.stderr}`);
    printed[name] = JSON.parse(end.stdout) as unknown;
  }
  build.remove();
  const text = JSON.stringify({ ...documents, ...printed }, null, 2).replaceAll(home, "HOME");
  writeFileSync(join(out!, "documents.json"), `${text}\n`);
}
