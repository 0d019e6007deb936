import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Command } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { run } from "../../src/cli/program.js";
import { readRecording, resolveMethods } from "../../src/evaluation/index.js";
import { replay } from "../../src/evaluation/replay/index.js";
import { summarise } from "../../src/evaluation/summary/index.js";
import { readCalibration } from "../../src/graph/calibration.js";
import { createCope, openTape, sqliteJournal, type CopeOptions } from "../../src/index.js";
import { KEY } from "../support/cli.js";
import { temporaryFolder } from "../support/folder.js";
import { startOpenAiServer } from "../support/openai-server.js";
import { golden } from "./golden.js";
import { numbers, pair, QUESTIONS, scattering, served, TAPED } from "./v0.2/models.js";

const WRITTEN = join(import.meta.dirname, "v0.2");

/** A copy of what version 0.2.0 wrote, to be read and written on. */
function written(name: string): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, gunzipSync(readFileSync(join(WRITTEN, `${name}.gz`))));
  return file;
}

/** What its commands printed, by name. */
const documents = JSON.parse(readFileSync(join(WRITTEN, "documents.json"), "utf8")) as Record<string, any>;

/** The pair of the tape, which has nothing to say: what it is asked stands on the tape. */
const muted = () => pair(() => "");

/** Runs `cope` in this process against a server that counts. */
async function commandLine() {
  const server = await startOpenAiServer(served);
  onTestFinished(() => server.close());
  const home = temporaryFolder();
  const env = { COPE_HOME: home, HOME: home, OPENAI_BASE_URL: server.url, OPENAI_API_KEY: KEY };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  vi.stubEnv("npm_command", undefined);
  vi.stubEnv("npm_lifecycle_event", undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const cope = async (...args: string[]): Promise<any> => {
    const [out, said] = [[], []] as string[][];
    const spies = [
      vi.spyOn(process.stdout, "write").mockImplementation((text) => out!.push(String(text)) > 0),
      vi.spyOn(process.stderr, "write").mockImplementation((text) => said!.push(String(text)) > 0),
    ];
    const exit = await run([...args, "--json"]).finally(() => spies.forEach((spy) => spy.mockRestore()));
    if (exit !== 0) throw new Error(`cope ${args.join(" ")} ended with ${exit}: ${said!.join("")}`);
    return JSON.parse(out!.join("")) as unknown;
  };
  return { cope, server };
}

/** What a resumed run of this version would pay again, or could not read. */
const REPAID =
  "a call that version 0.2.0 answered is asked again, so its request has changed: mend that, or say it in CHANGELOG.md and hold here what is asked again";

/** What scripts of users read no longer stands in what a command prints. */
const PRINTED =
  "documents.json holds what version 0.2.0 printed, and scripts read it: keep the field, or say in CHANGELOG.md that it is gone and leave it out of the comparison here";

describe("a tape of version 0.2.0", () => {
  it.each(TAPED)("answers a run with $name, and no model is asked", async ({ input, family }) => {
    const tape = openTape(written("tape.sqlite"));
    onTestFinished(() => tape.close());
    const { small, large } = muted();
    const { answer, ledger } = await createCope({ small, large, family, tape }).compile().invoke(input);
    expect(small.asked.length + large.asked.length, REPAID).toBe(0);
    golden(`v0.2-tape-${family}`, { value: answer.value, stage: answer.stage, calls: ledger.calls });
  });
});

describe("threads that a program saved under version 0.2.0", () => {
  const config = (thread: string) => ({
    configurable: { thread_id: thread },
    durability: "sync" as const,
    recursionLimit: 60,
  });
  function opened(options: CopeOptions = {}) {
    const checkpointer = SqliteSaver.fromConnString(written("library-checkpoints.sqlite"));
    const journal = sqliteJournal(written("library-journal.sqlite"));
    onTestFinished(() => {
      journal.close();
      checkpointer.db.close();
    });
    const models = scattering();
    const base = { family: "math", concurrency: 1, ...models, journal } as const;
    return { graph: createCope({ ...base, ...options }).compile({ checkpointer }), journal, ...models };
  }

  it("the finished one holds its answer, and takes another question", async () => {
    const { graph } = opened();
    const { values, next } = await graph.getState(config("finished"));
    expect(next).toEqual([]);
    expect(values.answer).toMatchObject({ value: "4711", stage: "takeover" });
    const { answer } = await graph.invoke({ question: QUESTIONS.hard }, config("finished"));
    expect(answer.value).toBe("4711");
    expect((await graph.getState(config("finished"))).values.turn).toBe(2);
  });

  it("the unfinished one comes to the same end, and pays for nothing that was answered", async () => {
    const { graph, journal, small, large } = opened();
    const before = await journal.list("unfinished");
    const answered = before.filter(({ attempt }) => attempt.state === "answered");
    expect(answered.length).toBeGreaterThan(4);
    const { answer, ledger } = await graph.invoke(null, config("unfinished"));
    expect(answer).toMatchObject({ value: "4711", stage: "takeover" });
    const whole = (await graph.getState(config("finished"))).values.ledger!;
    expect(small.asked.length + large.asked.length, REPAID).toBe(whole.calls - answered.length);
    expect(ledger.calls - whole.calls).toBe(before.length - answered.length);
  });

  it("the waiting one is approved, and goes on without asking again what it had asked", async () => {
    const { graph, small, large } = opened({ ask: { guideline: true } });
    const { tasks } = await graph.getState(config("waiting"));
    expect(tasks[0]!.interrupts[0]!.value).toMatchObject({
      asks: "guideline",
      stage: "guided",
      guideline: "Look closely.",
    });
    const { answer } = await graph.invoke(new Command({ resume: "approve" }), config("waiting"));
    expect(answer).toMatchObject({ value: "4711", stage: "takeover" });
    const again = [...small.asked, ...large.asked].filter(({ purpose }) => purpose !== "execute");
    expect(again, REPAID).toEqual([]);
  });
});

describe("threads that the command line saved under version 0.2.0", () => {
  it("are listed as they were", async () => {
    const { cope } = await commandLine();
    const listed = await cope("threads", "list", "--checkpoint", written("cli-threads.sqlite"));
    expect(listed, PRINTED).toMatchObject(documents["threads list"]);
  });

  it.each([
    ["finished", "solve, accepted"],
    ["hard", "solve, taken over"],
  ])("the finished one %j prints its answer again", async (thread, name) => {
    const { cope, server } = await commandLine();
    const { trace: _, ...before } = documents[name];
    expect(
      await cope("solve", "--thread", thread, "--checkpoint", written("cli-threads.sqlite")),
      PRINTED,
    ).toMatchObject(before);
    expect(server.requests).toEqual([]);
  });

  it("the unfinished one comes to the same end, and pays for nothing that was answered", async () => {
    const { cope, server } = await commandLine();
    const file = written("cli-threads.sqlite");
    const journal = sqliteJournal(file);
    const answered = (await journal.list("unfinished")).filter(({ attempt }) => attempt.state === "answered").length;
    journal.close();
    const { answer, ledger } = await cope("solve", "--thread", "unfinished", "--checkpoint", file);
    expect(answer).toEqual(documents["solve, taken over"].answer);
    const { calls, byRole } = ledger;
    const lost = Object.values(byRole as Record<string, { lost: number }>).reduce((sum, role) => sum + role.lost, 0);
    expect(answered).toBeGreaterThan(4);
    expect(server.requests.length, REPAID).toBe(calls - lost - answered);
  });

  it("the waiting one shows what it showed, and is approved", async () => {
    const { cope, server } = await commandLine();
    const file = written("cli-threads.sqlite");
    const waiting = (...more: string[]) => cope("solve", "--thread", "waiting", "--checkpoint", file, ...more);
    const { pending, thread } = documents["solve, waiting"];
    expect(await waiting(), PRINTED).toMatchObject({ pending, thread });
    expect(server.requests).toEqual([]);
    const { answer } = await waiting("--answer", "approve");
    expect(answer).toEqual(documents["solve, taken over"].answer);
  });
});

describe("recordings of version 0.2.0", () => {
  const RECORDINGS = [
    { family: "math", methods: ["cope", "cope:s2s3", "majority", "large", "small"] },
    { family: "choice", methods: ["cope", "large", "small", "majority"] },
    { family: "code", methods: ["cascade", "large", "small"], scoring: { name: "tests" } },
  ];

  it.each(RECORDINGS)("of the family $family replay to the same table", async ({ family, methods, ...more }) => {
    const recorded = await readRecording(written(`recording-${family}.sqlite`));
    expect(recorded.unreadable).toBe(0);
    const summary = summarise(replay(recorded, { methods: resolveMethods(methods, { samples: 4, ...more }) }));
    const rows = summary.methods.map(({ name, n, right, failed, ends, costs }) => [
      name,
      {
        n,
        right,
        failed,
        ends: ends.map(({ stage, problems }) => `${stage} ${problems}`),
        large: costs.large.mean,
        calls: costs.calls,
      },
    ]);
    golden(`v0.2-table-${family}`, Object.fromEntries(rows));
  });

  it("are gone on with by `eval` without a call, to the same summary", async () => {
    const { cope, server } = await commandLine();
    const data = join(temporaryFolder(), "numbers.jsonl");
    writeFileSync(data, numbers.map((row) => JSON.stringify(row)).join("\n"));
    const tape = written("recording-math.sqlite");
    const models = ["--small", "openai:gpt-4o-mini", "--large", "openai:gpt-4o"];
    const methods = ["--methods", "cope,cope:s2s3,majority,large,small", "--samples", "4", "--all-draws"];
    const { recording, summary } = await cope("eval", "--data", data, "--tape", tape, ...methods, ...models);
    expect(server.requests.length, REPAID).toBe(0);
    const before = documents["eval"];
    expect(recording).toBe(before.recording);
    expect(summary.methods, PRINTED).toMatchObject(before.summary.methods);
  });

  it("are replayed by the command line to the document that it printed", async () => {
    const { cope } = await commandLine();
    const tape = written("recording-math.sqlite");
    const replayed = await cope("replay", "--samples", "4", "--thresholds", "0.75,0.5", "--tape", tape);
    const { tape: _, ...before } = documents["replay"];
    expect(replayed, PRINTED).toMatchObject(before);
  });
});

describe("a calibration of version 0.2.0", () => {
  it("loads, and decides the stages", async () => {
    const file = join(WRITTEN, "calibration.json");
    const calibration = readCalibration(file);
    expect(calibration).toMatchObject({ family: "math", name: documents["calibrate"].name });
    const graph = createCope({ ...scattering(), calibration: file }).compile();
    const names = calibration.stages.map(({ name }) => name);
    for (const name of names) expect(Object.keys(graph.nodes)).toContain(`${name}_execute`);
  });
});
