/*
 * The top level of a Python program in pieces, without a parser: models' programs may break off, and a start of Python for each
 * would take longer than all the rest. Time is linear in the program.
 */

/** A statement at the top level, with the comments above it. */
export interface Part {
  text: string;
  /** Its logical lines: what brackets, strings and backslashes join is one. Without the contents of strings and comments. */
  lines: string[];
}

/** Stands for a line break that ends no logical line. */
const JOINT = "\u0001";
const TOKEN =
  /(#[^\n]*)|(?<!\w)([rbuRBU]{0,2}|[fF][rR]?|[rR][fF])("""(?:[^\\]|\\[^])*?(?:"""|$)|'''(?:[^\\]|\\[^])*?(?:'''|$)|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?)|\\\n|[()[\]{}\n]/g;

/** A program without the contents of strings and comments. What f-strings hold stays, since it names things. */
function bareOf(program: string): string {
  let depth = 0;
  return program.replace(TOKEN, (found, comment?: string, prefix?: string, quoted?: string) => {
    if (comment !== undefined) return "";
    if (quoted !== undefined) {
      const joints = JOINT.repeat(quoted.split("\n").length - 1);
      return /f/i.test(prefix!)
        ? `" ${quoted.replace(/["'{}()[\]#\\;]/g, " ").replaceAll("\n", JOINT)} "`
        : `""${joints}`;
    }
    if (found === "\\\n") return JOINT;
    if (found === "\n") return depth > 0 ? JOINT : found;
    depth = Math.max(0, depth + ("([{".includes(found) ? 1 : -1));
    return found;
  });
}

/** The statements at a program's top level, in order. */
export function pythonParts(program: string): Part[] {
  const texts = program.split("\n");
  const parts: { from: number; to: number; lines: string[] }[] = [];
  let isDecorated = false;
  let at = 0;
  for (const line of bareOf(program).split("\n")) {
    const end = at + line.split(JOINT).length - 1;
    const plain = line.replaceAll(JOINT, " ").trimEnd();
    if (plain !== "") {
      const begins = /^\S/.test(plain) && !/^(?:elif|else|except|finally)\b/.test(plain) && !isDecorated;
      // What stands above the first statement belongs to it, as do comments above any.
      if (begins || parts.length === 0) parts.push({ from: (parts.at(-1)?.to ?? -1) + 1, to: end, lines: [] });
      parts.at(-1)!.lines.push(plain);
      parts.at(-1)!.to = end;
      isDecorated = plain.startsWith("@");
    }
    at = end + 1;
  }
  return parts.map(({ from, to, lines }) => ({ text: texts.slice(from, to + 1).join("\n"), lines }));
}
