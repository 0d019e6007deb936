import * as fc from "fast-check";
import { createHash } from "node:crypto";
import { resolveStages } from "../../src/cascade/stages.js";
import type { Draw } from "../../src/evaluation/recordings/draw.js";
import { givenKey, type Given, type Series } from "../../src/evaluation/recordings/series.js";
import type { View } from "../../src/evaluation/recordings/view.js";
import type { GuidelineStyle } from "../../src/families/types.js";
import { sendWave } from "../../src/graph/route.js";
import type { SampleOrder } from "../../src/nodes/calls.js";
import { createCheckNode } from "../../src/nodes/check.js";
import { createClock, type Kit } from "../../src/nodes/kit.js";
import { critiqueBefore } from "../../src/nodes/plan.js";
import { planWave } from "../../src/nodes/wave.js";
import { labelValues } from "../../src/scorers/classes.js";
import { vote } from "../../src/scorers/vote.js";
import type { RunState } from "../../src/state/channels.js";
import type { Sample } from "../../src/state/sample.js";
import { isChecked, type Stage } from "../../src/state/stage.js";

/** A stage list, and models whose every reply follows from `seed` and from what they are shown. */
export interface Case {
  stages: Stage[];
  style: GuidelineStyle;
  harmGuard: boolean;
  seed: number;
  /** "b" and "c" cannot be compared. */
  unknown: boolean;
}

const threshold = fc.constantFrom(0, 0.3, 0.5, 0.75, 1);
const stage = fc.record({
  by: fc.constantFrom("small", "small", "large"),
  plan: fc.constantFrom(undefined, "goal" as const, "guideline" as const, "guideline" as const),
  sees: fc.subarray(["goal" as const, "guideline" as const]),
  samples: fc.integer({ min: 1, max: 7 }),
  wave: fc.constantFrom("all" as const, "fewest" as const, "toAccept" as const),
  stop: fc.option(fc.record({ chance: fc.constantFrom(0.05, 0.3) }), { nil: undefined }),
  threshold,
});

export const cases: fc.Arbitrary<Case> = fc.record({
  stages: fc.array(stage, { minLength: 1, maxLength: 4 }).map((drawn) => {
    const written = new Set<string>();
    const list = drawn.map(({ by, plan, sees, samples, wave, stop, threshold: least }, i) => {
      if (plan) written.add(plan);
      return {
        name: `s${i}`,
        ...(plan ? { plan: { by: plan === "goal" ? "small" : "large", kind: plan } } : {}),
        sees: [...new Set([...sees, ...(plan ? [plan] : [])])].filter((kind) => written.has(kind)),
        execute: { by, samples, temperature: 0.8, wave, ...(stop ? { stop } : {}) },
        accept: { threshold: least },
      };
    });
    return resolveStages(list);
  }),
  style: fc.constantFrom("method" as const, "critique" as const),
  harmGuard: fc.boolean(),
  seed: fc.nat(),
  unknown: fc.boolean(),
});

const number = (...parts: unknown[]): number =>
  createHash("sha256").update(JSON.stringify(parts)).digest().readUInt32BE(0) / 2 ** 32;
const pick = <T>(at: number, values: readonly T[]): T => values[Math.floor(at * values.length)]!;

const LOST = { code: "SERVER_FAILED", message: "down" };

/** What a guideline's writer replies: now and then nothing usable, now and then nothing at all. */
function guidelineOf({ seed }: Case, { name }: Stage, shown: unknown) {
  const at = number(seed, "guideline", name, shown);
  if (at < 0.15) return { text: "", failed: LOST };
  return { text: `guideline ${at}` };
}

/** What one sample comes to. */
function sampleOf({ seed }: Case, { name, plan }: Stage, shown: { goal?: string; guideline?: string }, index: number) {
  const at = number(seed, name, shown.goal, shown.guideline, index);
  const own = plan?.kind === "goal" && at > 0.2 ? { goal: `goal ${name} ${index}` } : {};
  if (at < 0.1) return { ...own, failed: LOST };
  const value = pick(number(seed, at), ["a", "a", "a", "b", "b", "c", undefined]);
  return { ...own, ...(value === undefined ? {} : { value }) };
}

const sameOf =
  ({ unknown }: Case) =>
  (a: unknown, b: unknown): boolean | undefined =>
    unknown && a !== b && a !== "a" && b !== "a" ? undefined : a === b;

/** Walks a case through the nodes' own functions, as the graph would, and returns the state at its end. */
export async function walkNodes(of: Case): Promise<RunState> {
  const { stages, style, harmGuard } = of;
  const family = { same: sameOf(of), print: (value: string) => value };
  const kit = { family: () => family, scorer: () => vote, clock: createClock() } as unknown as Kit;
  const settings = { stages, guideline: style, harmGuard, budget: {}, attempts: 1, models: {} };
  const state = { turn: 1, task: {}, settings, plans: [], samples: [], verdicts: [], calls: [] } as unknown as RunState;
  for (const [i, now] of stages.entries()) {
    const { name } = now;
    state.wave = await planWave(kit, state, name, {}, {});
    if (now.plan?.kind === "guideline") {
      const { votes } = style === "critique" ? await critiqueBefore(kit, state) : {};
      const written = guidelineOf(of, now, votes);
      state.plans = [...state.plans, { id: `1/${name}`, stage: name, kind: "guideline", by: "large", ...written }];
      state.wave = await planWave(kit, state, name, { planned: true, doomed: "failed" in written }, {});
    }
    for (;;) {
      const orders = sendWave(now, state).map(({ args }) => args as SampleOrder);
      const drawn = orders.map(({ index, goal, guideline, planFailed }): Sample => {
        const base = { id: `1/${name}/${index}`, stage: name, index, text: "" };
        if (planFailed) return { ...base, failed: planFailed };
        const shown = { ...(goal ? { goal } : {}), ...(guideline ? { guideline } : {}) };
        return { ...base, ...shown, ...sampleOf(of, now, shown, index) };
      });
      // Parallel nodes end in any order.
      state.samples = [...state.samples, ...drawn.toReversed()];
      if (!isChecked(stages, i)) return state;
      const { verdicts, wave } = await createCheckNode(kit, name)(state, {});
      state.verdicts = [...state.verdicts, ...(verdicts as RunState["verdicts"])];
      state.wave = wave as RunState["wave"];
      const { decision } = state.verdicts.at(-1)!;
      if (decision === "escalate") break;
      if (decision !== "sample") return state;
    }
  }
  return state;
}

/** The same models' replies as recorded draws. */
export function recordedBy(of: Case): View {
  const same = sameOf(of);
  const find = (series: Series, given: Given, index: number): Draw => {
    const base = { problem: "p", series: series.id, given: givenKey(given), index, calls: [], text: "", right: null };
    if (series.part === "plan") return { ...base, value: null, ...guidelineOf(of, series.stage, given.votes) };
    const { goal, guideline } = given;
    const shown = { ...(goal ? { goal: goal.text } : {}), ...(guideline ? { guideline } : {}) };
    return { ...base, value: null, ...shown, ...sampleOf(of, series.stage, shown, index) };
  };
  return {
    problem: "p",
    find,
    prefix: (series, given, count) => Array.from({ length: count }, (_, index) => find(series, given, index)),
    labels: (draws) =>
      labelValues(
        draws.map(({ value }) => value ?? undefined),
        same,
      ),
  };
}
