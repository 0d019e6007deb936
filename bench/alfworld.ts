// ALFWorld by the embedded pair: small alone, large alone (both also in free text, without the form that holds them to possible
// commands), the cascade with and without its guided stage, and chance; some games of 20 steps each. Runs are kept, line by line,
// without the world's texts, and not run again:
//   COPE_DATA=../shared/data npx tsx bench/alfworld.ts --runs FILE [--games 5] [--skip 0] [--steps 20]
//   [--methods small,large,unguided,cope,random,small-free,large-free] [--seed 0] [--at-once 4] [--show]
import { parseArgs } from "node:util";
import { CopeError } from "langgraph-cope";
import { keepAll, keptRuns, methodsIn, missingRuns } from "./kept-runs.js";
import { loadAlfworld, type AlfworldGame } from "./alfworld/engine/index.js";
import { METHODS, play } from "./alfworld/play.js";
import { worldTable, type WorldRun } from "./alfworld/table.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "runs/alfworld.jsonl" },
    games: { type: "string", default: "5" },
    /** So many games are left out first: those are for tuning. */
    skip: { type: "string", default: "0" },
    steps: { type: "string", default: "20" },
    methods: { type: "string", default: "small,large,unguided,cope,random" },
    seed: { type: "string", default: "0" },
    "at-once": { type: "string", default: "4" },
    /** Prints each run's transcript. */
    show: { type: "boolean", default: false },
  },
});
const maxSteps = Number(values.steps);
const seed = Number(values.seed);

/** The first game of each kind of task, then the second of each. */
function chosen(games: readonly AlfworldGame[], skip: number, count: number): AlfworldGame[] {
  const kinds = [...Map.groupBy(games, ({ type }) => type).values()];
  const longest = Math.max(...kinds.map(({ length }) => length));
  const byTurns = Array.from({ length: longest }, (_, i) => kinds.flatMap((kind) => kind[i] ?? []));
  return byTurns.flat().slice(skip, skip + count);
}

/** Without the world, what was run can be printed all the same. */
function loadWorld(): ReturnType<typeof loadAlfworld> {
  if (values.runs.endsWith(".gz")) return { games: [], rules: undefined as never };
  try {
    return loadAlfworld(`${process.env["COPE_DATA"] ?? "data"}/alfworld`);
  } catch (error) {
    if (!CopeError.isInstance(error)) throw error;
    console.error(error.message);
    if (runs.length === 0) process.exit(2);
    return { games: [], rules: undefined as never };
  }
}

const methods = methodsIn(values.methods, METHODS);
const runs = keptRuns<WorldRun>(values.runs).filter((made) => made.seed === seed && made.maxSteps === maxSteps);
const { games, rules } = loadWorld();
const subjects = chosen(games, Number(values.skip), Number(values.games));
const missing = missingRuns(methods, subjects, (method, { id }) =>
  runs.some((made) => made.game === id && made.method === method),
);
await keepAll(missing, { file: values.runs, runs, atOnce: Number(values["at-once"]) }, async ({ method, subject }) => {
  const { transcript, ...made } = await play(subject, rules, { method, maxSteps, seed });
  console.error(`${method} ${made.game}: ${made.subGoals.reached} of ${made.subGoals.of} parts, ${made.seconds} s`);
  if (values.show) console.error(transcript);
  return made;
});
console.log(worldTable(runs, methods));
process.exit(0);
