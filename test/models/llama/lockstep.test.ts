import { expect, it } from "vitest";
import { Lockstep } from "../../../src/models/llama/lockstep.js";

const settle = () => new Promise(setImmediate);

it("lets calls go on together, in the order of their places", async () => {
  const lockstep = new Lockstep();
  const log: string[] = [];
  const call = async (place: number, steps: number) => {
    for (let step = 0; step < steps; step += 1) {
      await lockstep.next(place);
      log.push(`${step}:${place}`);
    }
    lockstep.leave();
  };
  for (let member = 0; member < 3; member += 1) lockstep.join();
  await Promise.all([call(2, 1), call(0, 3), call(1, 2)]);
  expect(log).toEqual(["0:0", "0:1", "0:2", "1:0", "1:1", "2:0"]);
});

it("waits for a call that has joined and is not ready, until it leaves", async () => {
  const lockstep = new Lockstep();
  lockstep.join();
  lockstep.join();
  let went = false;
  const waiting = lockstep.next(0).then(() => (went = true));
  await settle();
  expect(went).toBe(false);
  lockstep.leave();
  await waiting;
  expect(went).toBe(true);
});
