// The tables of docs/results.md, and the commands that print them from the recorded draws in bench/recorded.
const recorded = (name) => `bench/recorded/${name}.draws.jsonl.gz`;
/** Where the build has the command line. */
export const COPE = "dist/cli/cope.js";
const GUIDED = "bench/held-out.guided.json";
const CODE = "bench/code.guided.json";
const CASCADES = `cope-calibrated=bench/held-out.calibrated.json,cope-guided=${GUIDED}`;

/** What is printed, by name: a title, and the command behind it. */
export const TABLES = {
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
