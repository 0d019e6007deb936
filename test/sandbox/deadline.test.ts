import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { deadlineIn } from "../../src/sandbox/deadline.js";

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

function watched() {
  const stops: string[] = [];
  return {
    stops,
    process: { stop: (why: string) => void stops.push(why), cpuTime: () => ({ waited: 0, used: 0 }) } as never,
  };
}

it("a clock that is closed while it is held runs no more", async () => {
  const before = timers();
  const clock = deadlineIn(50);
  const one = watched();
  clock.watch(one.process);
  let go = () => {};
  const held = clock.held(new Promise<void>((done) => (go = done)));
  clock.close();
  go();
  await held;
  expect(timers()).toBe(before);
  await sleep(80);
  expect(one.stops).toEqual(["done"]);
  expect(clock.passed).toBe(false);
});

it("a clock that two waits hold goes on when both are over", async () => {
  const clock = deadlineIn(30);
  const one = watched();
  clock.watch(one.process);
  let go = () => {};
  const longer = clock.held(new Promise<void>((done) => (go = done)));
  await clock.held(Promise.resolve());
  await sleep(60);
  expect(clock.passed).toBe(false);
  go();
  await longer;
  await sleep(60);
  expect(one.stops).toEqual(["timeout"]);
});

it("time in which others had the CPUs is none of a program's, nine times its limit at the most", async () => {
  const clock = deadlineIn(20);
  const one = watched();
  const began = performance.now();
  const stopped = new Promise<number>((done) => {
    const held = { ...(one.process as object), stop: () => done(performance.now() - began) };
    clock.watch({ ...held, cpuTime: () => ({ waited: performance.now() - began, used: 0 }) } as never);
  });
  const lasted = await stopped;
  expect(lasted).toBeGreaterThan(150);
  clock.close();
});

it("a program whose own processes crowd the CPUs gains no time by waiting for them", async () => {
  const clock = deadlineIn(20);
  const began = performance.now();
  const lasted = await new Promise<number>((done) => {
    const cpuTime = () => {
      const ms = performance.now() - began;
      return { waited: ms, used: ms * availableParallelism() };
    };
    clock.watch({ stop: () => done(performance.now() - began), cpuTime } as never);
  });
  expect(lasted).toBeLessThan(150);
  clock.close();
});
