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
