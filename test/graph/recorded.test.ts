import { describe, expect, it } from "vitest";
import { createCope } from "../../src/index.js";
import { FakeModel, type Asked } from "../support/fake-model.js";
import { askedKey, recordedRuns } from "../support/recorded.js";

describe("recorded runs of the embedded pair", () => {
  for (const { question, seed, replies, answer, stages } of recordedRuns()) {
    it(`end as they did: ${answer.value} in ${answer.stage} for "${question.slice(0, 40)}…"`, async () => {
      const replay = (asked: Asked) => {
        const reply = replies[askedKey(asked.system, asked.user, asked.seed)];
        if (reply === undefined)
          throw new Error("not recorded: prompts changed? Then run `tsx scripts/record-runs.ts`.");
        return reply;
      };
      const [small, large] = [new FakeModel(replay), new FakeModel(replay)];
      const run = await createCope({ small, large, seed }).compile().invoke({ question });
      expect(run.answer).toEqual(answer);
      // What has been told of stages since they were recorded may stand beside it.
      expect(run.stages).toMatchObject(stages);
      // The early stop asks for nothing beyond what the recorded run asked for.
      expect(small.asked.length + large.asked.length).toBe(Object.keys(replies).length);
    });
  }

  it("between them end in every stage", () => {
    const ends = new Set(recordedRuns().map(({ answer }) => answer.stage));
    expect([...ends].toSorted()).toEqual(["guided", "solo", "takeover"]);
  });
});
