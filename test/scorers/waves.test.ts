import { describe, expect, it } from "vitest";
import { MAX_WAVES, nextWave } from "../../src/scorers/waves.js";

const first = { waves: 0, drawn: 0, planned: 8, missing: { toAccept: 6, toEscalate: 3 } };

describe("the next wave", () => {
  it("is what is missing to accept, or to settle either way, or everything", () => {
    expect(nextWave({ ...first, policy: "toAccept" })).toBe(6);
    expect(nextWave({ ...first, policy: "fewest" })).toBe(3);
    expect(nextWave({ ...first, policy: "all" })).toBe(8);
  });

  it("is everything where the scorer cannot say what is missing", () => {
    expect(nextWave({ policy: "fewest", waves: 0, drawn: 2, planned: 8 })).toBe(6);
  });

  it("takes what remains as the third wave, and as any later one", () => {
    const missing = { toAccept: 1, toEscalate: 1 };
    expect(nextWave({ policy: "fewest", waves: 1, drawn: 3, planned: 8, missing })).toBe(1);
    expect(nextWave({ policy: "fewest", waves: MAX_WAVES - 1, drawn: 4, planned: 8, missing })).toBe(4);
    expect(nextWave({ policy: "fewest", waves: MAX_WAVES, drawn: 5, planned: 8, missing })).toBe(3);
  });

  it("is never empty and never more than is left", () => {
    const settled = { toAccept: 0, toEscalate: Infinity };
    expect(nextWave({ policy: "toAccept", waves: 1, drawn: 3, planned: 8, missing: settled })).toBe(1);
    const never = { toAccept: Infinity, toEscalate: Infinity };
    expect(nextWave({ policy: "toAccept", waves: 1, drawn: 3, planned: 8, missing: never })).toBe(5);
  });

  it("is empty when everything is drawn", () => {
    expect(nextWave({ ...first, policy: "toAccept", drawn: 8 })).toBe(0);
    expect(nextWave({ ...first, policy: "all", drawn: 9 })).toBe(0);
  });
});
