// What tests may assert with: the functions of Node's `assert` that tests of programs use.
/* oxlint-disable no-unused-vars, no-undef, eqeqeq -- put together with the file that uses it */

class AssertionError extends Error {
  name = "AssertionError";
}

function told(value) {
  try {
    const text =
      typeof value === "string" || Array.isArray(value) || isRecord(value) ? JSON.stringify(value) : String(value);
    return text.length > 120 ? `${text.slice(0, 119)}…` : text;
  } catch {
    return typeof value;
  }
}

function alike(a, b, same) {
  if (same(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Date) return a.getTime() === b.getTime();
  if (a instanceof Map)
    return a.size === b.size && [...a].every(([key, held]) => b.has(key) && alike(held, b.get(key), same));
  if (a instanceof Set)
    return a.size === b.size && [...a].every((one) => b.has(one) || [...b].some((other) => alike(one, other, same)));
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && alike(a[key], b[key], same))
  );
}

function hold(condition, message, otherwise) {
  if (condition) return;
  if (message instanceof Error) throw message;
  throw new AssertionError(message ?? otherwise ?? "");
}

const loose = (a, b) => a == b || (a !== a && b !== b);
const nearly = (a, b) => a === b || Object.is(a, b);
const differs = (a, b) => `${told(a)} is not ${told(b)}`;

const assert = (value, message) => hold(value, message);
Object.assign(assert, {
  AssertionError,
  ok: assert,
  equal: (a, b, message) => hold(loose(a, b), message, differs(a, b)),
  notEqual: (a, b, message) => hold(!loose(a, b), message, `both are ${told(a)}`),
  strictEqual: (a, b, message) => hold(Object.is(a, b), message, differs(a, b)),
  notStrictEqual: (a, b, message) => hold(!Object.is(a, b), message, `both are ${told(a)}`),
  deepEqual: (a, b, message) => hold(alike(a, b, nearly), message, differs(a, b)),
  notDeepEqual: (a, b, message) => hold(!alike(a, b, nearly), message, `both are ${told(a)}`),
  deepStrictEqual: (a, b, message) => hold(alike(a, b, Object.is), message, differs(a, b)),
  notDeepStrictEqual: (a, b, message) => hold(!alike(a, b, Object.is), message, `both are ${told(a)}`),
  throws: (run, expected, message) => {
    try {
      run();
    } catch (error) {
      const fits =
        typeof expected === "function"
          ? error instanceof expected || error?.name === expected.name
          : !(expected instanceof RegExp) || expected.test(String(error));
      return hold(fits, message, `it throws ${said(error)}`);
    }
    return hold(false, message, "it does not throw");
  },
  fail: (message) => hold(false, message, "failed"),
});
assert.strict = assert;

globalThis.assert = assert;
globalThis.console.assert = (value, ...message) =>
  hold(value, message.length > 0 ? message.map(String).join(" ") : undefined);
globalThis.require = (name) => {
  if (/^(node:)?assert(\/strict)?$/.test(name)) return assert;
  throw new Error(`Cannot find module '${name}'`);
};
