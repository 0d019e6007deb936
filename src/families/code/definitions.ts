import { type CodeTask, headOf, type Language } from "./task.js";
import { withoutJavascriptTrials } from "./javascript.js";
import { withoutTrials } from "./own-trials.js";

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

/**
 * A program with what its task promises it: the task's imports, and the imports and helpers above the head that the question
 * gives, the imports that it forgot, and without its own trials. What it defines stays as it is. JavaScript loses the words of modules, which the sandbox has not.
 */
export function withNeeded(program: string, task: CodeTask): string {
  if (task.language === "javascript")
    return [
      ...missing(task.imports ?? [], program),
      withoutJavascriptTrials(withoutExports(program), namesIn(task)),
    ].join("\n");
  const before = headOf(task)?.before ?? "";
  const helpers = definedNames(before, "python");
  const lacksHelpers = helpers.some((name) => !definedNames(program, "python").includes(name));
  const given = lacksHelpers ? [before] : missing(before.match(/^(?:import|from)[ \t].*$/gm) ?? [], program);
  const known = [...missing(task.imports ?? [], [program, ...given].join("\n"))];
  const imports = [...known, ...forgottenImports([...known, ...given, program].join("\n"))];
  // Python wants these first.
  const futures = program.match(/^from __future__ import .*$/gm) ?? [];
  const rest = withoutTrials(program.replace(/^from __future__ import .*\n?/gm, ""), namesIn(task));
  return [
    ...futures,
    ...imports,
    ...given,
    ...(futures.length + imports.length + given.length > 0 ? [""] : []),
    rest,
  ].join("\n");
}

/** What the task's tests may name. */
const namesIn = ({ tests, setup = "", entryPoint = "" }: CodeTask): string[] =>
  [...tests, setup, entryPoint].join("\n").match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];

function missing(imports: readonly string[], program: string): string[] {
  const lines = new Set(program.split("\n").map((line) => line.trim()));
  return imports.map((line) => line.trim()).filter((line) => !lines.has(line));
}

function withoutExports(program: string): string {
  return program
    .replace(/^export[ \t]+(?:default[ \t]+)?(?=(?:async[ \t]+)?function\b|class\b|const\b|let\b|var\b)/gm, "")
    .replace(/^(?:export|(?:module\.)?exports[ \t]*=)[ \t]*\{[^{}]*\}.*$/gm, "")
    .replace(/^(?:export[ \t]+(?:default\b|\{)|module\.exports\b|exports\.\w+[ \t]*=).*$/gm, "")
    .trimEnd();
}

/** Modules of Python's standard library that small programs use by their name. */
const MODULES =
  "bisect calendar cmath collections copy datetime decimal fractions functools heapq itertools json math operator random re statistics string sys time".split(
    " ",
  );

/** Names of `typing` in annotations. */
const TYPES = ["Any", "Callable", "Dict", "Iterable", "List", "Optional", "Sequence", "Set", "Tuple", "Union"];

/** Only so much of a program is looked at, and no line that is longer: time is bounded whatever the text is. */
const MOST = 20_000;
const LINE = 300;

/**
 * Imports that a Python program forgets: modules of the standard library that it uses as `math.sqrt` and nowhere binds, and
 * names of `typing`. Small models leave them out in every tenth program.
 */
export function forgottenImports(program: string): string[] {
  // Strings and comments may name anything.
  const bare = program
    .slice(0, MOST)
    .replace(/"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#.*$/gm, "")
    .replace(new RegExp(`^.{${LINE},}$`, "gm"), "");
  const has = (pattern: string) => new RegExp(pattern, "m").test(bare);
  const imported = (name: string) => has(`\\bimport\\b[^\\n]*\\b${name}\\b|\\b(?:class|as)\\s+${name}\\b`);
  const bound = (name: string) =>
    imported(name) ||
    has(`^[ \\t]*${name}[ \\t]*(?::[^=\\n]+)?=[^=]|\\bfor\\s[^\\n]*\\b${name}\\b[^\\n]*\\bin\\b`) ||
    has(`\\bdef\\s+\\w+\\([^)]{0,300}\\b${name}\\b|\\b(?:def|lambda)\\s+${name}\\b`);
  const modules = MODULES.filter(
    (name) => bare.includes(`${name}.`) && has(`(?<![\\w.])${name}\\.\\w`) && !bound(name),
  );
  const hasTyping = /^from typing import .*\*/m.test(bare);
  const types = hasTyping
    ? []
    : TYPES.filter((name) => bare.includes(`${name}[`) && has(`(?<![\\w.])${name}\\[`) && !imported(name));
  return [
    ...modules.map((name) => `import ${name}`),
    ...(types.length > 0 ? [`from typing import ${types.join(", ")}`] : []),
  ];
}
