import { definedNames } from "./definitions.js";
import { headOf } from "./head.js";
import { withoutJavascriptTrials } from "./javascript-trials.js";
import { withoutTrials } from "./own-trials.js";
import { forgottenImports } from "./standard-imports.js";
import type { CodeTask } from "./task.js";

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
