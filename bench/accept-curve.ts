// Which share of open questions a threshold on perplexity accepts, stage by stage, from a recording with log-probabilities:
//   npx tsx bench/accept-curve.ts [--tape FILE]
import { parseArgs } from "node:util";
import { readRecording } from "../src/evaluation/recorded.js";
import { perplexityScores } from "../src/scorers/perplexity.js";

const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9];
const { values } = parseArgs({
  options: { tape: { type: "string", default: "bench/recorded/mt-bench.draws.jsonl.gz" } },
});
const { draws, recording } = await readRecording(values.tape);
const answers = draws.filter(
  ({ series, meanLogprob }) => meanLogprob !== undefined && /^(?:small|guided)-/.test(series),
);
console.log(
  `${recording.data}, seed ${recording.seed}, ${recording.at.slice(0, 10)}; accepted at ${THRESHOLDS.join(", ")}`,
);
const stages = Map.groupBy(answers, ({ series }) => series.replace(/-.*/, ""));
for (const [stage, of] of stages) {
  const groups = [...Map.groupBy(of, ({ problem, series, given }) => `${problem} ${series} ${given}`).values()];
  // A greedy answer alone is no stage's.
  const best = groups
    .filter(({ length }) => length > 1)
    .map((group) =>
      Math.max(
        0,
        ...perplexityScores(
          group.map(({ value, meanLogprob, finish }) => ({ readable: value !== null, meanLogprob, finish })),
        ).map((score) => score ?? 0),
      ),
    );
  const accepted = THRESHOLDS.map((threshold) => best.filter((score) => score >= threshold).length);
  console.log(`${stage}: ${accepted.join(", ")} of ${best.length} turns`);
}
