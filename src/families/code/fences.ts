import type { Language } from "./task.js";

/** A fenced block of a Markdown text. */
export interface Fence {
  /** What stands behind the opening fence, in lower case: `python`; empty where nothing does. */
  tag: string;
  /** The lines inside, without the indent of the opening fence. */
  code: string;
}

const FENCE = /^([ \t]*(?:>[ \t]?)?)(`{3,}|~{3,})[ \t]*([^\s`{]*)[^`]*$/;

/**
 * The fenced blocks of a text in order, one that is never closed to the text's end, and what stands outside of them. Time is
 * linear in the text.
 *
 * @param cut - the token limit ended the text: what has no closing fence loses its last statement, which may go on
 */
export function fencesOf(text: string, cut = false): { fences: Fence[]; outside: string } {
  const fences: Fence[] = [];
  const outside: string[] = [];
  let open: { indent: number; mark: string; tag: string; lines: string[] } | undefined;
  const close = (isWhole = true) => {
    const code = open?.lines.join("\n") ?? "";
    if (open) fences.push({ tag: open.tag, code: isWhole ? code : withoutLast(code) });
    open = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    // No fence is longer, and matching stays linear.
    const found = line.length <= 200 ? FENCE.exec(line) : null;
    const [, indent = "", mark = "", tag = ""] = found ?? [];
    if (open && found && tag === "" && mark.startsWith(open.mark)) close();
    else if (open) open.lines.push(unindented(line, open.indent));
    else if (found) open = { indent: indent.length, mark, tag: tag.toLowerCase(), lines: [] };
    else outside.push(line);
  }
  close(!cut);
  const beside = outside.join("\n");
  return { fences, outside: cut && fences.length === 0 ? withoutLast(beside) : beside };
}

/** Without its last statement that begins at the line's beginning. */
export function withoutLast(program: string): string {
  const lines = program.split("\n");
  const last = lines.findLastIndex((line) => /^[^\s)\]}]/.test(line));
  return lines.slice(0, Math.max(0, last)).join("\n").trimEnd();
}

function unindented(line: string, indent: number): string {
  let cut = 0;
  while (cut < indent && /[ \t>]/.test(line[cut] ?? "")) cut += 1;
  return line.slice(cut);
}

const OWN: Record<Language, ReadonlySet<string>> = {
  python: new Set(["python", "python3", "py", "py3", "ipython", "python-repl", "pycon"]),
  javascript: new Set(["javascript", "js", "mjs", "cjs", "node", "nodejs"]),
};

const OTHER: ReadonlySet<string> = new Set(
  (
    "bash c c# c++ clojure console cpp cs csharp css dart diff elixir erlang fortran go golang haskell html java json " +
    "jsx julia kotlin lua matlab objective-c ocaml pascal perl php powershell r ruby rust scala sh shell sql swift toml " +
    "ts tsx typescript vb xml yaml yml zsh"
  ).split(" "),
);

/** Whether a block may be in a language: it says so, or does not say that it is in another. */
export function mayBe({ tag }: Fence, language: Language): boolean {
  if (OWN[language].has(tag)) return true;
  const others = Object.entries(OWN).filter(([name]) => name !== language);
  return !OTHER.has(tag) && !others.some(([, tags]) => tags.has(tag));
}
