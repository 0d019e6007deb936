/** A word as a shell takes it. */
export const quoted = (text: string): string =>
  /^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** This very command line, to be typed again, less the flags named (each has a value). */
export function sameCommand(without: readonly string[] = []): string {
  const words = process.argv.slice(2);
  const kept = words.filter((word, i) => {
    const flag = word.split("=")[0]!;
    return !without.includes(flag) && !(without.includes(words[i - 1] ?? "") && !word.startsWith("--"));
  });
  return ["cope", ...kept.map(quoted)].join(" ");
}
