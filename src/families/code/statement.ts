import { CopeError } from "../../errors.js";

/** A statement at the top level of a file of tests. */
export interface Statement {
  /**
   * `assert`; `check`, a function that is given the program's; `test`, one without parameters named `test…`; `call`, of one of
   * the file's own functions; `drop`, what has no use beside a program (its import, a main part); `other`, what tests may need.
   */
  kind: "assert" | "check" | "test" | "call" | "drop" | "other";
  text: string;
  /** Of a function, or the function that is called. */
  name?: string;
  /** Of a call: the name it is given. */
  given?: string;
}

/** The remedy where a file of tests is not what it should be. */
export const FORMS =
  "give asserts at the top level, a function check(candidate) that is called with the function's name, or functions named test_…";

/** What is wrong with a file of tests. */
export const invalid = (reason: string, remedy = FORMS, cause?: unknown) =>
  new CopeError("TASK_INVALID", `the tests: ${reason}`, remedy, cause === undefined ? {} : { cause });
