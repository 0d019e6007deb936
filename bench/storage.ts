// What saving costs, in microseconds, beside model calls that take a hundred thousand and more.
// Run by `tsx bench/storage.ts [folder]`; the folder decides which disk is measured.
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { emptyCheckpoint } from "@langchain/langgraph-checkpoint";
import { openSaver } from "../src/checkpoint/sqlite-saver.js";
import { sqliteJournal } from "../src/models/sqlite-journal.js";
import { openTape } from "../src/models/tape.js";
import type { ModelRequest, Reply } from "../src/models/types.js";

const ROUNDS = 2_000;
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "cope-bench-"));

/** A prompt and an answer as long as a worked school problem, with a log-probability for each token. */
const request = (seed: number): ModelRequest => ({
  model: { provider: "openai", model: "gpt-4o" },
  messages: [{ role: "user", content: "word ".repeat(200) }],
  sampling: { temperature: 0.4, maxTokens: 512, seed },
});
const reply: Reply = {
  text: "word ".repeat(250),
  usage: { inputTokens: 210, outputTokens: 260 },
  finish: "stop",
  logprobs: Array.from({ length: 260 }, (_, at) => -1 / (at + 3)),
  ms: 900,
};

async function measure(what: string, once: (round: number) => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await once(round);
    times.push((performance.now() - start) * 1_000);
  }
  times.sort((a, b) => a - b);
  const [median, p99] = [0.5, 0.99].map((share) => times[Math.floor(share * ROUNDS)]!.toFixed(0));
  console.log(`${what.padEnd(30)} median ${median!.padStart(5)} us   p99 ${p99!.padStart(6)} us`);
}

const tape = openTape(join(folder, "tape.sqlite"));
const journal = sqliteJournal(join(folder, "threads.sqlite"));
const { saver, close } = await openSaver(join(folder, "threads.sqlite"));
const key = (round: number) => ({ thread: "t", namespace: "", turn: 1, call: String(round), request: "r" });
const intent = { attempt: 1, state: "intent" } as const;
const answer = { attempt: 1, state: "answered", reply, cached: false } as const;
const config = { configurable: { thread_id: "t" } };
const metadata = { source: "loop", step: 0, parents: {} } as const;
const checkpoint = (round: number) => ({ ...emptyCheckpoint(), id: `${1e6 + round}`, channel_values: { reply } });

console.log(`${cpus()[0]?.model}, Node ${process.versions.node}, ${ROUNDS} rounds`);
await measure("tape write", (round) => tape.once(request(round), async () => reply));
await measure("tape hit", (round) => tape.once(request(round), () => Promise.reject(new Error("not on tape"))));
await measure("journal intent", (round) => journal.write(key(round), intent));
await measure("journal answer", (round) => journal.write(key(round), answer));
await measure("journal read", (round) => journal.read(key(round)));
await measure("checkpoint put", (round) => saver.put(config, checkpoint(round), metadata, {}));
for (const each of [tape.close, journal.close, close]) each();
rmSync(folder, { recursive: true });
