import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKit } from "../../src/graph/kit.js";
import { CopeOptions } from "../../src/graph/options.js";
import { fit, leftOf, mostTokens, worstRun, worstStage, type Worst } from "../../src/nodes/limits.js";
import { resolveSettings } from "../../src/nodes/settings.js";
import type { LedgerEntry } from "../../src/state/ledger.js";
import type { Budget, RunOptions } from "../../src/state/options.js";
import { answering } from "../support/fake-model.js";
import { plain } from "../support/plain-family.js";

// Whole numbers, dollars too: what is to be shown is the arithmetic, not the rounding of floating point.
const count = fc.integer({ min: 0, max: 5_000 });
const worst = fc.record<Worst>({ usd: count, calls: count, tokens: count });
const limit = fc.option(fc.integer({ min: -100, max: 100_000 }), { nil: undefined });
const budget = fc.record({ usd: limit, calls: limit, tokens: limit });
const someSamples = fc.integer({ min: 1, max: 16 });
const someAttempts = fc.integer({ min: 1, max: 5 });
const asked = { wanted: someSamples, attempts: someAttempts, each: worst, once: worst, left: budget };

/** What a wave costs when everything goes as badly as it can. */
const dearest = (key: keyof Worst, { each, once }: { each: Worst; once: Worst }, samples: number, tries: number) =>
  (each[key]! * samples + once[key]!) * tries;

const KEYS = ["usd", "calls", "tokens"] as const;

describe("fitting a wave into what the budget has left", () => {
  it("never grants what could pass a limit, nor more than was asked for", () => {
    fc.assert(
      fc.property(fc.record(asked), ({ wanted, attempts, each, once, left }) => {
        const granted = fit(wanted, attempts, each, once, left);
        expect(granted.count).toBeLessThanOrEqual(wanted);
        expect(granted.attempts).toBeLessThanOrEqual(attempts);
        if (granted.count === 0) return;
        for (const key of KEYS) {
          const cost = dearest(key, { each, once }, granted.count, granted.attempts);
          expect(cost).toBeLessThanOrEqual(left[key] ?? Infinity);
        }
      }),
    );
  });

  it("leaves nothing out that would fit: one sample more, tried once, would pass a limit", () => {
    fc.assert(
      fc.property(fc.record(asked), ({ wanted, attempts, each, once, left }) => {
        const granted = fit(wanted, attempts, each, once, left);
        if (granted.count === wanted) return;
        const over = KEYS.filter((key) => dearest(key, { each, once }, granted.count + 1, 1) > (left[key] ?? Infinity));
        expect(over).not.toEqual([]);
      }),
    );
  });

  it("grants at least as many samples from a larger budget", () => {
    fc.assert(
      fc.property(fc.record(asked), fc.nat(1_000), fc.constantFrom(...KEYS), (given, more, key) => {
        const { wanted, attempts, each, once, left } = given;
        const richer: Budget = { ...left, [key]: left[key] === undefined ? undefined : left[key] + more };
        expect(fit(wanted, attempts, each, once, richer).count).toBeGreaterThanOrEqual(
          fit(wanted, attempts, each, once, left).count,
        );
      }),
    );
  });

  it("grants everything without limits, also at unknown prices", () => {
    fc.assert(
      fc.property(someSamples, someAttempts, worst, worst, (samples, tries, each, once) => {
        const unpriced = (part: Worst) => ({ ...part, usd: null });
        expect(fit(samples, tries, unpriced(each), unpriced(once), {})).toEqual({ count: samples, attempts: tries });
      }),
    );
  });

  it("grants nothing of unknown price under a limit in dollars", () => {
    const each = { usd: null, calls: 1, tokens: 1 };
    expect(fit(8, 3, each, { usd: 0, calls: 0, tokens: 0 }, { usd: 1e9 }).count).toBe(0);
  });
});

const row = (part: Partial<LedgerEntry>): LedgerEntry => ({
  call: "1/solo/0/execute",
  attempt: 1,
  role: "small",
  model: "fake:fake",
  stage: "solo",
  purpose: "execute",
  status: "answered",
  inputTokens: 10,
  outputTokens: 5,
  usd: 2,
  price: "given",
  ms: 1,
  ...part,
});

describe("what the budget has left", () => {
  it("counts every attempt that was sent, and no cached one", () => {
    const sent = [
      row({}),
      row({ status: "failed", inputTokens: null, outputTokens: null, usd: 0 }),
      row({ status: "lost" }),
    ];
    const left = leftOf({ usd: 100, calls: 10, tokens: 1000 }, [...sent, row({ status: "cached" })]);
    expect(left).toEqual({ usd: 100 - 4, calls: 10 - 3, tokens: 1000 - 30 });
  });

  it("leaves limits that were not set unset", () => {
    expect(leftOf({ calls: 3 }, [row({})])).toEqual({ calls: 2 });
  });

  it("shrinks with every row", () => {
    const rows = fc.array(
      fc.record({ usd: fc.option(count), inputTokens: fc.option(count), outputTokens: fc.option(count) }),
    );
    fc.assert(
      fc.property(rows, (parts) => {
        const calls = parts.map(row);
        const all = leftOf({ usd: 1, calls: 1, tokens: 1 }, calls);
        const fewer = leftOf({ usd: 1, calls: 1, tokens: 1 }, calls.slice(1));
        for (const key of KEYS) expect(all[key]).toBeLessThanOrEqual(fewer[key]!);
      }),
    );
  });
});

describe("the worst case", () => {
  const task = { question: "How many?" };
  function of(options: RunOptions = {}) {
    const prices = { "fake:fake": { input: 1, output: 10 } };
    const given = { family: plain, small: answering("a"), large: answering("b"), prices, ...options };
    const { kit, construction } = createKit(CopeOptions.parse(given));
    const settings = resolveSettings(construction, []);
    return { kit, settings, stage: (at: number) => worstStage(kit, settings.stages[at]!, settings, task) };
  }

  it("of a sample with a goal of its own is two calls; a guideline is paid once for all", async () => {
    const { stage } = of();
    expect(await stage(0)).toMatchObject({ each: { calls: 2 }, once: { calls: 0, tokens: 0, usd: 0 } });
    expect(await stage(1)).toMatchObject({ each: { calls: 1 }, once: { calls: 1 } });
    expect(await stage(2)).toMatchObject({ each: { calls: 1 }, once: { calls: 0 } });
  });

  it("has room for whatever plans and answers may turn out to be", async () => {
    const { kit, settings, stage } = of();
    const { prompts } = kit.family(settings);
    // As long as its token limit allows, in bytes of the longest tokens there are in common vocabularies.
    const plan = (kind: "goal" | "guideline") => "x".repeat(4 * prompts.limits[kind].maxTokens);
    const shown = prompts.execute(task, { goal: plan("goal"), guideline: plan("guideline") });
    const { each } = await stage(1);
    expect(each.tokens).toBeGreaterThanOrEqual(mostTokens(shown) + prompts.limits.execute.maxTokens);
    // 1 dollar a million in, 10 out.
    expect(each.usd).toBeCloseTo((each.tokens + 9 * prompts.limits.execute.maxTokens) / 1e6);
  });

  it("of a run is at least that of each stage with all its samples", async () => {
    const { kit, settings, stage } = of({ samples: 5 });
    const whole = await worstRun(kit, settings, task);
    const stages = await Promise.all([stage(0), stage(1), stage(2)]);
    expect(whole.calls).toBe(2 * 5 + (1 + 5) + 1);
    const sizes = [5, 5, 1];
    const tokens = stages.reduce((sum, { each, once }, at) => sum + once.tokens + sizes[at]! * each.tokens, 0);
    expect(whole.tokens).toBe(tokens);
  });

  it("counts bytes, not letters: no tokenizer over bytes makes more of a text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (content) => {
        const bytes = new TextEncoder().encode(content).length;
        expect(mostTokens([{ role: "user", content }])).toBeGreaterThanOrEqual(bytes);
      }),
    );
  });
});
