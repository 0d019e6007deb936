import { describe, expect, it } from "vitest";
import { createKit } from "../../src/graph/kit.js";
import { CopeOptions } from "../../src/graph/options.js";
import { ifLargeAlone } from "../../src/nodes/if-large-alone.js";
import { resolveSettings } from "../../src/nodes/settings.js";
import type { RunState } from "../../src/state/channels.js";
import type { LedgerEntry } from "../../src/state/ledger.js";
import { answering, FakeModel } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

const task = { question: "q".repeat(93) };
/** Characters of the prompt without a plan: the family's system message and the question. */
const PLAIN = "execute".length + 93;
const GOAL = "g".repeat(44);
const GUIDELINE = "h".repeat(89);

/** A sample of a run: who executed it, what it was shown, what the server counted. */
interface Drawn {
  stage: string;
  role: string;
  goal?: string;
  tokens?: [number | null, number | null];
  status?: LedgerEntry["status"];
}

function compute(options: Partial<CopeOptions>, drawn: Drawn[], guideline?: string) {
  const prices = { "fake:large": { input: 1, output: 10 } };
  const large = new FakeModel(() => "a", "large");
  const { kit, construction } = createKit(
    CopeOptions.parse({ family: plain, small: answering("a"), large, prices, ...options }),
  );
  const settings = resolveSettings(construction, []);
  const id = ({ stage }: Drawn, index: number) => `1/${stage}/${index}`;
  const state = {
    task,
    settings,
    samples: drawn.map((each, index) => ({
      id: id(each, index),
      stage: each.stage,
      index,
      text: "a",
      ...(each.goal ? { goal: each.goal } : {}),
    })),
    plans: guideline ? [{ id: "1/guided", stage: "guided", kind: "guideline", by: "large", text: guideline }] : [],
    calls: drawn.map((each, index) => ({
      call: `${id(each, index)}/execute`,
      role: each.role,
      purpose: "execute",
      status: each.status ?? "answered",
      inputTokens: each.tokens?.[0] ?? null,
      outputTokens: each.tokens?.[1] ?? null,
    })),
  };
  return ifLargeAlone(kit, state as unknown as RunState);
}

const dollars = (input: number, output: number) => input / 1e6 + (10 * output) / 1e6;

describe("what the large model alone would have cost", () => {
  it("is measured where it executed without a plan", async () => {
    expect(await compute({ stages: "large" }, [{ stage: "large", role: "large", tokens: [31, 77] }])).toEqual({
      inputTokens: 31,
      outputTokens: 77,
      usd: dollars(31, 77),
      estimated: false,
    });
  });

  it("is measured by the recorded call, too", async () => {
    const drawn: Drawn[] = [{ stage: "large", role: "large", tokens: [31, 77], status: "cached" }];
    expect(await compute({ stages: "large" }, drawn)).toMatchObject({ inputTokens: 31, estimated: false });
  });

  it("is estimated from its takeover with a guideline: the prompt less the guideline, its own length of answer", async () => {
    // "\nguideline=" and the guideline double the prompt.
    expect(`\nguideline=${GUIDELINE}`).toHaveLength(PLAIN);
    const drawn: Drawn[] = [
      { stage: "solo", role: "small", goal: GOAL, tokens: [90, 500] },
      { stage: "takeover", role: "large", tokens: [60, 77] },
    ];
    expect(await compute({}, drawn, GUIDELINE)).toEqual({
      inputTokens: 30,
      outputTokens: 77,
      usd: dollars(30, 77),
      estimated: true,
    });
  });

  it("is estimated from the small model's samples where the large one did not execute", async () => {
    // "\ngoal=" and the goal make the prompt half as long again.
    expect(`\ngoal=${GOAL}`).toHaveLength(PLAIN / 2);
    const drawn: Drawn[] = [
      { stage: "solo", role: "small", goal: GOAL, tokens: [45, 100] },
      { stage: "solo", role: "small", goal: GOAL, tokens: [45, 201] },
      { stage: "solo", role: "small", goal: GOAL, tokens: [45, 101] },
    ];
    expect(await compute({}, drawn)).toEqual({
      inputTokens: 30,
      outputTokens: 134,
      usd: dollars(30, 134),
      estimated: true,
    });
  });

  it("is measured where one of several calls of the large model had no plan, by that one alone", async () => {
    const drawn: Drawn[] = [
      { stage: "takeover", role: "large", tokens: [60, 7] },
      { stage: "large", role: "large", tokens: [31, 77] },
    ];
    const stages = [
      {
        name: "guided",
        plan: { by: "large", kind: "guideline" as const },
        sees: [],
        execute: { by: "small", samples: 1, temperature: 0 },
        accept: { threshold: 1 },
      },
      {
        name: "takeover",
        sees: ["guideline" as const],
        execute: { by: "large", samples: 1, temperature: 0 },
        accept: { threshold: 1 },
      },
      { name: "large", execute: { by: "large", samples: 1, temperature: 0 } },
    ];
    expect(await compute({ stages }, drawn, GUIDELINE)).toMatchObject({
      inputTokens: 31,
      outputTokens: 77,
      estimated: false,
    });
  });

  it("is unknown where no server counted tokens, and where nothing was executed", async () => {
    const unknown = { inputTokens: null, outputTokens: null, usd: null, estimated: true };
    expect(await compute({ stages: "large" }, [{ stage: "large", role: "large" }])).toEqual(unknown);
    expect(await compute({ stages: "large" }, [{ stage: "large", role: "large", tokens: [31, null] }])).toEqual(
      unknown,
    );
    expect(await compute({}, [{ stage: "solo", role: "small", goal: GOAL, status: "failed" }])).toEqual(unknown);
    expect(await compute({}, [])).toEqual(unknown);
  });

  it("passes over the large model's uncounted call to samples that were counted", async () => {
    const drawn: Drawn[] = [
      { stage: "solo", role: "small", goal: GOAL, tokens: [45, 100] },
      { stage: "takeover", role: "large" },
    ];
    expect(await compute({}, drawn, GUIDELINE)).toMatchObject({ inputTokens: 30, outputTokens: 100, estimated: true });
  });

  it("has no price where the large model's is unknown", async () => {
    const drawn: Drawn[] = [{ stage: "large", role: "large", tokens: [31, 77] }];
    expect(await compute({ stages: "large", prices: {} }, drawn)).toMatchObject({ inputTokens: 31, usd: null });
  });

  it("has no price where the large model was passed as an object and no stage asks it", async () => {
    const drawn: Drawn[] = [{ stage: "small", role: "small", tokens: [31, 77] }];
    expect(await compute({ stages: "small" }, drawn)).toEqual({
      inputTokens: 31,
      outputTokens: 77,
      usd: null,
      estimated: true,
    });
  });

  it("stays a number where prompts are empty", async () => {
    const prompts = { execute: () => [{ role: "user" as const, content: "" }] };
    const drawn: Drawn[] = [{ stage: "large", role: "large", tokens: [31, 77] }];
    expect(await compute({ stages: "large", prompts }, drawn)).toMatchObject({ inputTokens: 31, estimated: false });
  });
});
