// ALFWorld by the embedded pair: small alone, large alone, and the cascade with and without its guided stage, some games of 20
// steps each. Runs are kept, line by line, without the world's texts, and not run again:
//   COPE_DATA=../shared/data npx tsx bench/alfworld.ts --runs FILE [--games 6] [--steps 20] [--methods small,large,cope,unguided]
//   [--seed 0] [--at-once 4] [--show]
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ChatLlama, CopeError, type StageInput } from "langgraph-cope";
import {
  createAlfworld,
  loadAlfworld,
  subGoalsOf,
  type AlfworldGame,
  type AlfworldRules,
} from "langgraph-cope/environments";
import { createCopeAgent } from "langgraph-cope/integrations";
import { keepAll, keptRuns, methodsIn, missingRuns } from "./kept-runs.js";
import { worldTable, type Method, type WorldRun } from "./alfworld/table.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "runs/alfworld.jsonl" },
    games: { type: "string", default: "6" },
    steps: { type: "string", default: "20" },
    methods: { type: "string", default: "small,large,cope,unguided" },
    seed: { type: "string", default: "0" },
    "at-once": { type: "string", default: "4" },
    /** Prints each run's transcript. */
    show: { type: "boolean", default: false },
  },
});
/** The context holds a game's whole conversation. */
const model = (size: string) => new ChatLlama({ model: `qwen2.5-coder-${size}-instruct`, contextSize: 8192 });
const maxSteps = Number(values.steps);
const seed = Number(values.seed);

const alone = (by: "small" | "large"): StageInput[] => [
  { name: by, execute: { by, samples: 1, temperature: 0, maxTokens: 96 } },
];
const CASCADE = JSON.parse(readFileSync(new URL("agent.stages.json", import.meta.url), "utf8")) as StageInput[];
const STAGES: Readonly<Record<Method, StageInput[]>> = {
  small: alone("small"),
  large: alone("large"),
  cope: CASCADE,
  unguided: CASCADE.filter(({ name }) => name !== "guided"),
};

/** The first game of each kind of task, then the second of each. */
function chosen(games: readonly AlfworldGame[], count: number): AlfworldGame[] {
  const kinds = [...Map.groupBy(games, ({ type }) => type).values()];
  const longest = Math.max(...kinds.map(({ length }) => length));
  const byTurns = Array.from({ length: longest }, (_, i) => kinds.flatMap((kind) => kind[i] ?? []));
  return byTurns.flat().slice(0, count);
}

/** Without the world, what was run can be printed all the same. */
function loadWorld(): ReturnType<typeof loadAlfworld> {
  try {
    return loadAlfworld(`${process.env["COPE_DATA"] ?? "data"}/alfworld`);
  } catch (error) {
    if (!CopeError.isInstance(error)) throw error;
    console.error(error.message);
    if (runs.length === 0) process.exit(2);
    return { games: [], rules: undefined as never };
  }
}

async function play(game: AlfworldGame, rules: AlfworldRules, method: Method): Promise<WorldRun> {
  const begun = performance.now();
  const environment = createAlfworld(game, rules);
  const agent = createCopeAgent({
    small: model("0.5b"),
    large: model("1.5b"),
    environment,
    maxSteps,
    seed,
    stages: STAGES[method],
  });
  const { steps, reward, goal, transcript } = await agent.invoke({});
  if (values.show) console.error(transcript);
  const reached = subGoalsOf(
    goal,
    steps.map(({ observation }) => observation),
  );
  const bills = steps.flatMap(({ report }) => report.ledger.byRole["large"] ?? []);
  return {
    game: game.id,
    kind: game.type,
    method,
    won: reward === 1,
    steps: steps.map(({ by, command, report }) => ({ by, valid: command !== "", confidence: report.confidence })),
    subGoals: { reached: reached.filter((one) => one.reached).length, of: reached.length },
    large: {
      input: bills.reduce((sum, { inputTokens }) => sum + inputTokens!, 0),
      output: bills.reduce((sum, { outputTokens }) => sum + outputTokens!, 0),
    },
    seconds: Math.round((performance.now() - begun) / 1000),
  };
}

const methods = methodsIn(values.methods, Object.keys(STAGES) as Method[]);
const runs = keptRuns<WorldRun>(values.runs);
const { games, rules } = loadWorld();
const missing = missingRuns(methods, chosen(games, Number(values.games)), (method, { id }) =>
  runs.some((made) => made.game === id && made.method === method),
);
await keepAll(missing, { file: values.runs, runs, atOnce: Number(values["at-once"]) }, async ({ method, subject }) => {
  const made = await play(subject, rules, method);
  console.error(`${method} ${made.game}: ${made.subGoals.reached} of ${made.subGoals.of} parts, ${made.seconds} s`);
  return made;
});
console.log(worldTable(runs, methods));
process.exit(0);
