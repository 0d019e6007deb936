/**
 * Decoding speed of an embedded model, beside plain node-llama-cpp and llama.cpp's own server on the same weights and
 * threads: one sample, eight one after another, eight at once. Rounds go through all ways in turn, so that a machine
 * that slows down slows all of them. What was measured while other processes took more than a seventh of a core is
 * measured again. Progress goes to stderr.
 *
 * Usage: tsx bench/decoding.ts [--model NAME|PATH] [--rounds 5] [--tokens 96] [--threads 2] [--json FILE]
 * COPE_LLAMA_SERVER=PATH of llama.cpp's `llama-server`; without it that column is left out.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { locate } from "../src/models/llama/locate.js";
import { loads } from "./decoding/loads.js";
import { othersBetween, processorTimes } from "./decoding/company.js";
import { inChild, server, type Way } from "./decoding/ways.js";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "qwen2.5-coder-0.5b-instruct" },
    rounds: { type: "string", default: "5" },
    tokens: { type: "string", default: "96" },
    threads: { type: "string", default: "2" },
    json: { type: "string" },
  },
});
const settings = { path: locate(values.model), tokens: Number(values.tokens), threads: Number(values.threads) };
const binary = process.env["COPE_LLAMA_SERVER"];

interface Measured {
  way: string;
  load: string;
  tokensPerSecond: number;
  firstMs: number;
  tokens: number;
  /** Cores that other processes kept busy meanwhile. */
  others: number;
}

const QUIET_CORES = 0.15;
const TRIES = 20;

const ways: Way[] = [
  await inChild("langgraph-cope", "ours", settings),
  await inChild("node-llama-cpp sessions", "plain", settings),
  ...(binary ? [await server("llama.cpp's server", binary, settings)] : []),
];
const measured: Measured[] = [];
let first = 100;
try {
  // Round 0 is one sample a way, which loads weights and is not counted.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const [index] of loads(0)
      .slice(0, round === 0 ? 1 : undefined)
      .entries()) {
      for (const way of ways) {
        const one = await quietly(way, index);
        console.error(
          `${round} ${way.name}, ${one.load}: ${one.tokensPerSecond.toFixed(1)} (${one.others.toFixed(2)})`,
        );
        if (round > 0) measured.push(one);
      }
    }
  }
  console.log(table());
  if (!binary) console.log("\nCOPE_LLAMA_SERVER is not set: llama.cpp's server is left out.");
} finally {
  for (const way of ways) way.close();
}

/** Measures until the machine was quiet meanwhile; after many tries takes what there is. */
async function quietly(way: Way, index: number): Promise<Measured> {
  const pids = [process.pid, ...ways.map(({ pid }) => pid)];
  for (let tries = 1; ; tries += 1) {
    await untilQuiet(pids);
    const load = loads((first += 4))[index]!;
    const before = processorTimes(pids);
    const began = performance.now();
    const drawn = await way.run(load);
    const seconds = (performance.now() - began) / 1000;
    const others = othersBetween(before, processorTimes(pids), seconds);
    const tokens = drawn.reduce((sum, one) => sum + one.tokens, 0);
    if (others > QUIET_CORES && tries < TRIES) {
      console.error(`  again: other processes took ${others.toFixed(2)} cores`);
      continue;
    }
    return {
      way: way.name,
      load: load.name,
      tokensPerSecond: tokens / seconds,
      firstMs: median(drawn.map(({ firstMs }) => firstMs)),
      tokens: tokens / drawn.length,
      others,
    };
  }
}

/** Waits for a second in which nothing else runs; for ten minutes at most. */
async function untilQuiet(pids: number[]): Promise<void> {
  for (let second = 0; second < 600; second += 1) {
    const before = processorTimes(pids);
    await new Promise((wake) => setTimeout(wake, 1000));
    if (othersBetween(before, processorTimes(pids), 1) <= QUIET_CORES) return;
  }
}

function table(): string {
  const names = ways.map(({ name }) => name);
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const rows = loads(0).map(({ name: load }) => {
    const of = (way: string) => measured.filter((one) => one.way === way && one.load === load);
    const speed = names.map((way) => spread(of(way).map((one) => one.tokensPerSecond)));
    return row([load, ...speed, ...names.map((way) => spread(of(way).map((one) => one.firstMs / 1000)))]);
  });
  const memory = ways.map((way) => [way.name, way.peakBytes()] as const);
  if (values.json) {
    writeFileSync(values.json, JSON.stringify({ settings, measured, peakBytes: Object.fromEntries(memory) }, null, 1));
  }
  const head = ["", ...names.map((name) => `${name}, tokens/s`), ...names.map((name) => `${name}, first token, s`)];
  const peaks = memory.map(([name, bytes]) => `${name} ${bytes ? `${Math.round(bytes / 2 ** 20)} MiB` : "unknown"}`);
  const about = `${values.model}, ${cpus()[0]?.model}, ${values.threads} threads, at most ${values.tokens} tokens a sample`;
  const lengths = names.map((way) => median(measured.filter((one) => one.way === way).map((one) => one.tokens)));
  return [
    `${about}, ${values.rounds} rounds; median (least-most). Other processes took at most ${Math.max(...measured.map(({ others }) => others)).toFixed(2)} cores.\n`,
    row(head),
    row(["---", ...head.slice(1).map(() => "---:")]),
    ...rows,
    `\nPeak memory: ${peaks.join(", ")}. Tokens a sample: ${lengths.map((one) => one.toFixed(0)).join(", ")}.`,
  ].join("\n");
}

function spread(numbers: number[]): string {
  const show = (number: number) => number.toFixed(1);
  return `${show(median(numbers))} (${show(Math.min(...numbers))}-${show(Math.max(...numbers))})`;
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
