import type { Environment } from "../../src/environments/index.js";
import { describe, expect, it } from "vitest";
import { environmentContract } from "../../src/testing/index.js";

/** A counter that is to reach five. */
function counter(change: Partial<Environment> = {}): Environment {
  let at = 0;
  const env: Environment = {
    goal: "Reach five.",
    get done() {
      return at === 5;
    },
    observe: () => `It is ${at}.`,
    actions: () => (at === 5 ? [] : ["up", "down"]),
    async step(command) {
      if (at < 5) at += command === "up" ? 1 : command === "down" ? -1 : 0;
      return { observation: env.observe(), done: env.done };
    },
    save: () => at,
    restore(saved) {
      at = saved as number;
    },
  };
  return Object.defineProperties(env, Object.getOwnPropertyDescriptors(change));
}

environmentContract("An environment of a few lines keeps the contract of environments", () => counter(), {
  runner: { describe, it },
});

/** Titles of the cases that fail. */
async function broken(make: () => Environment): Promise<string[]> {
  const failed: string[] = [];
  const bodies: [string, () => Promise<void>][] = [];
  const note = (title: string, body: () => Promise<void>) => bodies.push([title, body]);
  environmentContract("any", make, {
    runner: { describe: (_, body) => body(), it: Object.assign(note, { skip: () => {} }) },
  });
  for (const [title, body] of bodies) await body().catch(() => failed.push(title));
  return failed;
}

describe("the contract of environments", () => {
  it.each<[string, Partial<Environment>, string]>([
    ["throws at a strange command", { step: async () => Promise.reject(new Error("what?")) }, "answers a command"],
    ["forgets on restoring", { restore() {} }, "goes on from what was saved, in another one"],
    ["offers a command twice", { actions: () => ["up", "up"] }, "tells what is to be reached"],
    ["saves what is no JSON", { save: () => new Map() as never }, "saves plain JSON"],
  ])("finds one that %s", async (_, change, title) => {
    const failed = await broken(() => counter(change));
    expect(failed.some((name) => name.startsWith(title))).toBe(true);
  });

  it("finds nothing wrong with one that keeps it", async () => {
    expect(await broken(() => counter())).toEqual([]);
  });
});
