import { expect, it } from "vitest";
import { createCope } from "../../src/index.js";
import { scriptedModel } from "../../src/testing/index.js";

const question = "Why do leaves turn red?";

/** Answers of which the last two of eight are unlike the others. */
const talker = () =>
  scriptedModel(({ purpose, index }) =>
    purpose === "execute" ? (index! < 6 ? "Green fades." : "Who knows?") : "A plan.",
  );

/** Two kinds of texts, at a right angle. */
const embeddings = {
  embedQuery: async (text: string) => (text.startsWith("Green") ? [1, 0] : [0, 1]),
  embedDocuments: async () => [],
};

it("an open question is answered by the most typical sample, where models tell no log-probabilities", async () => {
  const options = { family: "chat", small: talker(), large: talker(), embeddings } as const;
  const { answer, stages } = await createCope(options).compile().invoke({ question });
  expect(stages[0]).toMatchObject({ threshold: 0.9, confidence: 5 / 7 });
  expect(stages[0]!.why).toContain("semantic agreement by embeddings");
  expect(answer.stage).toBe("takeover");
  const low = await createCope({ ...options, thresholds: [0.7, 0.7] })
    .compile()
    .invoke({ question });
  expect(low.answer).toMatchObject({ value: "Green fades.", stage: "solo" });
});

it("without log-probabilities and embeddings it is refused before any call", async () => {
  const small = talker();
  for (const options of [{}, { scorer: "perplexity" }]) {
    const cope = createCope({ family: "chat", small, large: talker(), ...options }).compile();
    await expect(cope.invoke({ question })).rejects.toThrow("[ABILITY_MISSING]");
  }
  expect(small.asked).toEqual([]);
});
