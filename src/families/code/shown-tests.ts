import { headOf } from "./head.js";
import type { CodeTask } from "./task.js";

/** So many tests, and UTF-16 units of them together, are shown in prompts at most. */
const SHOWN = { tests: 6, characters: 2_000 } as const;

/**
 * The tests as a prompt shows them: the first ones, as they fix the function's name and the order of its arguments. Those that
 * stand as examples in the question already are left out, and none is cut, since half a test misleads.
 */
export function shownTests(task: CodeTask): string {
  const { question, tests } = task;
  const isHead = headOf(task) !== undefined;
  const plain = question.replace(/\s+/g, "");
  let left: number = SHOWN.characters;
  const shown: string[] = [];
  for (const test of tests) {
    if (isHead && plain.includes(callIn(test))) continue;
    left -= test.length;
    if (left < 0 || shown.length === SHOWN.tests) break;
    shown.push(test.trim());
  }
  return shown.join("\n");
}

/** `f(1,2)` of `assert f(1, 2) == 3`, without spaces. */
function callIn(test: string): string {
  const [, call = test] = /^\s*assert\s+(.*?)\s*==/s.exec(test) ?? [];
  return call.replace(/\s+/g, "");
}
