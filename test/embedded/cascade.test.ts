import { afterAll, describe, expect, it } from "vitest";
import { createCope } from "../../src/index.js";
import { disposeEngines } from "../../src/models/llama/engine.js";
import { listModels } from "../../src/models/llama/library.js";
import { needs } from "../support/needs.js";

const pair = listModels().filter(({ name }) => name.startsWith("qwen2.5-coder"));
const present = pair.length === 2 && pair.every((model) => model.present);

describe.runIf(needs("the embedded pair (cope models pull …)", present))("the embedded pair", () => {
  afterAll(disposeEngines);

  it(
    "solves a word problem through the cascade, with every call in the ledger at no cost",
    { timeout: 600_000 },
    async () => {
      const question = "A box holds 6 eggs. Anna buys 3 boxes and uses 4 eggs. How many eggs are left?";
      const { answer, ledger, stages } = await createCope({ samples: 4 }).compile().invoke({ question });
      expect(answer.value).toBe("14");
      expect(answer.text.length).toBeGreaterThan(answer.value!.length);
      expect(ledger.usd).toBe(0);
      const { small } = ledger.byRole;
      expect(small!.model).toBe("llama:qwen2.5-coder-0.5b-instruct");
      expect(small!.calls).toBe(2 * stages[0]!.drawn + (stages[1]?.drawn ?? 0));
      expect(small!.inputTokens).toBeGreaterThan(100);
      expect(small!.outputTokens).toBeGreaterThan(20);
      expect(stages[0]!.plans.every(({ text }) => text.split(/\s+/).length < 60)).toBe(true);
    },
  );

  it("says what is wrong with a question that is longer than the context", { timeout: 120_000 }, async () => {
    const question = "How much is one and one? ".repeat(3000);
    await expect(createCope().compile().invoke({ question })).rejects.toMatchObject({ code: "CONTEXT_OVERFLOW" });
  });
});
