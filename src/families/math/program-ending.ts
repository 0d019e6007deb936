/** A top-level function and its parameters. */
const FUNCTION = /^def[ \t]+([A-Za-z_]\w*)[ \t]*\(([^()]*)\)/gm;
/** Names that a function which computes the answer usually has. */
const USUAL = /^(?:solution|solve|main|answer)$/;
/** A name alone, or a value given to one. */
const NAMED = /^([A-Za-z_]\w*)[ \t]*(?::[^=]*)?(?:=(?!=).*)?$/;

/**
 * Lines that make a program print its answer, for one that ran and printed nothing:
 *
 * 1. it defines functions that need no argument: the last of those named solution, solve, main or answer is called, else the
 *    last of all, and what it returns is printed;
 * 2. its last line that is not indented is a name, or gives one a value: that name is printed.
 *
 * @returns `undefined` where neither holds.
 */
export function endingOf(program: string): string | undefined {
  const callable = [...program.matchAll(FUNCTION)]
    .filter(([, , parameters]) => parameters!.split(",").every((one) => /^\s*(?:\*|$)|=/.test(one)))
    .map(([, name]) => name!);
  const called = callable.findLast((name) => USUAL.test(name)) ?? callable.at(-1);
  // A function that prints by itself returns None.
  if (called !== undefined) return `_returned = ${called}()\nif _returned is not None:\n    print(_returned)`;
  const last = program.split("\n").findLast((line) => /^[^\s#]/.test(line));
  const name = last === undefined ? undefined : NAMED.exec(last.replace(/[ \t]*#.*$/, "").trimEnd())?.[1];
  return name === undefined ? undefined : `print(${name})`;
}
