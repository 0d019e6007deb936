import { beforeAll, describe, expect, it } from "vitest";
import { calibrate } from "../../../src/evaluation/calibrate/calibrate.js";
import { createCascade } from "../../../src/evaluation/methods/cascade.js";
import { outcomesOf } from "../../../src/evaluation/outcomes.js";
import type { Recorded } from "../../../src/evaluation/recorded.js";
import { Calibration } from "../../../src/state/calibration.js";
import { recordedBy, skilledModel, suiteFolder } from "./recordings.js";

/** Agreement tells right from wrong: easy problems are always right, hard ones scatter. */
const telling = () => ({
  small: skilledModel("small", { easy: 1, hard: 0 }),
  large: skilledModel("large", { easy: 1, hard: 1 }),
});

describe("a calibration", () => {
  const folder = suiteFolder();
  let recorded: Recorded & { tape: string };
  beforeAll(async () => {
    recorded = await recordedBy(folder, telling());
  });

  it("finds the stages whose confidence tells right from wrong, at the accuracy of the large model and a part of its cost", () => {
    const found = calibrate(recorded, { atLeastAccuracy: 1 });
    expect(found.inSample.accuracy).toBe(1);
    expect(found.inSample.cost).toBeLessThan(0.5 * found.large.cost.mean);
  });
});
