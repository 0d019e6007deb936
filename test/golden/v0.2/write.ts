// Writes the files of this folder. They were written once, by the code of version 0.2.0, and must stay as they are:
//   tsx test/golden/v0.2/write.ts FOLDER   (in a checkout of version 0.2.0, with this folder copied into it)
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { evaluate, resolveMethods, type Problem } from "../../../src/evaluation/index.js";
import { createCope, openTape, sqliteJournal, type CopeOptions } from "../../../src/index.js";
import { buildCopy, cope, startScript } from "../../support/cli.js";
import { mortal } from "../../support/mortal.js";
import { startOpenAiServer } from "../../support/openai-server.js";
import { choosing, coding, numbers, PAIR, QUESTIONS, scattering, served, TAPED } from "./models.js";

const WRITTEN_BY = "0.2.0";
const manifest = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8")) as {
  version: string;
};
const [out] = process.argv.slice(2);
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

await writeTape();
await writeLibraryThreads();
await writeRecordings();
await writeCommandLine();
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
  const config = (thread: string) => ({
    configurable: { thread_id: thread },
    durability: "sync" as const,
    recursionLimit: 60,
  });

  const done = createCope({ ...base, ...scattering(), journal }).compile({ checkpointer: saver });
  await done.invoke({ question: QUESTIONS.hard }, config("finished"));

  const life = mortal(saver, journal);
  const models = scattering();
  let answers = 0;
  const generate = models.small._generate.bind(models.small);
  models.small._generate = (...given) => {
    answers += 1;
    if (answers === 9) life.die();
    return generate(...given);
  };
  const dying = createCope({ ...base, ...models, journal: life.journal }).compile({ checkpointer: life.saver });
  void dying.invoke({ question: QUESTIONS.hard }, config("unfinished")).catch(() => {});
  await life.dead;
  await sleep(200);

  const asking = createCope({ ...base, ...scattering(), journal, ask: { guideline: true } });
  await asking.compile({ checkpointer: saver }).invoke({ question: QUESTIONS.hard }, config("waiting"));
  journal.close();
  keep(at("checkpoints.sqlite"), "library-checkpoints.sqlite");
  keep(at("journal.sqlite"), "library-journal.sqlite");
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
