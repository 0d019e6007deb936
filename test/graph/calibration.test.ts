import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readCalibration } from "../../src/graph/calibration.js";
import { createCope, strategies } from "../../src/index.js";
import { assertCalibratedModel } from "../../src/nodes/calibrated.js";
import { Calibration } from "../../src/state/calibration.js";
import { scriptedModel } from "../../src/testing/index.js";
import { temporaryFolder } from "../support/folder.js";

const [solo] = strategies["cope"]!;
const [large] = strategies["large"]!;
const figure = { mean: 0.9, interval: [0.8, 0.95] };

/** What `cope calibrate` could have written. */
const calibration = Calibration.parse({
  format: "langgraph-cope calibration",
  version: 1,
  madeAt: "2026-11-25T00:00:00.000Z",
  data: { name: "mine", fingerprint: "f", problems: 30 },
  family: "math",
  models: { small: { name: "test:small" }, large: { name: "test:large" } },
  seed: 0,
  goal: { kind: "not-below-large", points: 5 },
  labels: "gold",
  unit: "tokens",
  name: "solo → large",
  stages: [{ ...solo, execute: { ...solo!.execute, samples: 4 }, accept: { threshold: 1 } }, large],
  guideline: "critique",
  expected: {
    accuracy: figure,
    cost: figure,
    toLarge: { difference: 0, low: -0.1, high: 0.1, marginPoints: 5, verdict: "undecided" },
    folds: 5,
    agreeing: 5,
    unmet: 0,
  },
  inSample: { accuracy: 0.9, cost: 1 },
  optimism: { accuracy: 0, cost: 0 },
  large: { accuracy: figure, cost: figure },
  bought: [],
  riskCoverage: null,
  notes: [],
});

const answering = (name: string, value: string) =>
  scriptedModel(({ system }) => (/teacher/.test(system) ? "Find it." : `The final answer is $\\boxed{${value}}$.`), {
    as: `test:${name}`,
  });
const models = () => ({ small: answering("small", "4"), large: answering("large", "5") });
const ask = (options: Parameters<typeof createCope>[0]) => createCope(options).compile().invoke({ question: "2 + 2?" });

describe("a cascade by calibration", () => {
  it("takes stages, samples and thresholds from it, as an object or a file", async () => {
    const file = join(temporaryFolder(), "calibration.json");
    writeFileSync(file, JSON.stringify(calibration));
    for (const given of [calibration, file]) {
      const { stages, answer } = await ask({ ...models(), calibration: given });
      expect(stages).toMatchObject([{ name: "solo", planned: 4, threshold: 1, drawn: 4, decision: "accept" }]);
      expect(answer.value).toBe("4");
    }
  });

  it("lets what is explicit win: thresholds, samples, stages", async () => {
    const common = { ...models(), calibration };
    const { stages } = await ask({ ...common, thresholds: [0.5], samples: 2 });
    expect(stages).toMatchObject([{ name: "solo", planned: 2, threshold: 0.5 }]);
    const own = await ask({ ...common, stages: "large" });
    expect(own.answer).toMatchObject({ value: "5", stage: "large" });
  });

  it("is refused for another model, before that is asked", async () => {
    const small = answering("smaller", "4");
    await expect(ask({ ...models(), small, calibration })).rejects.toThrow(
      /CALIBRATION_MISMATCH.*test:small as "small".*test:smaller.*Remedy: .*--small test:small/,
    );
    expect(small.asked).toEqual([]);
  });

  it("is refused for a model that is chosen at run time", async () => {
    const graph = createCope({ ...models(), calibration }).compile();
    const options = { small: "ollama:qwen3:4b" };
    await expect(graph.invoke({ question: "2 + 2?", options })).rejects.toThrow(
      /CALIBRATION_MISMATCH.*ollama:qwen3:4b/,
    );
  });

  it("is refused for another family", async () => {
    const other = { ...calibration, family: "code" };
    await expect(ask({ ...models(), calibration: other, family: "math" })).rejects.toThrow(
      /CALIBRATION_MISMATCH.*"code".*"math"/,
    );
  });

  it("is refused for other weights of the same name", () => {
    const made = { family: "math", models: { small: { name: "llama:tiny", digest: "a".repeat(64) } } };
    const identity = { provider: "llama", model: "tiny", digest: "b".repeat(64) };
    expect(() => assertCalibratedModel(made, "small", identity)).toThrow(/CALIBRATION_MISMATCH.*weights.*aaaa.*bbbb/);
    assertCalibratedModel(made, "small", { ...identity, digest: "a".repeat(64) });
    // A role that nobody calibrated is no role of it.
    expect(() => assertCalibratedModel(made, "large", identity)).toThrow(/without a model for the role "large"/);
  });

  it.each([
    ["of a later version", { ...calibration, version: 2 }, /FILE_BROKEN.*version/],
    ["without stages", { ...calibration, stages: [] }, /FILE_BROKEN.*stages/],
    ["that is not there", "nowhere.json", /FILE_NOT_FOUND.*nowhere\.json/],
  ])("is refused as a whole: one %s", (_what, given, message) => {
    expect(() => readCalibration(given)).toThrow(message);
    expect(() => createCope({ calibration: given as never })).toThrow(message);
  });
});
