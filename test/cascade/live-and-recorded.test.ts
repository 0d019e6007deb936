import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { standingAnswer } from "../../src/cascade/answer.js";
import { createCascade } from "../../src/evaluation/methods/cascade.js";
import type { Outcome } from "../../src/evaluation/methods/types.js";
import { endsOf, verdictOf } from "../../src/nodes/history.js";
import type { RunState } from "../../src/state/channels.js";
import { cases, recordedBy, walkNodes, type Case } from "./random-runs.js";

function replayed(of: Case): Outcome {
  const step = createCascade({ name: "random", about: "", ...of }).decide(recordedBy(of));
  if ("outcome" in step) return step.outcome;
  throw new Error(`draws are wanted: ${JSON.stringify(step.wanted)}`);
}

/** What nodes have written, in the words of an outcome. */
function inOutcome(state: RunState) {
  const { stages } = state.settings;
  const standing = standingAnswer(endsOf(state));
  return {
    value: standing?.leader.value ?? null,
    ended: standing && stages[standing.at]!.name,
    confidence: standing?.confidence ?? null,
    isFallback: standing?.isFallback,
    stages: stages.flatMap(({ name, execute }) => {
      const verdict = verdictOf(name, state.verdicts);
      const samples = state.samples.filter(({ stage }) => stage === name);
      if (samples.length === 0) return [];
      const doomed =
        samples.every(({ failed, goal }) => failed && !goal) && state.plans.some((p) => p.stage === name && p.failed);
      const { flip } = verdict ?? {};
      return [
        {
          name,
          decision: verdict?.decision ?? "last",
          confidence: verdict?.low ?? null,
          drawn: doomed ? 0 : (verdict?.drawn ?? execute.samples),
          flip: flip && { before: stages.findIndex((stage) => stage.name === flip.stage), guarded: flip.guarded },
        },
      ];
    }),
  };
}

const inBrief = ({ value, ended, status, confidence, fallbackFrom, stages }: Outcome) => ({
  value,
  ended: status === "answered" ? ended : undefined,
  confidence,
  isFallback: status === "answered" ? fallbackFrom !== undefined : undefined,
  stages: stages.map(({ name, decision, confidence: low, drawn, flip }) => ({
    name,
    decision,
    confidence: low,
    drawn,
    flip,
  })),
});

describe("a run and the replay of its draws", () => {
  it("decide alike, stage by stage, and answer alike", async () => {
    const seen = { escalated: 0, flipped: 0, guarded: 0, fallback: 0, waves: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async (of) => {
        const state = await walkNodes(of);
        const outcome = replayed(of);
        expect(inBrief(outcome)).toEqual(inOutcome(state));
        const flips = outcome.stages.flatMap(({ flip }) => flip ?? []);
        seen.escalated += Number(outcome.stages.length > 1);
        seen.flipped += flips.length;
        seen.guarded += flips.filter(({ guarded }) => guarded).length;
        seen.fallback += Number(outcome.fallbackFrom !== undefined);
        seen.waves += Number(state.verdicts.some(({ decision }) => decision === "sample"));
      }),
      { numRuns: 400, seed: 1 },
    );
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(0);
  });

  it("accept in the first stage whether all samples are drawn or the least that settle it, and the same answer", () => {
    let accepted = 0;
    fc.assert(
      fc.property(cases, (of) => {
        const exactly = (wave: "all" | "fewest" | "toAccept") => {
          const stages = of.stages.map((stage) => ({ ...stage, execute: { ...stage.execute, wave, stop: undefined } }));
          const { value, stages: done } = replayed({ ...of, stages: stages as Case["stages"] });
          return done[0]!.decision === "accept" ? value : undefined;
        };
        const all = exactly("all");
        accepted += Number(all !== undefined);
        expect([exactly("fewest"), exactly("toAccept")]).toEqual([all, all]);
      }),
      { numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});

describe("the answer that stands", () => {
  const end = fc.record({
    leader: fc.option(fc.nat(), { nil: undefined }),
    confidence: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
    accepted: fc.constant(false),
    flip: fc.option(fc.record({ before: fc.constant(0), guarded: fc.boolean() }), { nil: undefined }),
  });
  const ends = fc.array(end, { minLength: 1, maxLength: 4 });

  it("is never one that the harm guard kept out, and is some leader where one is left", () => {
    fc.assert(
      fc.property(ends, fc.boolean(), (list, stopped) => {
        const at = standingAnswer(list, { stopped })?.at;
        const left = list.flatMap(({ leader, flip }, i) => (leader === undefined || flip?.guarded ? [] : [i]));
        const measured = left.filter((i) => list[i]!.confidence !== null);
        const open = stopped ? measured : list.at(-1)!.flip?.guarded ? left.filter((i) => i === 0) : left;
        expect(open.length === 0 ? at === undefined : open.includes(at!)).toBe(true);
      }),
    );
  });

  it("is an accepted one, whatever a limit says", () => {
    fc.assert(
      fc.property(ends, fc.nat(), fc.boolean(), (list, leader, stopped) => {
        const all = [...list, { leader, confidence: 0.5, accepted: true }];
        expect(standingAnswer(all, { stopped })).toEqual({
          at: list.length,
          leader,
          confidence: 0.5,
          isFallback: false,
        });
      }),
    );
  });

  it("is the most confident where a limit ended the run, of equals the latest", () => {
    const leaders = [0.5, 0.75, 0.75, 0.25].map((confidence, leader) => ({ leader, confidence, accepted: false }));
    expect(standingAnswer(leaders, { stopped: true })?.leader).toBe(2);
    expect(standingAnswer(leaders)?.leader).toBe(3);
  });
});
