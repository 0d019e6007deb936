import { afterAll, describe, expect, it } from "vitest";
import { createCope } from "../../src/index.js";
import { disposeEngines } from "../../src/models/llama/engine.js";
import { listModels } from "../../src/models/llama/library.js";
import { needs } from "../support/needs.js";

const pair = listModels().filter(({ name }) => name.startsWith("qwen2.5-coder"));
const present = pair.length === 2 && pair.every((model) => model.present);
const STAGES = ["solo", "guided", "takeover"];

describe.runIf(needs("the embedded pair (cope models pull …)", present))("the embedded pair", () => {
  afterAll(disposeEngines);

  // What models as small as these answer is luck; that it is read, reported and billed is not.
  it(
    "answers a word problem through the cascade, with every call in the ledger at no cost",
    { timeout: 600_000 },
    async () => {
      const question = "A box holds 6 eggs. Anna buys 3 boxes and uses 4 eggs. How many eggs are left?";
      const { answer, ledger, stages } = await createCope({ samples: 3 }).compile().invoke({ question });
      expect(answer.value).toMatch(/\d/);
      expect(answer.text).toMatch(/\w/);

      expect(stages.map(({ name }) => name)).toEqual(STAGES.slice(0, stages.length));
      const [solo, guided, takeover] = stages;
      const last = stages.at(-1)!;
      expect(answer.stage === last.name ? last.name : answer.fallbackFrom).toBe(last.name);
      for (const stage of stages) {
        expect(stage.decision).toMatch(stage === last ? /^(accept|last)$/ : /^escalate$/);
        expect(stage.drawn).toBeGreaterThanOrEqual(1);
        expect(stage.drawn).toBeLessThanOrEqual(stage.planned);
        for (const { text } of stage.plans) expect(text.split(/\s+/).length).toBeLessThan(60);
      }
      const plansOf = (stage: typeof solo) => stage?.plans.map(({ kind, by }) => `${kind} by ${by}`);
      expect(plansOf(solo)).toEqual(Array.from({ length: solo!.drawn }, () => "goal by small"));
      expect(plansOf(guided)).toEqual(guided && ["guideline by large"]);

      const { small, large } = ledger.byRole;
      expect(small!.model).toBe("llama:qwen2.5-coder-0.5b-instruct");
      expect(small!.calls).toBe(2 * solo!.drawn + (guided?.drawn ?? 0));
      expect(large?.calls ?? 0).toBe((guided ? 1 : 0) + (takeover?.drawn ?? 0));
      expect(ledger.calls).toBe(small!.calls + (large?.calls ?? 0));
      for (const { inputTokens, outputTokens } of Object.values(ledger.byRole)) {
        expect(inputTokens).toBeGreaterThan(50);
        expect(outputTokens).toBeGreaterThan(5);
      }
      expect([ledger.usd, ledger.ifLargeAlone.usd]).toEqual([0, 0]);
    },
  );

  it("says what is wrong with a question that is longer than the context", { timeout: 120_000 }, async () => {
    const question = "How much is one and one? ".repeat(3000);
    await expect(createCope().compile().invoke({ question })).rejects.toMatchObject({ code: "CONTEXT_OVERFLOW" });
  });
});
