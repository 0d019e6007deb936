import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { deadlineIn } from "../../src/sandbox/deadline.js";

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;

function watched() {
  const stops: string[] = [];
  return { stops, process: { stop: (why: string) => void stops.push(why) } as never };
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
