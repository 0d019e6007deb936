import type { Part } from "./python-parts.js";

/** What a statement does with names. Words are looked at, so that it may seem to read more than it does, and never less. */
export interface Names {
  reads: Set<string>;
  /** Names that are made, or made anew. */
  binds: Set<string>;
  /** Names whose object is changed: an item, an attribute, by a method that changes things. */
  changes: Set<string>;
  /** Names of the module's that are bound within a function. */
  globals: Set<string>;
}

const WORD = /(?<![\p{L}\p{N}_.])[\p{L}_][\p{L}\p{N}_]*/gu;
const CHANGING =
  /(?<![\p{L}\p{N}_.])([\p{L}_][\p{L}\p{N}_]*)(?:\[[^\]]*\]|\.\w+)*\.(?:append|add|update|extend|insert|setdefault|pop|popitem|remove|discard|clear|sort|reverse|appendleft|extendleft|register\w*|set\w*|seed|fill|load\w*|build\w*|init\w*)[ ]*\(/gu;

const words = (text: string): string[] => text.match(WORD) ?? [];

/** The names of a statement, those of what is nested in it, too. */
export function namesOf({ lines }: Part): Names {
  const names: Names = { reads: new Set(), binds: new Set(), changes: new Set(), globals: new Set() };
  for (const line of lines) {
    for (const word of words(line)) names.reads.add(word);
    for (const [, name] of line.matchAll(CHANGING)) names.changes.add(name!);
    for (const name of boundBy(line)) names.binds.add(name);
    const [, outer] = /^\s*global\s+(.*)/.exec(line) ?? [];
    for (const name of words(outer ?? "")) names.globals.add(name);
    for (const target of targetsOf(line)) {
      const [root, rest] = [/^[\p{L}_][\p{L}\p{N}_]*/u.exec(target)?.[0], target.replace(/^[\p{L}\p{N}_]+\s*/u, "")];
      if (root) (rest === "" ? names.binds : names.changes).add(root);
    }
  }
  return names;
}

/** The targets of an assignment: `a`, `b[0]` and `c.d` of `a = b[0], c.d = …`. */
function targetsOf(line: string): string[] {
  const targets: string[] = [];
  let rest = line.trim().replace(/^(?:for|while|if|elif|with|try|else)\b[^:]*:\s*(?=\S)/, "");
  for (;;) {
    // Brackets of a target may hold anything but an assignment.
    if (!/=(?!=)/.test(rest)) return targets;
    const found = /^((?:[^=!<>()]|\([^=()]*\))*?)\s*(?::[^=]+)?(?:\*\*|\/\/|>>|<<|[-+*/%@&|^])?=(?!=)\s*/.exec(
      rest.slice(0, 500),
    );
    if (!found) return targets;
    const sides = found[1]!.replace(/\[[^\]]*\]/g, "[]").replace(/:.*/, "");
    targets.push(
      ...sides.split(/[,()]/).map((target) =>
        target
          .replace(/^[\s*[]+/, "")
          .replace(/(?<!\[)\]+$/, "")
          .trim(),
      ),
    );
    rest = rest.slice(found[0].length);
  }
}

/** Names that a line binds otherwise. */
function boundBy(line: string): string[] {
  const found = [
    ...line.matchAll(/\bfor\s+([^:]+?)\s+in\b/g),
    ...line.matchAll(/\bas\s+\(?([\w\s,]+?)(?=[:,)]|$)/g),
    ...line.matchAll(/(?:^|;)\s*(?:from\s+\S+\s+)?import\s+(.*)/g),
    ...line.matchAll(/\b(?:async\s+)?(?:def|class)\s+(\w+)/g),
    ...line.matchAll(/\blambda\b([^:]*):/g),
    ...line.matchAll(/(\w+)\s*:=/g),
  ].flatMap(([, names]) => words(names!));
  const signature = /^\s*(?:async\s+)?def\s+\w+\s*\((.*)/s.exec(line)?.[1];
  const parameters =
    signature === undefined ? [] : [...`,${signature}`.matchAll(/[(,]\s*\*{0,2}\s*([\p{L}_][\p{L}\p{N}_]*)/gu)];
  return [...found, ...parameters.map(([, name]) => name!)];
}
