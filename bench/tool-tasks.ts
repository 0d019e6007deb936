// Forty small tool tasks by the embedded pair: small alone, large alone, LangChain's fallback from small to large, and the
// middleware, with and without its guided stage. What was run is kept, line by line, and not run again:
//   npx tsx bench/tool-tasks.ts --runs FILE [--split held-out|tuning] [--methods small,large,large-again,fallback,cope,unguided,unguided@0.75] [--seed 0] [--limit N] [--at-once 4] [--show]
import { parseArgs } from "node:util";
import { keepAll, keptRuns, methodsIn, missingRuns } from "./kept-runs.js";
import { HELD_OUT, TUNING } from "./tool-tasks/tasks.js";
import { METHODS, run, type Run } from "./tool-tasks/run.js";
import { tableOf } from "./tool-tasks/table.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "runs/tool-tasks.jsonl" },
    split: { type: "string", default: "held-out" },
    methods: { type: "string", default: "small,large,large-again,fallback,cope,unguided" },
    seed: { type: "string", default: "0" },
    limit: { type: "string" },
    "at-once": { type: "string", default: "4" },
    /** Prints each run's transcript. */
    show: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const tasks = (values.split === "tuning" ? TUNING : HELD_OUT).slice(0, Number(values.limit ?? Infinity));
const methods = methodsIn(values.methods, METHODS);
// Runs of the first recording did not say their seed, which was 0.
const runs = keptRuns<Run>(values.runs).filter((made) => (made.seed ?? 0) === seed);

const missing = missingRuns(methods, tasks, (method, { id }) =>
  runs.some((made) => made.task === id && made.method === method),
);
await keepAll(missing, { file: values.runs, runs, atOnce: Number(values["at-once"]) }, async ({ method, subject }) => {
  const made = await run(subject, method, seed);
  console.error(`${method} ${made.task}: ${made.done ? "done" : "not done"} in ${made.steps} steps, ${made.seconds} s`);
  if (values.show) console.error(made.transcript);
  return made;
});
console.log(
  tableOf(
    runs.filter(({ task }) => tasks.some(({ id }) => id === task)),
    methods,
  ),
);
process.exit(0);
