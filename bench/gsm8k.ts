/**
 * The cascade on GSM8K with the embedded pair, beside the large model alone.
 *
 *   tsx bench/gsm8k.ts --data ../shared/data/gsm8k/test.jsonl --seed 1 --minutes 45
 *   tsx bench/gsm8k.ts --draws bench/recorded/gsm8k-votes.jsonl     completes every drawn stage to all its samples, and writes
 *                                                                    their votes for bench/early-stop.ts
 *
 * Problems come in an order fixed by the seed; no new one is begun when the time is up. Draws are kept on a tape, and
 * finished problems in a file of JSON lines, by number and without their text: an interrupted run goes on where it was.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import {
  createCope,
  createMath,
  openTape,
  strategies,
  type LedgerEntry,
  type Sample,
  type Verdict,
} from "../src/index.js";
import { answerClasses } from "../src/scorers/classes.js";
import { samplesOf } from "../src/nodes/carry.js";
import { wilson } from "../src/evaluation/numbers/wilson.js";

const { values: args } = parseArgs({
  options: {
    data: { type: "string", default: "../shared/data/gsm8k/test.jsonl" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "45" },
    limit: { type: "string", default: "1319" },
    tape: { type: "string", default: "runs/gsm8k.sqlite" },
    out: { type: "string", default: "runs/gsm8k.jsonl" },
    draws: { type: "string" },
  },
});

/** One problem, done. Tokens are those of the large model. */
interface Row {
  id: number;
  right: boolean;
  aloneRight: boolean;
  stage: string;
  fallback: boolean;
  tokens: { input: number; output: number };
  aloneTokens: { input: number; output: number };
  seconds: number;
  aloneSeconds: number;
}

interface Run {
  answer: { value: string | null; stage: string; fallbackFrom?: string };
  samples: Sample[];
  verdicts: Verdict[];
  calls: LedgerEntry[];
}

const seed = Number(args.seed);
for (const file of [args.out, args.tape, args.draws ?? args.out]) mkdirSync(dirname(file), { recursive: true });
const tape = openTape(args.tape);
const family = createMath();
const place = (id: number) => createHash("sha256").update(`${seed}/${id}`).digest("hex");
const problems = readFileSync(args.data, "utf8")
  .trim()
  .split("\n")
  .map((line, id) => {
    const { question, answer } = JSON.parse(line) as { question: string; answer: string };
    return { id, question, gold: answer.split("####").at(-1)!.trim().replaceAll(",", "") };
  })
  .toSorted((a, b) => place(a.id).localeCompare(place(b.id)))
  .slice(0, Number(args.limit));

const rows: Row[] = existsSync(args.out)
  ? readFileSync(args.out, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Row)
  : [];
if (args.draws === undefined) await measure();
else await completeDraws(args.draws);
tape.close();
await family.close?.();

async function measure(): Promise<void> {
  const until = Date.now() + Number(args.minutes) * 60_000;
  const known = new Set(rows.map((row) => row.id));
  for (const { id, question, gold } of problems.filter((problem) => !known.has(problem.id))) {
    if (Date.now() > until) break;
    const { run, seconds } = await solve(question, "cope");
    const { run: alone, seconds: aloneSeconds } = await solve(question, "large");
    const row: Row = {
      id,
      right: await isRight(run, gold),
      aloneRight: await isRight(alone, gold),
      stage: run.answer.stage,
      fallback: run.answer.fallbackFrom !== undefined,
      tokens: tokensOf(run),
      aloneTokens: tokensOf(alone),
      seconds,
      aloneSeconds,
    };
    rows.push(row);
    appendFileSync(args.out, `${JSON.stringify(row)}\n`);
    console.error(
      `${rows.length}. problem ${id}: ${row.right ? "right" : "wrong"} in ${row.stage}, ${Math.round(seconds)} s; alone ${row.aloneRight ? "right" : "wrong"}, ${Math.round(aloneSeconds)} s`,
    );
  }
  report();
}

async function solve(question: string, strategy: string, wave?: "all"): Promise<{ run: Run; seconds: number }> {
  const stages = strategies[strategy]!.map((stage) =>
    wave ? { ...stage, execute: { ...stage.execute, wave } } : stage,
  );
  const began = Date.now();
  let run: unknown;
  const stream = await createCope({ family, tape, seed, stages })
    .compile()
    .stream({ question }, { streamMode: "values" });
  for await (const state of stream) run = state;
  return { run: run as Run, seconds: (Date.now() - began) / 1000 };
}

async function isRight({ answer }: Run, gold: string): Promise<boolean> {
  return answer.value !== null && (await family.same(gold, answer.value));
}

function tokensOf({ calls }: Run): Row["tokens"] {
  const large = calls.filter((call) => call.role === "large");
  const total = (pick: (call: LedgerEntry) => number | null) => large.reduce((sum, call) => sum + (pick(call) ?? 0), 0);
  return { input: total((call) => call.inputTokens), output: total((call) => call.outputTokens) };
}

/** The large model's cost as the paper counts it, in input tokens: output costs four times as much. */
function cost({ input, output }: Row["tokens"]): number {
  return input + 4 * output;
}

function report(): void {
  const n = rows.length;
  if (n === 0) return console.log("No problem is done yet.");
  const line = (right: (row: Row) => boolean, tokens: (row: Row) => Row["tokens"], seconds: (row: Row) => number) => {
    const hits = rows.filter(right).length;
    const [low, high] = wilson(hits, n);
    const mean = (pick: (row: Row) => number) => rows.reduce((sum, row) => sum + pick(row), 0) / n;
    return {
      accuracy: `${hits}/${n} = ${((100 * hits) / n).toFixed(1)} % [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`,
      "large out": mean((row) => tokens(row).output).toFixed(0),
      "large in + 4 out": mean((row) => cost(tokens(row))).toFixed(0),
      "s a problem": mean(seconds).toFixed(0),
    };
  };
  console.log(`GSM8K, ${n} problems, seed ${seed}, Wilson 95 % intervals, means a problem`);
  console.table({
    COPE: line(
      (row) => row.right,
      (row) => row.tokens,
      (row) => row.seconds,
    ),
    "large alone": line(
      (row) => row.aloneRight,
      (row) => row.aloneTokens,
      (row) => row.aloneSeconds,
    ),
  });
  const stages = Map.groupBy(rows, (row) => row.stage);
  console.table(
    Object.fromEntries(
      [...stages].map(([stage, ended]) => [
        stage,
        {
          ended: ended.length,
          right: ended.filter((row) => row.right).length,
          "large alone right": ended.filter((row) => row.aloneRight).length,
        },
      ]),
    ),
  );
  const paired = (mine: boolean, alone: boolean) =>
    rows.filter((row) => row.right === mine && row.aloneRight === alone).length;
  console.log(
    `only COPE right: ${paired(true, false)}; only the large model alone right: ${paired(false, true)}; fallbacks: ${rows.filter((row) => row.fallback).length}`,
  );
}

async function completeDraws(file: string): Promise<void> {
  const lines: string[] = [];
  const done = new Set(rows.map((row) => row.id));
  for (const { id, question } of problems.filter((problem) => done.has(problem.id))) {
    const { run } = await solve(question, "cope", "all");
    for (const stage of new Set(run.verdicts.map((verdict) => verdict.stage))) {
      const samples = samplesOf(stage, run.samples);
      const classes = await answerClasses(samples, family.same);
      const labels = samples.map((sample) => classes.findIndex(({ members }) => members.includes(sample.id)));
      lines.push(JSON.stringify({ id: String(id), stage, labels }));
    }
    writeFileSync(file, `${lines.join("\n")}\n`);
    console.error(`problem ${id}: all draws there`);
  }
}
