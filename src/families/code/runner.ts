import { callFunction, checkSyntax, runTests } from "../../sandbox/index.js";

/** What the family needs of a sandbox: these functions of it, or others that keep the same promises. */
export interface CodeRunner {
  /** Tries a program on tests. */
  runTests: typeof runTests;
  /** Calls a function of a program with plain data. */
  callFunction: typeof callFunction;
  /** The error of a program that cannot be parsed. */
  checkSyntax: typeof checkSyntax;
}

export const inSandbox: CodeRunner = { runTests, callFunction, checkSyntax };
