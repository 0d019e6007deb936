import type { CodeRunner } from "../../../src/families/code/runner.js";

/** What was asked of the runner, in order. */
export interface Ran {
  kind: "tests" | "syntax" | "call";
  program: string;
}

/**
 * A runner that runs nothing: tests pass where the program contains the text behind `needs ` in the test, and a program with
 * an unclosed bracket, or a line `!`, has a syntax error.
 */
export function fakeRunner(): CodeRunner & { ran: Ran[] } {
  const ran: Ran[] = [];
  const syntaxOf = (code: string) => {
    const count = (pattern: RegExp) => code.match(pattern)?.length ?? 0;
    const broken = count(/\(/g) !== count(/\)/g) || /^!|:\s*$/m.test(code.trimEnd().split("\n").at(-1)!);
    return broken ? "SyntaxError: invalid syntax" : undefined;
  };
  return {
    ran,
    runTests: async ({ program, tests }) => {
      ran.push({ kind: "tests", program });
      const why = syntaxOf(program);
      if (why !== undefined) return { loaded: false, why, results: [], ms: 0 };
      const results = tests.map((test) => {
        const passed = program.includes(/needs (.*)$/.exec(test)?.[1] ?? "");
        return { test, passed, weak: test.startsWith("weak"), ...(passed ? {} : { why: "it returned\n3" }) };
      });
      return { loaded: true, results, ms: 0 };
    },
    callFunction: async ({ program, inputs }) => {
      ran.push({ kind: "call", program });
      return inputs.map(() => ({ error: "not run" }));
    },
    checkSyntax: async ({ code }) => {
      ran.push({ kind: "syntax", program: code });
      return syntaxOf(code);
    },
  };
}
