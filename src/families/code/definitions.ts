import type { Language } from "./task.js";

const TOP_LEVEL: Record<Language, RegExp> = {
  python: /^(?:(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(|class[ \t]+(\w+)[ \t]*[:(]|(\w+)[ \t]*=[ \t]*lambda\b)/gmu,
  javascript:
    /^(?:export[ \t]+(?:default[ \t]+)?)?(?:(?:async[ \t]+)?function[ \t]*\*?[ \t]*([\w$]+)|class[ \t]+([\w$]+)|(?:const|let|var)[ \t]+([\w$]+)[ \t]*=[ \t]*(?=(?:async\b[ \t]*)?(?:function\b|\([^)]*\)[ \t]*=>|[\w$]+[ \t]*=>)))/gmu,
};

/** Names of the functions and classes that a program defines at its top level, in order. */
export function definedNames(program: string, language: Language): string[] {
  return [...program.matchAll(TOP_LEVEL[language])].map((found) => found.slice(1).find((name) => name !== undefined)!);
}

/** The language of a program that `readCode` gave, by what it defines. */
export const languageOf = (program: string): Language =>
  definedNames(program, "python").length > 0 ? "python" : "javascript";

/** Words before a bracket that are no function of the task's. */
const NOT_TESTED: Record<Language, ReadonlySet<string>> = {
  python: new Set(
    (
      "assert not and or in is if else elif for while return lambda await with def class yield print " +
      "abs all any bool bytes callable complex dict divmod enumerate filter float format frozenset getattr hasattr hash " +
      "hex id int isinstance iter len list map max min next object oct ord pow range repr reversed round set sorted str " +
      "sum tuple type zip isclose approx"
    ).split(" "),
  ),
  javascript: new Set(
    (
      "assert if for while switch return function async await typeof new throw catch expect test it " +
      "Array BigInt Boolean Error Map Math Number Object Set String Symbol isNaN parseFloat parseInt structuredClone"
    ).split(" "),
  ),
};

/**
 * The function that tests try: the argument of a last `check(f)`, else the first name that all of them call.
 *
 * @param known - names that cannot be it, those of the setup
 */
export function testedName(
  tests: readonly string[],
  language: Language,
  known: readonly string[] = [],
): string | undefined {
  const checked = tests[0] === undefined ? undefined : checkedName(tests[0]);
  if (checked !== undefined) return checked;
  const [first, ...others] = tests.map((test) => calledNames(test, language));
  return first?.find((name) => !known.includes(name) && others.every((names) => names.includes(name)));
}

/** `f` of `def check(candidate): …` and `check(f)`. */
function checkedName(test: string): string | undefined {
  const check = /^(?:def|function)[ \t]+(\w+)[ \t]*\([ \t]*\w+[ \t]*\)/m.exec(test)?.[1];
  const [, called, name] = /^(\w+)\(([\w$]+)\);?$/m.exec(test.trim().split("\n").at(-1)!.trim()) ?? [];
  return check !== undefined && called === check ? name : undefined;
}

function calledNames(test: string, language: Language): string[] {
  // Strings may hold what looks like a call.
  const bare = test.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
  const names = [...bare.matchAll(/(?<![\w.$])([\p{L}_$][\w$]*)[ \t]*\(/gu)].map(([, name]) => name!);
  const own = definedNames(test, language);
  return names.filter((name) => !NOT_TESTED[language].has(name) && !own.includes(name));
}

/**
 * The function that a program is called by: the one its task names, else the one the tests call, else the last that the
 * program defines at its top level.
 */
export function entryPointOf(
  task: { language: Language; entryPoint?: string | undefined; tests: readonly string[]; setup?: string | undefined },
  program = "",
): string | undefined {
  const { language, entryPoint, tests, setup = "" } = task;
  return (
    entryPoint ?? testedName(tests, language, definedNames(setup, language)) ?? definedNames(program, language).at(-1)
  );
}
