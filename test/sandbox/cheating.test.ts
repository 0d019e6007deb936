import { describe, expect, test } from "vitest";
import { runTests } from "../../src/sandbox/index.js";
import { CHEATS, HONEST, TESTS } from "./cheating.js";
import { hasBubblewrap } from "./there.js";

const limits = { wallMs: 2000, memoryMb: 256 };
const language = "python" as const;

describe.runIf(hasBubblewrap).concurrent("a program that cheats passes no test", () => {
  test.for(CHEATS)("$name", async ({ program }) => {
    const { results, ms } = await runTests({ language, program, entryPoint: "double", tests: TESTS, limits });
    expect(results.map(({ passed }) => passed)).toEqual(TESTS.map(() => false));
    expect(results.every(({ why }) => why)).toBe(true);
    expect(ms, "ends in time").toBeLessThan(limits.wallMs + 8000);
    const honest = await runTests({ language, program: HONEST, entryPoint: "double", tests: TESTS });
    expect(honest.results.map(({ passed, weak }) => passed && !weak)).toEqual(TESTS.map(() => true));
  });
});
