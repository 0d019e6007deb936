/**
 * The same recorded samples through the confidence functions of cascadeflow (lemony-ai/cascadeflow) and through the vote.
 *
 *   tsx bench/peer-cascadeflow.ts --peer CORE.mjs [--peer WRAPPER.mjs] --data gsm8k [--tape FILE] [--series solo] [--samples 8]
 *
 * A peer is a module that exports its `QualityValidator`, `QualityConfigFactory` and `ComplexityDetector` (package core), or
 * `calculateQuality` (its LangChain wrapper): a build of one's own, nothing of which is part of this project. From a clone:
 *
 *   npx esbuild packages/core/src/index.ts --bundle --packages=external --format=esm --outfile=core.mjs
 *   npx esbuild packages/langchain-cascadeflow/src/utils.ts --bundle --packages=external --format=esm --outfile=wrapper.mjs
 *
 * They score one text, so they are asked twice: of the text whose answer the vote would give, where both speak of the same
 * answer, and of the first sample, as they would see it. They read the question, which no recording holds: --data says where it is.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { leaderOf } from "../src/evaluation/compare-scorers/leader.js";
import { loadProblems } from "../src/evaluation/data/load.js";
import type { Draw } from "../src/evaluation/draw.js";
import { auroc, aurocInterval } from "../src/evaluation/numbers/auroc.js";
import { wilson } from "../src/evaluation/numbers/wilson.js";
import { readRecording } from "../src/evaluation/recorded.js";

/** What one scorer says of a text. */
interface Said {
  score: number;
  passed: boolean;
}
type Score = (draw: Draw, question: string) => Promise<Said> | Said;

/** The parts of a peer's module that are asked, where it has them. */
interface Peer {
  QualityValidator?: new (config: object) => {
    validate(text: string, query: string, logprobs?: number[], complexity?: string): Promise<Said>;
  };
  QualityConfigFactory?: Record<"forProduction" | "forCascade" | "strict", () => object>;
  ComplexityDetector?: new () => { detect(query: string): { complexity: string } };
  calculateQuality?: (response: object) => number;
}

const { values } = parseArgs({
  options: {
    peer: { type: "string", multiple: true },
    data: { type: "string", multiple: true },
    tape: { type: "string" },
    series: { type: "string", default: "solo" },
    samples: { type: "string", default: "8" },
    threshold: { type: "string", default: "0.75" },
  },
});

try {
  await compare();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

async function compare(): Promise<void> {
  if (!values.peer || !values.data || !values.tape)
    throw new Error("Give --peer MODULE, --data NAME_OR_FILE and --tape FILE; see the head of this file.");
  const scorers = (await Promise.all(values.peer.map(load))).flatMap(scorersOf);
  if (scorers.length === 0) throw new Error("None of these modules exports a confidence function that is known here.");
  const questions = await questionsOf(values.data);
  const samples = Number(values.samples);
  const threshold = Number(values.threshold);

  const { views, draws, recording } = await readRecording(values.tape);
  const byProblem = Map.groupBy(
    draws.filter(({ series }) => series.startsWith(`${values.series}-`)),
    ({ problem }) => problem,
  );
  const cases = views.flatMap((view) => {
    // Of several goals or plans the first that has all samples.
    const shown = [
      ...Map.groupBy(byProblem.get(view.problem) ?? [], ({ series, given }) => `${series} ${given}`).values(),
    ];
    const of = shown
      .map((some) => some.toSorted((a, b) => a.index - b.index).slice(0, samples))
      .find((some) => some.length === samples && some.every(({ index }, i) => index === i));
    const question = questions.get(view.problem);
    if (!of || question === undefined) return [];
    const labels = view.labels(of);
    const leader = leaderOf(of, labels);
    const votes = leader ? labels.filter((label) => label === labels[leader.index]).length : 0;
    return [{ question, first: of[0]!, leader, share: votes / samples }];
  });
  console.log(`${recording.data}: ${cases.length} problems with ${samples} samples of ${values.series} and a question`);
  if (cases.length === 0) return;

  const rows: object[] = [];
  const answers = cases.map(({ leader }) => leader?.right === true);
  const add = (scorer: string, text: string, said: readonly Said[], right: readonly boolean[]) =>
    rows.push(rowOf(scorer, text, said, right));
  add(
    `vote share at ${threshold}`,
    `all ${samples}`,
    cases.map(({ share }) => ({ score: share, passed: share >= threshold })),
    answers,
  );
  for (const [name, score] of scorers) {
    const led = await each(cases, ({ leader, first, question }) => score(leader ?? first, question));
    add(name, "the vote's answer", led, answers);
    const firsts = await each(cases, ({ first, question }) => score(first, question));
    add(
      name,
      "first sample",
      firsts,
      cases.map(({ first }) => first.right === true),
    );
  }
  console.table(rows);
}

function rowOf(scorer: string, text: string, said: readonly Said[], right: readonly boolean[]): object {
  const scores = said.map(({ score }) => score);
  const accepted = right.filter((_, i) => said[i]!.passed);
  const hits = accepted.filter(Boolean).length;
  const [low, high] = wilson(hits, accepted.length);
  const area = auroc(scores, right);
  const interval = aurocInterval(scores, right)
    ?.map((bound) => bound.toFixed(2))
    .join("–");
  return {
    scorer,
    text,
    right: `${right.filter(Boolean).length} of ${right.length}`,
    AUROC: area === null ? "–" : `${area.toFixed(3)} (${interval})`,
    accepts: `${((100 * accepted.length) / right.length).toFixed(1)} %`,
    "right among them":
      accepted.length === 0
        ? "–"
        : `${hits} of ${accepted.length} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)} %)`,
  };
}

/** One after the other: some validators keep state. */
async function each<T>(cases: readonly T[], score: (one: T) => Promise<Said> | Said): Promise<Said[]> {
  const said: Said[] = [];
  for (const one of cases) said.push(await score(one));
  return said;
}

async function load(path: string): Promise<Peer> {
  return (await import(resolve(path))) as Peer;
}

/** Its presets as they are, without the one part that needs a model of its own; and with log-probabilities where recorded. */
function scorersOf({
  QualityValidator,
  QualityConfigFactory,
  ComplexityDetector,
  calculateQuality,
}: Peer): [string, Score][] {
  const scorers: [string, Score][] = [];
  if (QualityValidator && QualityConfigFactory && ComplexityDetector) {
    const detector = new ComplexityDetector();
    for (const preset of ["forProduction", "forCascade", "strict"] as const) {
      const validator = new QualityValidator({ ...QualityConfigFactory[preset](), useSemanticValidation: false });
      scorers.push([
        `core, ${preset}`,
        ({ text, meanLogprob }, question) => {
          // It averages them, so their mean stands for all.
          const logprobs = meanLogprob === undefined ? undefined : [meanLogprob];
          return validator.validate(text, question, logprobs, detector.detect(question).complexity);
        },
      ]);
    }
  }
  if (calculateQuality)
    scorers.push([
      "wrapper, at its 0.7",
      ({ text }) => {
        const score = calculateQuality({ generations: [{ text }] });
        return { score, passed: score >= 0.7 };
      },
    ]);
  return scorers;
}

/** Questions by id, alone and behind the set's name, as pooled sets have it. */
async function questionsOf(sets: readonly string[]): Promise<Map<string, string>> {
  const loaded = await Promise.all(sets.map((set) => loadProblems(set)));
  return new Map(
    loaded.flatMap(({ name, problems }) =>
      problems.flatMap(({ id, task }): [string, string][] => [
        [id, task.question],
        [`${name}/${id}`, task.question],
      ]),
    ),
  );
}
