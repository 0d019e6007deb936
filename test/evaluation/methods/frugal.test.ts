import { join } from "node:path";
import { FakeEmbeddings } from "@langchain/core/utils/testing";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/evaluate.js";
import type { Evaluation } from "../../../src/evaluation/evaluation.js";
import { createFrugal } from "../../../src/evaluation/methods/frugal.js";
import { resolveMethods } from "../../../src/evaluation/methods/index.js";
import { createRandom, escalationRate } from "../../../src/evaluation/methods/random.js";
import { auroc } from "../../../src/evaluation/numbers/auroc.js";
import { outcomesOf } from "../../../src/evaluation/outcomes.js";
import { readRecording } from "../../../src/evaluation/recorded.js";
import { temporaryFolder } from "../../support/folder.js";
import { fallibleModel, fraction, numberProblems } from "../random-models.js";

const DIMENSIONS = 12;

/** Vectors of chance; where they tell, one direction of them says whether the answer is the question's number. */
function vectorFor(text: string, tells: boolean): number[] {
  const right = /number (\d+)/.exec(text)?.[1] === /boxed\{(\d+)\}/.exec(text)?.[1];
  const noise = Array.from({ length: DIMENSIONS }, (_, i) => fraction(`${text}/${i}`) - 0.5);
  return tells ? noise.map((value, i) => value + (i === 3 ? (right ? 0.4 : -0.4) : 0)) : noise;
}

function embeddingSmall(tells: boolean, { as = "small", fails = false } = {}) {
  const embedded: string[] = [];
  const embed = async (text: string) => {
    embedded.push(text);
    return vectorFor(text, tells);
  };
  return { model: Object.assign(fallibleModel(as, 0.5, { fails }), { embed }), embedded };
}

const large = () => fallibleModel("large", 0.9, { fails: false });
const tapeFile = () => join(temporaryFolder(), "tape.sqlite");
const common = { data: "numbers", attempts: 1, atOnce: 16 };

/** Scores of the answers that were scored, and whether they are right. */
function scores({ outcomes }: Evaluation) {
  const scored = outcomes.get("frugal")!.flatMap(({ stages: [first] }) => (first!.value === null ? [] : [first!]));
  return [scored.map(({ confidence }) => confidence!), scored.map(({ right }) => right!)] as const;
}

const accuracy = ({ outcomes }: Evaluation, name: string) =>
  outcomes.get(name)!.filter(({ right }) => right).length / outcomes.get(name)!.length;

describe("frugal", () => {
  it("beats chance at the same rate where vectors tell right from wrong, and asks nothing twice", async () => {
    const [{ model: small, embedded }, tape, problems] = [embeddingSmall(true), tapeFile(), numberProblems(60)];
    const models = { small, large: large() };
    const first = await evaluate({ ...common, problems, methods: [createFrugal()], models, tape });
    expect(auroc(...scores(first))).toBeGreaterThan(0.85);
    const rate = escalationRate(first.outcomes.get("frugal")!);
    expect(rate).toBeLessThan(0.75);
    const asked = embedded.length;
    const methods = [createFrugal(), createRandom({ rate, samples: 1 })];
    const both = await evaluate({ ...common, problems, methods, models, tape });
    expect(accuracy(both, "frugal")).toBeGreaterThan(accuracy(both, "random") + 0.1);
    expect(both.outcomes.get("frugal")).toEqual(first.outcomes.get("frugal"));
    expect(embedded.length).toBe(asked);
  });

  it("claims nothing where vectors say nothing", async () => {
    const { model: small } = embeddingSmall(false);
    const problems = numberProblems(60);
    const made = await evaluate({
      ...common,
      problems,
      methods: [createFrugal()],
      models: { small, large: large() },
      tape: tapeFile(),
    });
    const [confidences, rights] = scores(made);
    expect(auroc(confidences, rights)).toBeGreaterThan(0.3);
    expect(auroc(confidences, rights)).toBeLessThan(0.7);
  });

  it("replays from the tape as it ran, beside a control that a cascade gives its rate, also where calls failed", async () => {
    const { model: small } = embeddingSmall(true, { fails: true });
    const [tape, problems] = [tapeFile(), numberProblems(24)];
    const methods = resolveMethods(["random", "frugal", "cope", "small"]);
    const live = await evaluate({ ...common, problems, methods, models: { small, large: large() }, tape });
    const replayed = outcomesOf(methods, await readRecording(tape));
    expect(replayed.left).toEqual([]);
    expect(Object.fromEntries(replayed.outcomes)).toEqual(Object.fromEntries(live.outcomes));
    const about = (name: string, of: readonly { name: string; about: string }[]) =>
      of.find((method) => method.name === name)!.about;
    expect(about("frugal", replayed.methods)).toBe(about("frugal", live.methods));
    expect(about("random", replayed.methods)).toBe(about("random", live.methods));
  });

  it("reads the answer that small gives, and charges its vector to the small model", async () => {
    const { model: small } = embeddingSmall(true);
    const problems = numberProblems(8);
    const { outcomes } = await evaluate({
      ...common,
      problems,
      methods: resolveMethods(["small", "frugal"]),
      models: { small, large: large() },
      tape: tapeFile(),
    });
    outcomes.get("frugal")!.forEach(({ waves }, i) => {
      expect(waves[0]).toEqual(outcomes.get("small")![i]!.waves[0]);
    });
    const vectors = outcomes.get("frugal")!.flatMap(({ waves }) => waves.flat().filter((draw) => draw.vector));
    expect(vectors.length).toBeGreaterThan(4);
    for (const { calls } of vectors) {
      const call = { role: "small", model: "test:small", purpose: "embed", outputTokens: 0 };
      expect(calls).toEqual([expect.objectContaining(call)]);
    }
  });

  it("scores answers without a gold and trains on the others; accepts none where none has one", async () => {
    const { model: small } = embeddingSmall(true);
    const problems = numberProblems(40).map((problem, i) => (i % 4 === 0 ? { ...problem, gold: null } : problem));
    const options = { ...common, methods: [createFrugal()], models: { small, large: large() } };
    const some = await evaluate({ ...options, problems, tape: tapeFile() });
    const ungraded = some.outcomes.get("frugal")!.filter((_, i) => i % 4 === 0);
    expect(ungraded.some(({ ended }) => ended === "scorer")).toBe(true);
    const bare = problems.map((problem) => ({ ...problem, gold: null }));
    const none = await evaluate({ ...options, problems: bare, tape: tapeFile() });
    expect(new Set(none.outcomes.get("frugal")!.map(({ stages }) => stages[0]!.decision))).toEqual(
      new Set(["escalate"]),
    );
    expect(none.methods[0]!.about).toContain("no graded answer");
  });

  it("trains on another recording, without the problems that it scores", async () => {
    const { model: small } = embeddingSmall(true);
    const models = { small, large: large() };
    const [tape, all] = [tapeFile(), numberProblems(60)];
    await evaluate({ ...common, problems: all.slice(0, 40), methods: [createFrugal()], models, tape });
    const { views } = await readRecording(tape);
    const run = (train: typeof views, problems = all.slice(30), pair = models) =>
      evaluate({ ...common, problems, methods: [createFrugal({ train })], models: pair, tape: tapeFile() });
    const made = await run(views);
    expect(made.methods[0]!.about).toMatch(/trained on \d+ answers of another recording \(\d+ left out/);
    expect(auroc(...scores(made))).toBeGreaterThan(0.8);
    await expect(run(views, all.slice(0, 10).concat(all.slice(10, 40)))).rejects.toThrow(/OPTIONS_INVALID.*no graded/);
    const other = { small: embeddingSmall(true, { as: "other" }).model, large: large() };
    await expect(run(views, all.slice(40), other)).rejects.toThrow(/different models.*test:other/);
  });

  it("needs embeddings: the small model's, or some that are given", async () => {
    const models = { small: fallibleModel("small", 0.5, { fails: false }), large: large() };
    const options = { ...common, problems: numberProblems(6), methods: [createFrugal()], models };
    await expect(evaluate({ ...options, tape: tapeFile() })).rejects.toThrow(/ABILITY_MISSING.*embeddings/);
    expect(models.small.asked).toEqual([]);
    const { outcomes } = await evaluate({ ...options, embeddings: new FakeEmbeddings(), tape: tapeFile() });
    const calls = outcomes.get("frugal")!.flatMap(({ waves }) => waves.flat().flatMap((draw) => draw.calls));
    expect(calls.some(({ model }) => model.startsWith("FakeEmbeddings:"))).toBe(true);
  });

  it("hands over what could not be embedded", async () => {
    const broken = Object.assign(fallibleModel("small", 0.5, { fails: false }), {
      embed: () => Promise.reject(new Error("too long")),
    });
    const { outcomes } = await evaluate({
      ...common,
      problems: numberProblems(6),
      methods: [createFrugal()],
      models: { small: broken, large: large() },
      tape: tapeFile(),
    });
    expect(outcomes.get("frugal")!.every(({ ended }) => ended === "large")).toBe(true);
  });
});
