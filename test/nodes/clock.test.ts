import { expect, it } from "vitest";
import { createClock, startTime } from "../../src/nodes/clock.js";

it("keeps one clock a run, and starts another when the run is over", () => {
  const clock = createClock();
  const first = clock.deadline("run", 60_000);
  expect(clock.deadline("run", 60_000)).toBe(first);
  expect(clock.deadline("other", 60_000)).not.toBe(first);
  expect(clock.deadline("run without a limit", undefined)).toBeUndefined();
  clock.forget("run");
  expect(clock.deadline("run", 60_000)).not.toBe(first);
});

it("drops the clocks of runs that never told their end, the oldest first", () => {
  const clock = createClock();
  const [old, used] = ["old", "used"].map((run) => clock.deadline(run, 60_000));
  for (let i = 0; i < 10_000; i++) {
    clock.deadline(`${i}`, 60_000);
    if (i === 5_000) clock.deadline("used", 60_000);
  }
  expect(clock.deadline("used", 60_000)).toBe(used);
  expect(clock.deadline("old", 60_000)).not.toBe(old);
});

it("tells runs apart that begin in the same millisecond", () => {
  const times = Array.from({ length: 1_000 }, startTime);
  expect(new Set(times).size).toBe(1_000);
});
