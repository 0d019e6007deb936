import { deepEqual } from "node:assert/strict";
import { CopeError } from "../errors.js";

/** What a contract needs of a test runner: vitest's, jest's, mocha's and Node's own all fit. */
export interface Runner {
  /** Groups cases under a title. */
  describe(title: string, body: () => void): unknown;
  /** One case; `skip` leaves it out and says so. */
  it: {
    (title: string, body: () => Promise<void>): unknown;
    /** A case that is not run. */
    skip(title: string, body: () => Promise<void>): unknown;
  };
}

/** How a contract is run. */
export interface ContractOptions {
  /** Where the cases go. @default the global `describe` and `it` */
  runner?: Runner;
  /** Titles of cases that cannot be kept, each with the reason. A title that does not exist is an error. */
  skip?: Readonly<Record<string, string>>;
}

/**
 * Hands the cases of a contract to the test runner.
 *
 * @throws CopeError OPTIONS_INVALID where there is no runner, or a skipped title is none of the cases
 */
export function runContract(
  title: string,
  cases: Readonly<Record<string, () => Promise<void>>>,
  { runner = globalRunner(), skip = {} }: ContractOptions,
): void {
  const unknown = Object.keys(skip).filter((name) => !Object.hasOwn(cases, name));
  if (unknown.length > 0) {
    const known = Object.keys(cases).join("; ");
    throw new CopeError("OPTIONS_INVALID", `skip: there is no case "${unknown[0]}".`, `use one of: ${known}.`);
  }
  runner.describe(title, () => {
    for (const [name, body] of Object.entries(cases)) {
      if (Object.hasOwn(skip, name)) runner.it.skip(`${name} (${skip[name]})`, body);
      else runner.it(name, body);
    }
  });
}

function globalRunner(): Runner {
  const { describe, it } = globalThis as Partial<Runner>;
  if (describe && it) return { describe, it };
  throw new CopeError(
    "OPTIONS_INVALID",
    "no test runner: there is no global `describe` and `it`.",
    'pass { runner: { describe, it } }, for instance from "vitest" or "node:test".',
  );
}

/** Compares as JSON: a field that is undefined is a field that is not there. */
export function equal(actual: unknown, expected: unknown, message?: string): void {
  deepEqual(plain(actual), plain(expected), message);
}

const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
