// Agents against a provider's server that fails in every way: each run ends in an answer or a coded error, its ledger is the
// server's own count, and no budget is passed. Run by `npx tsx bench/agent-faults.ts --runs 300 --seed 0`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { sqliteJournal } from "../src/models/sqlite-journal.js";
import { LIMIT_MS } from "./agent-faults/faults.js";
import { runAll } from "./agent-faults/all.js";
import { tableOf } from "./agent-faults/table.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "300" },
    seed: { type: "string", default: "0" },
    /** How long clients wait for servers that may be silent; longer on a busy machine. */
    "limit-ms": { type: "string", default: String(LIMIT_MS) },
    /** Runs one of them alone, by its number. */
    only: { type: "string" },
  },
});
const home = mkdtempSync(join(tmpdir(), "cope-faults-"));
const journal = sqliteJournal(join(home, "journal.sqlite"));
const numbers = values.only === undefined ? [...Array(Number(values.runs)).keys()] : [Number(values.only)];
const began = performance.now();
const ends = await runAll(numbers, values.seed, { durable: journal, limitMs: Number(values["limit-ms"]) });
journal.close();
rmSync(home, { recursive: true });

console.log(tableOf(ends));
ends.forEach(({ wrong, fault, end, budget }, i) => {
  const all = Object.values(wrong).flat();
  if (all.length > 0)
    console.log(`run ${numbers[i]}: ${fault}: ${end} ${JSON.stringify(budget ?? {})}: ${all.join("; ")}`);
});
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(`\n${ends.length} runs, seed ${values.seed}, ${seconds} s`);
process.exitCode = ends.some(({ wrong }) => Object.values(wrong).flat().length > 0) ? 1 : 0;
