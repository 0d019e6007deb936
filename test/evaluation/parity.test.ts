import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluation/evaluate.js";
import { createCopeMethod } from "../../src/evaluation/methods/cope.js";
import { resolveMethods } from "../../src/evaluation/methods/index.js";
import type { Outcome } from "../../src/evaluation/methods/types.js";
import { scoringOf } from "../../src/evaluation/scoring.js";
import { createCope, createMath, openTape, strategies, type Answer, type Ledger } from "../../src/index.js";
import { join } from "node:path";
import { temporaryFolder } from "../support/folder.js";
import { checkedMath, fallibleModel, numberProblems } from "./random-models.js";

const LISTS = ["cope", "cope:s1s2", "cope:s2s3", "cope:direct", "small", "majority", "large"];

const steady = (name: string, right: number) => fallibleModel(name, right, { fails: false });

const ROLES = ["small", "large"] as const;

/** What a method says of a problem, as a run of the graph would say it. */
function told({ status, value, ended, confidence, fallbackFrom, waves }: Outcome) {
  if (status === "failed") return { failed: true };
  const calls = waves.flat().flatMap((draw) => draw.calls);
  const bill = ROLES.map((role) => {
    const own = calls.filter((call) => call.role === role);
    return { calls: own.length, outputTokens: own.reduce((sum, { outputTokens }) => sum + outputTokens!, 0) };
  });
  return { value, stage: ended, confidence, fallbackFrom, bill };
}

function toldBy({ answer, ledger }: { answer: Answer; ledger: Ledger }) {
  const { value, stage, confidence, fallbackFrom } = answer;
  const bill = ROLES.map((role) => {
    const { cached = 0, outputTokens = 0 } = ledger.byRole[role] ?? {};
    return { calls: cached, outputTokens };
  });
  return { value, stage, confidence, fallbackFrom, bill };
}

describe("a method on recorded draws", () => {
  it.each([
    ["method", [0.75, 0.5], {}, "vote", false],
    ["critique", [0.5, 0.75], {}, "vote", false],
    ["method", [0.75, 0.5], { stop: { chance: 0.2 } }, "vote", false],
    ["method", [0.75, 0.5], {}, "tests", false],
    ["critique", [1, 0.5], {}, "tests", false],
    ["method", [1, 0.25], {}, "vote", true],
    ["method", [1, 0.2], { stop: { chance: 0.2 } }, "vote", true],
  ] as const)(
    "decides, answers and charges as the graph does, style %s, thresholds %j, %j, by %s, harm guard %s",
    async (...given) => {
      const [style, thresholds, stop, scorer, harmGuard] = given;
      const family = { vote: createMath, tests: checkedMath }[scorer]();
      const scoring = scoringOf(family, { logprobs: false });
      const cope = strategies["cope"]!.map((stage) => ({ ...stage, execute: { ...stage.execute, ...stop } }));
      const file = join(temporaryFolder(), "tape.sqlite");
      // One right answer in six passes: such a model must seldom have any, or nothing is ever handed over.
      const models = {
        small: fallibleModel("small", scorer === "tests" ? 0.05 : 0.5),
        large: fallibleModel("large", 0.8),
      };
      const problems = numberProblems(12);
      const methods = resolveMethods(LISTS, {
        guideline: style,
        harmGuard,
        stages: cope,
        thresholds: [...thresholds],
        samples: 6,
        scoring,
      });
      const { outcomes } = await evaluate({
        data: "numbers",
        problems,
        methods,
        models,
        family,
        tape: file,
        attempts: 1,
      });

      const before = [models.small.asked.length, models.large.asked.length];
      const ends = new Set<string>();
      const tape = openTape(file);
      for (const name of LISTS) {
        for (const [i, { task }] of problems.entries()) {
          const graph = createCope({
            ...models,
            tape,
            family,
            stages: name === "cope" ? cope : name,
            samples: 6,
            guideline: style,
            harmGuard,
            attempts: 1,
            ...(name === "cope" ? { thresholds: [...thresholds] } : {}),
          }).compile();
          const outcome = outcomes.get(name)![i]!;
          const run = await graph.invoke({ question: task.question }).catch(() => undefined);
          expect(told(outcome), `${name}, problem ${i}`).toEqual(run ? toldBy(run) : { failed: true });
          if (run) ends.add(run.answer.stage);
        }
      }
      tape.close();
      // Nothing was asked again but what had failed, which no tape keeps.
      const again = [models.small, models.large].flatMap(({ asked }, i) => asked.slice(before[i]));
      expect(again.every(({ attempt }) => attempt > 1)).toBe(true);
      expect(ends.size).toBeGreaterThan(4);
      const guarded = [...outcomes.values()].flat().flatMap(({ stages }) => stages.filter(({ flip }) => flip?.guarded));
      expect(guarded.length > 0).toBe(harmGuard);
    },
  );

  it("never draws again what it finds on the tape, and shares draws between methods", async () => {
    const file = join(temporaryFolder(), "tape.sqlite");
    const models = { small: steady("small", 0.6), large: steady("large", 0.8) };
    const run = (names: string[]) =>
      evaluate({ data: "numbers", problems: numberProblems(6), methods: resolveMethods(names), models, tape: file });
    const first = await run(["cope", "large"]);
    const asked = models.large.asked.length;
    const again = await run(["cope", "large", "cascade-vote", "random"]);
    expect(again.outcomes.get("cope")).toEqual(first.outcomes.get("cope"));
    const more = models.large.asked.slice(asked).map(({ stage }) => stage);
    expect(more).toEqual([]);
  });

  it("records with all draws whatever another threshold or wave would read", async () => {
    const file = join(temporaryFolder(), "tape.sqlite");
    const models = { small: steady("s", 0.5), large: steady("l", 0.8) };
    const problems = numberProblems(6);
    const common = { data: "numbers", problems, models, tape: file, attempts: 1 };
    await evaluate({ ...common, methods: [createCopeMethod({ samples: 4 })], allDraws: true });
    const before = models.small.asked.length + models.large.asked.length;
    for (const thresholds of [
      [0, 0],
      [0.5, 1],
      [1, 1],
      [0.75, 0.25],
    ]) {
      await evaluate({ ...common, methods: [createCopeMethod({ samples: 4, thresholds })] });
    }
    const again = [models.small, models.large].flatMap(({ asked }) => asked).length - before;
    expect(again).toBe(0);
  });
});
