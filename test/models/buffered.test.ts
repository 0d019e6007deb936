import { expect, it } from "vitest";
import { buffered } from "../../src/models/buffered.js";

const wait = (ms: number) => new Promise((go) => setTimeout(go, ms));

it("gives all pieces in order and then the result, however slow the reader", async () => {
  const worked = Promise.withResolvers<void>();
  const pieces = buffered<number, string>(async (tell) => {
    for (let n = 0; n < 5; n += 1) {
      tell(n);
      await wait(1);
    }
    worked.resolve();
    return "end";
  });
  expect((await pieces.next()).value).toBe(0);
  // The work goes on to its end while nobody reads.
  await worked.promise;
  const rest: unknown[] = [];
  for (;;) {
    const { value, done: over } = await pieces.next();
    rest.push(value);
    if (over) break;
  }
  expect(rest).toEqual([1, 2, 3, 4, "end"]);
});

it("aborts the work when the reader leaves", async () => {
  let aborted = false;
  const pieces = buffered<number, void>(async (tell, signal) => {
    signal.addEventListener("abort", () => (aborted = true));
    tell(1);
    await wait(20);
  });
  for await (const _ of pieces) break;
  expect(aborted).toBe(true);
});

it("throws what the work throws, after the pieces told before", async () => {
  const pieces = buffered<number, void>(async (tell) => {
    tell(1);
    throw new Error("cut");
  });
  expect((await pieces.next()).value).toBe(1);
  await expect(pieces.next()).rejects.toThrow("cut");
});
