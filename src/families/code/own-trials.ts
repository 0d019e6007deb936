/**
 * A Python program without what tries it out at the top level below its functions: a model's own asserts, which often are
 * wrong and would keep the program from loading, and its prints.
 */
export function withoutTrials(program: string): string {
  const lines = program.split("\n");
  const first = lines.findIndex((line) => /^(?:async[ \t]+def|def|class)\b/.test(line));
  if (first < 0) return program;
  let dropping = false;
  let quoted = false;
  const kept = lines.filter((line, i) => {
    const opens = quoted;
    if ((line.match(/"""|'''/g)?.length ?? 0) % 2 === 1) quoted = !quoted;
    if (i < first || opens) return true;
    // A statement goes on in lines that are indented, or close its brackets.
    if (/^[^\s)\]}]/.test(line)) dropping = /^(?:assert\b|print[ \t]*\()/.test(line);
    return !dropping;
  });
  return kept.join("\n").trimEnd();
}
