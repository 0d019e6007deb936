// Problems that only a guideline solved: right with it, wrong by the small model's samples alone and by the large model alone.
//   npx tsx bench/only-guided.ts [--tape FILE] [--stages FILE]
import { parseArgs } from "node:util";
import { readFileSync } from "node:fs";
import { resolveMethods } from "../src/evaluation/methods/index.js";
import { outcomesOf } from "../src/evaluation/outcomes.js";
import { wilson } from "../src/evaluation/numbers/wilson.js";
import { readRecording } from "../src/evaluation/recorded.js";
import { scoringOf } from "../src/evaluation/scoring.js";

const { values } = parseArgs({
  options: {
    tape: { type: "string", default: "bench/recorded/code-held-out.draws.jsonl.gz" },
    stages: { type: "string", default: "bench/code.guided.json" },
  },
});
const recorded = await readRecording(values.tape);
const methods = resolveMethods(["majority", "large", "guided", "guided+critique"], {
  lists: { guided: JSON.parse(readFileSync(values.stages, "utf8")) },
  scoring: scoringOf(recorded.recording.family, recorded.recording),
});
const { problems, outcomes } = outcomesOf(methods, recorded);
const right = (name: string, i: number) => outcomes.get(name)![i]!.right === true;
for (const name of ["guided", "guided+critique"]) {
  const reached = problems.flatMap((_, i) =>
    outcomes.get(name)![i]!.stages.some((stage) => stage.name === "guided") ? [i] : [],
  );
  const settled = reached.filter((i) => outcomes.get(name)![i]!.ended === "guided" && right(name, i));
  const only = settled.filter((i) => !right("majority", i) && !right("large", i));
  const [low, high] = wilson(only.length, reached.length).map((share) => Math.round(100 * share));
  console.log(
    `${name}: ${reached.length} of ${problems.length} problems reached the guided stage; it settled ${settled.length} rightly, of which ${only.length} are solved by neither model alone (${low}-${high} % of those that reached it): ${only.map((i) => problems[i]!.id).join(", ") || "none"}`,
  );
}
