import { afterEach, describe, expect, it } from "vitest";
import { createMathSame } from "../../../src/families/math/same.js";
import { createMathWorker } from "../../../src/families/math/pool.js";

const r = String.raw;
const { NODE_OPTIONS } = process.env;

afterEach(() => {
  if (NODE_OPTIONS === undefined) delete process.env["NODE_OPTIONS"];
  else process.env["NODE_OPTIONS"] = NODE_OPTIONS;
});

/** Holds this thread up. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe("the math worker", () => {
  it("loses no verdict while this thread is held up for longer than the limit", async () => {
    const { same, warm, close } = createMathSame({ timeLimitMs: 200 });
    warm();
    expect(await same(r`2\sqrt{8}+1`, r`1+4\sqrt{2}`)).toBe(true);
    for (const k of [3, 5]) {
      const verdict = same(r`${k}\sqrt{8}+1`, r`1+${2 * k}\sqrt{2}`);
      block(1_000);
      expect(await verdict).toBe(true);
    }
    // Held up while the worker starts, too.
    await close();
    const first = same(r`7\sqrt{8}+1`, r`1+14\sqrt{2}`);
    block(1_000);
    expect(await first).toBe(true);
    await close();
  });

  it("ends a computation without end as unknown, does not remember that, and goes on", async () => {
    const worker = createMathWorker(100);
    expect(await worker.ask([r`\pi`, "\\pi+0"])).toBe(true);
    const hung = r`\sum_{n=1}^{10^{12}} \sin(n^2+1)`;
    const [first, second, next] = await Promise.all([
      worker.ask([hung, r`\pi`]),
      worker.ask([hung, r`\pi`]),
      worker.ask([r`\sqrt{50}`, r`5\sqrt{2}`]),
    ]);
    expect([first, second]).not.toContain(true);
    expect(next).toBe(true);
    await worker.close();
  });

  it("tells by a coded error that it cannot start, and tries again when it is asked again", async () => {
    const worker = createMathWorker(2_000);
    process.env["NODE_OPTIONS"] = "--require=/no/such/file.cjs";
    worker.warm();
    await expect(worker.ask([r`\sqrt{8}`, r`2\sqrt{2}`])).rejects.toMatchObject({ code: "INTERNAL" });
    delete process.env["NODE_OPTIONS"];
    expect(await worker.ask([r`\sqrt{8}`, r`2\sqrt{2}`])).toBe(true);
    await worker.close();
  });
});
