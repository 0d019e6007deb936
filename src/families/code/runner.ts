import { callFunction, checkSyntax, runTests } from "../../sandbox/index.js";

/** What the family needs of a sandbox: these functions of it, or others that keep the same promises. */
export interface CodeRunner {
  runTests: typeof runTests;
  callFunction: typeof callFunction;
  checkSyntax: typeof checkSyntax;
}

export const inSandbox: CodeRunner = { runTests, callFunction, checkSyntax };
