import { createHash } from "node:crypto";
import type { Problem } from "../../src/evaluation/problem.js";
import type { AnyFamily } from "../../src/families/types.js";
import { createMath } from "../../src/index.js";
import { scriptedModel, type ScriptedModel } from "../../src/testing/index.js";

/** A fraction in [0, 1) of a text: chance that repeats. */
export function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

/**
 * A model that is right with some chance and else gives one of a few wrong answers, as a function of what it is asked and
 * with which seed; some answers cannot be read, some calls fail.
 */
export function fallibleModel(
  name: string,
  right: number,
  { fails = true, reasoning = "Some reasoning." } = {},
): ScriptedModel {
  return scriptedModel(
    ({ messages, seed, system }) => {
      const asked = `${name}/${seed}/${JSON.stringify(messages)}`;
      if (/teacher/.test(system)) return `Find the number that belongs to ${seed % 7}.`;
      if (/coach/.test(system)) return "Count with care.";
      const chance = fraction(asked);
      if (fails && chance > 0.97) return new Error("the model broke");
      if (chance > 0.93) return "I do not know.";
      const gold = /number (\d+)/.exec(messages.at(-1)!.content)?.[1] ?? "0";
      const said = chance < right * 0.93 ? gold : String(Number(gold) + 1 + Math.floor(fraction(`${asked}!`) * 3));
      return `${reasoning} The final answer is $\\boxed{${said}}$.`;
    },
    { as: `test:${name}` },
  );
}

/** Problems whose answer stands in them. */
export function numberProblems(count: number): Problem[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `p${i}`,
    family: "math",
    task: { question: `Which is the number ${10 + i}?` },
    gold: String(10 + i),
    about: { level: String(1 + (i % 3)) },
  }));
}

/** Mathematics whose answers are run: they pass the more of three checks the nearer they are. */
export function checkedMath(): AnyFamily {
  const math = createMath();
  return {
    ...math,
    name: "checked-math",
    scorer: "tests",
    async read(text, task) {
      const reading = await math.read(text, task);
      if (!reading)
        return {
          why: "there is no number",
          checks: { passed: 0, total: 3, failures: [{ test: "number", why: "none" }] },
        };
      const off = Math.abs(Number(reading.value) - Number(/number (\d+)/.exec(task.question)![1]));
      const failures = [1, 2, 3].slice(0, off).map((n) => ({ test: `within ${n - 1}`, why: `it is ${off} off` }));
      return { ...reading, checks: { passed: 3 - failures.length, total: 3, failures } };
    },
  };
}
