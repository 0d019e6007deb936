import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Command } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { createAgent } from "langchain";
import { describe, expect, it, onTestFinished } from "vitest";
import { readRecording, resolveMethods } from "../../src/evaluation/index.js";
import { createCope, openTape, Pending, sqliteJournal, type CopeOptions } from "../../src/index.js";
import { copeMiddleware, createCopeAgent, type AgentCope } from "../../src/integrations/index.js";
import { temporaryFolder } from "../support/folder.js";
import { adder } from "../integrations/agents.js";
import { commandLine, documents, PRINTED, WRITTEN, written } from "./command-line.js";
import { golden } from "./golden.js";
import { readCalibration, replay, summarise } from "./seams.js";
import {
  agentPair,
  corridor,
  numbers,
  PAIR,
  pair,
  QUESTIONS,
  scattering,
  TAPED,
  TASKS,
  walking,
} from "./v0.2/models.js";

/** The pair of the tape, which has nothing to say: what it is asked stands on the tape. */
const muted = () => pair(() => "");

/** What a resumed run of this version would pay again, or could not read. */
const REPAID =
  "a call that version 0.2.0 answered is asked again, so its request has changed: mend that, or say it in CHANGELOG.md and hold here what is asked again";

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

/** Where a thread is, and that each step is saved before the next one begins. */
const config = (thread: string) => ({
  configurable: { thread_id: thread },
  durability: "sync" as const,
  recursionLimit: 60,
});

/** Checkpoints and journal that version 0.2.0 wrote. */
function opened(checkpoints: string, journaled: string) {
  const checkpointer = SqliteSaver.fromConnString(checkpoints);
  const journal = sqliteJournal(journaled);
  onTestFinished(() => {
    journal.close();
    checkpointer.db.close();
  });
  /** Calls of a thread that were answered. */
  const answered = async (thread: string) =>
    (await journal.list(thread)).filter(({ attempt }) => attempt.state === "answered").length;
  return { checkpointer, journal, answered };
}

describe("threads that a program saved under version 0.2.0", () => {
  function library(options: CopeOptions = {}) {
    const saved = opened(written("library-checkpoints.sqlite"), written("library-journal.sqlite"));
    const { checkpointer, journal } = saved;
    const models = scattering();
    const base = { family: "math", concurrency: 1, ...models, journal } as const;
    return { graph: createCope({ ...base, ...options }).compile({ checkpointer }), ...saved, ...models };
  }

  it("the finished one holds its answer, and takes another question", async () => {
    const { graph } = library();
    const { values, next } = await graph.getState(config("finished"));
    expect(next).toEqual([]);
    expect(values.answer).toMatchObject({ value: "4711", stage: "takeover" });
    const { answer } = await graph.invoke({ question: QUESTIONS.hard }, config("finished"));
    expect(answer.value).toBe("4711");
    expect((await graph.getState(config("finished"))).values.turn).toBe(2);
  });

  it("the unfinished one comes to the same end, and pays for nothing that was answered", async () => {
    const { graph, journal, small, large } = library();
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
    const { graph, small, large } = library({ ask: { guideline: true } });
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

describe("threads of other families that a program saved under version 0.2.0", () => {
  function task(name: keyof typeof TASKS, options: CopeOptions = {}) {
    const file = written("tasks.sqlite");
    const saved = opened(file, file);
    const { checkpointer, journal } = saved;
    const { family, models: of } = TASKS[name];
    const models = of();
    const graph = createCope({ family, concurrency: 1, journal, ...models, ...options }).compile({ checkpointer });
    const finished = async () => (await graph.getState(config(`${name}, finished`))).values;
    return { graph, finished, ...saved, ...models };
  }

  /** The thread that waits for leave to send, and what it shows a person. */
  function waiting(name: keyof typeof TASKS) {
    const started = task(name, { ask: { leaving: true, spendingAbove: 0 } });
    const thread = config(`${name}, waiting`);
    const shown = async () => {
      const { tasks } = await started.graph.getState(thread);
      return tasks.flatMap(({ interrupts }) => interrupts).map(({ value }) => Pending.parse(value))[0];
    };
    return { ...started, thread, shown };
  }

  describe.each(["choice", "program"] as const)("of the task %j", (name) => {
    it("the unfinished one comes to the same end, and pays for nothing that was answered", async () => {
      const { graph, finished, answered, small, large } = task(name);
      const [before, whole] = [await answered(`${name}, unfinished`), await finished()];
      expect(before).toBe(10);
      const { answer } = await graph.invoke(null, config(`${name}, unfinished`));
      expect(answer).toEqual(whole.answer);
      expect(small.asked.length + large.asked.length, REPAID).toBe(whole.ledger!.calls - before);
    });

    it("the waiting one shows what would be sent, and the next stage when it is approved", async () => {
      const { graph, shown, thread, small } = waiting(name);
      expect(await shown()).toMatchObject({ asks: "sending", stage: "solo", reasons: ["spending", "leaving"] });
      expect(small.asked).toEqual([]);
      await graph.invoke(new Command({ resume: "approve" }), thread);
      expect(await shown()).toMatchObject({ asks: "sending", stage: "guided" });
    });
  });

  it("the waiting one is approved to its end, which is that of the finished one", async () => {
    const { graph, finished, shown, thread, small, large } = waiting("choice");
    for (let stages = 0; await shown(); stages += 1) {
      expect(stages).toBeLessThan(3);
      await graph.invoke(new Command({ resume: "approve" }), thread);
    }
    const whole = await finished();
    expect((await graph.getState(thread)).values.answer).toEqual(whole.answer);
    expect(small.asked.length + large.asked.length, REPAID).toBe(whole.ledger!.calls);
  });
});

describe("threads of agents that a program saved under version 0.2.0", () => {
  const ask = { guideline: true };

  function tooled(options: object = {}) {
    const file = written("agents.sqlite");
    const saved = opened(file, file);
    const { checkpointer, journal } = saved;
    const { small, large } = agentPair();
    const { add, added } = adder();
    const middleware = [copeMiddleware({ journal, concurrency: 1, large, ...options })];
    return {
      agent: createAgent({ model: small, tools: [add], middleware, checkpointer }),
      added,
      small,
      large,
      ...saved,
    };
  }

  function walked(options: object = {}) {
    const file = written("agents.sqlite");
    const saved = opened(file, file);
    const { checkpointer, journal } = saved;
    const { small, large } = walking();
    const agent = createCopeAgent({
      journal,
      concurrency: 1,
      small,
      large,
      environment: corridor(),
      checkpointer,
      ...options,
    });
    return { agent, small, large, ...saved };
  }

  it("with tools, the unfinished one goes on in its step, and runs no tool again", async () => {
    const { agent, added, small, large, journal } = tooled();
    const before = await journal.list("tools, unfinished");
    const isModels = ({ call }: { call: string }) => /^\d+\//.test(call);
    const answered = before.filter((entry) => isModels(entry) && entry.attempt.state === "answered").length;
    const lost = before.filter(isModels).length - answered;
    expect(before.length - answered - lost).toBe(1);
    // The middleware's part of the state is lost in the type of an agent whose options are not known.
    const { messages, cope } = (await agent.invoke(null, config("tools, unfinished"))) as unknown as {
      messages: { text: string }[];
      cope: AgentCope;
    };
    expect(messages.at(-1)!.text).toBe("9");
    expect(added).toEqual([{ a: 5, b: 4 }]);
    expect(small.asked.length + large.asked.length, REPAID).toBe(cope.bill.calls - lost - answered);
    golden("v0.2-agent-tools", { bill: cope.bill, answered, lost });
  });

  it("with tools, the waiting one shows its guideline, and takes the step when it is approved", async () => {
    const { agent, added, small, large } = tooled({ ask });
    const { tasks } = await agent.graph.getState(config("tools, waiting"));
    expect(Pending.parse(tasks[0]!.interrupts[0]!.value)).toMatchObject({
      asks: "guideline",
      guideline: "Add the first two.",
    });
    await agent.invoke(new Command({ resume: "approve" }), config("tools, waiting"));
    expect(added).toEqual([{ a: 2, b: 3 }]);
    const [first] = small.asked;
    expect(first!.stage, REPAID).toBe("guided");
    // Its guideline for the next step, which sees the tool's result.
    expect(
      large.asked.map(({ user }) => user.includes("add returned: 5")),
      REPAID,
    ).toEqual([true]);
  });

  it("in a world, the unfinished one walks on from where it stood", async () => {
    const { agent, small, large, answered } = walked();
    const before = await answered("world, unfinished");
    const { done, reward, steps } = await agent.invoke(null, config("world, unfinished"));
    expect({ done, reward }).toEqual({ done: true, reward: 1 });
    const commands = steps.map(({ command }: { command: string }) => command);
    golden("v0.2-agent-world", { before, commands, asked: small.asked.length + large.asked.length });
  });

  it("in a world, the waiting one shows its guideline, and walks on when it is approved", async () => {
    const { agent } = walked({ ask });
    const { tasks } = await agent.getState(config("world, waiting"));
    expect(Pending.parse(tasks[0]!.interrupts[0]!.value)).toMatchObject({
      asks: "guideline",
      guideline: "Look closely.",
    });
    const { done } = await agent.invoke(new Command({ resume: "approve" }), config("world, waiting"));
    expect(done).toBe(true);
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

  /** What threads of a file were started with. */
  function startedWith(file: string): Record<string, unknown> {
    const db = new DatabaseSync(file, { readOnly: true });
    const rows = db.prepare("SELECT thread, options FROM runs ORDER BY thread").all();
    db.close();
    return Object.fromEntries(rows.map(({ thread, options }) => [thread, JSON.parse(options as string) as unknown]));
  }

  it("what they were started with is saved in the same form today, and still binds", async () => {
    const { cope, end, home } = await commandLine();
    const [before, now] = [written("cli-threads.sqlite"), join(home, "now.sqlite")];
    const flags = [...PAIR, "--family", "math", "--checkpoint", now];
    await cope("solve", QUESTIONS.easy, "--thread", "finished", ...flags);
    await cope("solve", QUESTIONS.hard, "--thread", "waiting", ...flags, "--ask", "guideline");
    expect(startedWith(before)).toMatchObject(startedWith(now));
    golden("v0.2-started-with", startedWith(before));
    const resumed = (...more: string[]) => end("solve", "--thread", "waiting", "--checkpoint", before, ...more);
    const changed = await resumed("--seed", "7");
    expect(changed).toMatchObject({ exit: 2, out: "" });
    expect(changed.said).toContain("[OPTIONS_CHANGED]");
    expect(await resumed(...PAIR, "--family", "math", "--ask", "guideline", "--answer", "approve")).toMatchObject({
      exit: 0,
    });
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
