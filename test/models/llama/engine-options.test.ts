import { expect, it, onTestFinished, vi } from "vitest";
import { engineSettings } from "../../../src/models/llama/engine-options.js";

it("decodes eight sequences on the threads of COPE_THREADS where nothing else is said", () => {
  vi.stubEnv("COPE_THREADS", "3");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(engineSettings({})).toEqual({ contextSize: 4096, sequences: 8, threads: 3, gpu: "auto", maxQueue: 1000 });
});

it("decodes one sequence on one thread when deterministic, whatever COPE_THREADS says", () => {
  vi.stubEnv("COPE_THREADS", "3");
  onTestFinished(() => void vi.unstubAllEnvs());
  const one = { sequences: 1, threads: 1 };
  expect(engineSettings({ deterministic: true })).toMatchObject(one);
  expect(engineSettings({ deterministic: true, ...one })).toMatchObject(one);
});

it.each([{ sequences: 4 }, { threads: 2 }])("refuses deterministic beside %o", (many) => {
  expect(() => engineSettings({ deterministic: true, ...many })).toThrow(/\[OPTIONS_INVALID\]/);
  expect(engineSettings({ deterministic: false, ...many })).toMatchObject(many);
});
