import type { Language, RanIn, RunOptions } from "./types.js";

/** A program and its tests. */
export interface TestRun extends RunOptions {
  language: Language;
  program: string;
  /**
   * The function that tests call; not for classes, whose tests need the program beside them.
   *
   * @default whichever functions of the program the tests name
   */
  entryPoint?: string;
  /** Text that runs before the tests, in their process: imports, helpers. */
  setup?: string;
  /** One or more statements each: `assert f(1) == 2`, or a definition of `check` and its call. */
  tests: readonly string[];
}

/** How one test ended. */
export interface TestResult {
  test: string;
  passed: boolean;
  /** It needed the program itself in its process, so that a program that means to cheat could have passed it. */
  weak: boolean;
  /** Why it failed; begins with `the test itself is broken: ` where the program cannot be blamed. */
  why?: string;
}

/** How a program did in its tests. */
export interface TestsEnd {
  /** Whether the program could be loaded and has the entry point; no test has run otherwise. */
  loaded: boolean;
  /** Why it could not. */
  why?: string;
  results: TestResult[];
  /** The sandbox that ran it; absent where a runner of one's own does not say. */
  sandbox?: RanIn;
  ms: number;
}

/** All tests failed for one reason. */
export function allFailed(tests: readonly string[], why: string): TestResult[] {
  return tests.map((test) => ({ test, passed: false, weak: false, why }));
}
