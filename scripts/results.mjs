// Prints every table of docs/results.md anew, from the recorded draws in bench/recorded, without a model or the data sets:
//   npm run results [-- NAME …]     held-out, grid, scorers, early-stop, tuning, calibration, code, only-guided, code-tuning, program, accept, tools, tools-tuning, alfworld, plans
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const recorded = (name) => `bench/recorded/${name}.draws.jsonl.gz`;
const COPE = "dist/cli/cope.js";
const GUIDED = "bench/held-out.guided.json";
const CODE = "bench/code.guided.json";
const CASCADES = `cope-calibrated=bench/held-out.calibrated.json,cope-guided=${GUIDED}`;

/** What is printed, by name: a title, and the command behind it. */
const TABLES = {
  "held-out": [
    "Held-out problems, all methods",
    `${COPE} replay --tape ${recorded("held-out")} --by level --methods small,majority,large,${CASCADES},cascade-vote,cascade-verify,random`,
  ],
  grid: [
    "Held-out problems, other thresholds of the guided cascade",
    `${COPE} replay --tape ${recorded("held-out")} --stages ${GUIDED} --grid`,
  ],
  scorers: [
    "Held-out problems, confidences on the plain vote's samples",
    `${COPE} compare-scorers --tape ${recorded("held-out")} --stages ${GUIDED}`,
  ],
  "early-stop": [
    "Held-out problems, stopping by likelihood",
    `node_modules/.bin/tsx bench/early-stop.ts --tape ${recorded("held-out")}`,
  ],
  tuning: [
    "Tuning problems",
    `${COPE} replay --tape ${recorded("tuning")} --limit 11 --methods small,majority,large,${CASCADES}`,
  ],
  calibration: [
    "What was promised on the tuning problems, held against the held-out ones",
    `${COPE} calibrate --check ${recorded("held-out")} --calibration bench/recorded/calibration.json`,
  ],
  code: [
    "Held-out programming problems",
    `${COPE} replay --tape ${recorded("code-held-out")} --methods small,majority,large,large-majority,cascade,guided=${CODE},guided+critique,random`,
  ],
  "only-guided": [
    "Programming problems that only a guideline solved",
    `node_modules/.bin/tsx bench/only-guided.ts --tape ${recorded("code-held-out")}`,
  ],
  "code-tuning": [
    "Tuning problems, programs",
    `${COPE} replay --tape ${recorded("code-tuning")} --methods small,majority,large,large-majority,cascade,cope:direct,cope:direct+critique`,
  ],
  program: [
    "Held-out problems of GSM8K by programs",
    `${COPE} replay --tape ${recorded("program-held-out")} --methods small,majority,large,cascade`,
  ],
  accept: [
    "Open questions, what a threshold accepts",
    `node_modules/.bin/tsx bench/accept-curve.ts --tape ${recorded("mt-bench")}`,
  ],
  tools: [
    "Agents on tool tasks, held-out",
    "node_modules/.bin/tsx bench/tool-tasks.ts --methods large,large-again,small,fallback,unguided,cope --runs bench/recorded/tool-tasks.jsonl.gz",
  ],
  "tools-tuning": [
    "Agents on tool tasks, tuning",
    "node_modules/.bin/tsx bench/tool-tasks.ts --split tuning --methods large,small,unguided,unguided@0.75 --runs bench/recorded/tool-tasks.jsonl.gz",
  ],
  alfworld: [
    "Agents in ALFWorld",
    "node_modules/.bin/tsx bench/alfworld.ts --methods random,small-free,large-free,small,large,unguided,cope --runs bench/recorded/alfworld.jsonl.gz",
  ],
  plans: ["Who plans what for whom", `${COPE} replay --tape ${recorded("plans")} --study plans`],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(TABLES, name));
if (unknown.length > 0) {
  console.error(`There is no table ${unknown.join(", ")}; there are ${Object.keys(TABLES).join(", ")}.`);
  process.exit(2);
}
if (!existsSync(at("dist/cli/cope.js")))
  spawnSync("npm", ["run", "--silent", "build"], { cwd: at(""), stdio: "inherit" });
for (const [name, [title, command]] of Object.entries(TABLES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n## ${title} (npm run results -- ${name})\n`);
  const run = spawnSync(process.execPath, command.split(" "), { cwd: at(""), stdio: "inherit" });
  if (run.status !== 0) process.exitCode = run.status ?? 1;
}
