// What the cascade costs beside the models' own time: instant fake models, n = 8, all three stages, every sample drawn,
// 26 calls. Run by `tsx bench/orchestration.ts [rounds]`; the start of the command line is measured on the built package.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { createCope, openSaver, openTape, sqliteJournal, strategies, type CopeOptions } from "../src/index.js";
import { FakeModel, isPlan } from "../test/support/fake-model.js";
import { plain } from "../test/support/plain-family.js";
import { bareGraph } from "./bare-graph.js";

const rounds = Number(process.argv[2] ?? 50);
const WARM_UP = 10;
const N = 8;
const folder = mkdtempSync(join(tmpdir(), "cope-bench-"));
const file = (name: string) => join(folder, name);

// No two samples agree, so that every stage is needed.
const model = () => new FakeModel((asked) => (isPlan(asked) ? "plan" : String(asked.seed)));
const stages = strategies["cope"]!.map((stage) => ({ ...stage, execute: { ...stage.execute, wave: "all" as const } }));
const cascade = (options: CopeOptions = {}) =>
  createCope({ family: plain, small: model(), large: model(), stages, ...options });

const tape = openTape(file("tape.sqlite"));
const journal = sqliteJournal(file("threads.sqlite"));
const { saver, close } = await openSaver(file("threads.sqlite"));
const sync = { durability: "sync" as const };
const input = { question: "q" };

const bareCompiled = bareGraph(model(), model(), N).compile();
const bare = () => bareCompiled.invoke(input);

/** Every way to run it, by what it adds. Each takes the round, to have threads and draws of its own. */
const ways: Record<string, (round: number) => Promise<unknown>> = {};
const cope = cascade().compile();
ways["cascade"] = () => cope.invoke(input);
const inThread = (round: number) => ({ configurable: { thread_id: `t${round}` } });
ways["+ journal in memory"] = (round) => cope.invoke(input, inThread(round));
const kept = cascade().compile({ checkpointer: new MemorySaver() });
ways["+ journal in memory, MemorySaver"] = (round) => kept.invoke(input, inThread(round));
const journaled = cascade({ journal }).compile();
ways["+ journal in SQLite"] = (round) => journaled.invoke(input, inThread(round));
const saved = cascade({ journal }).compile({ checkpointer: saver });
ways["+ journal and saver in SQLite"] = (round) =>
  saved.invoke(input, { configurable: { thread_id: `saved ${round}` } });
ways["+ journal and saver in SQLite, sync"] = (round) =>
  saved.invoke(input, { ...sync, configurable: { thread_id: `sync ${round}` } });
const taped = cascade({ tape }).compile();
ways["+ tape, recording"] = (round) => taped.invoke({ ...input, options: { seed: round } });
ways["+ tape, all recorded before"] = () => taped.invoke({ ...input, options: { seed: 0 } });
const easy = cascade({ small: new FakeModel(() => "agreed") }).compile();
ways["cascade, accepted in the first stage"] = () => easy.invoke(input);

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Medians in milliseconds of one way and of the bare graph, taken in turns: a busy moment of the machine meets both. */
async function beside(run: (round: number) => Promise<unknown>): Promise<{ own: number; base: number }> {
  const times = { own: [] as number[], base: [] as number[] };
  for (let round = -WARM_UP; round < rounds; round++) {
    // Who goes first changes too, for the garbage of one is collected in the time of the other.
    for (const which of round % 2 ? (["own", "base"] as const) : (["base", "own"] as const)) {
      const began = performance.now();
      await (which === "own" ? run(round + WARM_UP) : bare());
      if (round >= 0) times[which].push(performance.now() - began);
    }
  }
  return { own: median(times.own), base: median(times.base) };
}

console.log(`${cpus()[0]?.model}, Node ${process.versions.node}; medians of ${rounds}, n = ${N}\n`);
console.log(`${"".padEnd(38)} median   bare graph`);
let share = Infinity;
for (const [way, run] of Object.entries(ways)) {
  const { own, base } = await beside(run);
  if (way === "cascade") share = own / base;
  console.log(
    `${way.padEnd(38)} ${own.toFixed(1).padStart(6)} ms ${base.toFixed(1).padStart(6)} ms ${(own / base).toFixed(2).padStart(6)} x`,
  );
}
for (const each of [tape.close, journal.close, close]) each();
rmSync(folder, { recursive: true });
console.log();
limit("orchestration beside the bare graph", share, 1.2, "x");

const cli = join(import.meta.dirname, "../dist/cli/cope.js");
if (existsSync(cli)) {
  const starts = Array.from({ length: 11 }, () => {
    const began = performance.now();
    spawnSync(process.execPath, [cli, "--help"]);
    return (performance.now() - began) / 1000;
  });
  limit("start of cope --help", median(starts), 0.5, "s");
} else {
  console.log("start of cope --help: not measured, run `npm run build` first");
}
function limit(what: string, value: number, aim: number, unit: string): void {
  console.log(`${what}: ${value.toFixed(2)} ${unit}, aim ${aim} ${unit}: ${value <= aim ? "met" : "NOT MET"}`);
}
