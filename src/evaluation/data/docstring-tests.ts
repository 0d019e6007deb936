/**
 * Assertions from the examples of a Python function's docstring: `>>> f(1)` with its result on the next line, and
 * `f(1) ==> 2` with `=>`, `➞`, `->`, `=`, `==` or "returns" in its place. Only examples of plain values are taken, since an
 * assertion that cannot run would fail every program.
 *
 * @param text - the function's head with its docstring
 * @returns `assert f(1) == 2` and so on, in order, none twice.
 */
export function docstringTests(text: string, entryPoint: string): string[] {
  const found = [...consoleExamples(text, entryPoint), ...proseExamples(text, entryPoint)];
  return [...new Set(found.toSorted((a, b) => a.at - b.at).map(({ test }) => test))];
}

interface Found {
  at: number;
  test: string;
}

/** As typed into Python's console, the result below. */
function consoleExamples(text: string, entryPoint: string): Found[] {
  return [...text.matchAll(/^[ \t]*>>>[ \t]*(.+)$/gm)].flatMap(({ index, 0: line, 1: shown }) => {
    const call = withoutComment(shown!).trim();
    if (!new RegExp(`\\b${entryPoint}\\(`).test(call)) return [];
    const below = text.slice(index + line.length).replace(/^\r?\n/, "");
    const result = oneLine(/^(?:[ \t]*(?!>>>|"""|''')\S.*(?:\n|$))+/.exec(below)?.[0] ?? "");
    return result !== "" && literalEnd(result, 0) === result.length
      ? [{ at: index, test: asserted(call, result) }]
      : [];
  });
}

/** As written in a sentence, the result behind the call. */
function proseExamples(text: string, entryPoint: string): Found[] {
  return [...text.matchAll(new RegExp(`(?<![\\w.]|def )${entryPoint}(?=\\()`, "g"))].flatMap(({ index, 0: name }) => {
    const close = bracketEnd(text, index + name.length);
    if (close === undefined || !isPlain(text.slice(index + name.length, close))) return [];
    const link = LINK.exec(text.slice(close))?.[0];
    const from = close + (link?.length ?? 0);
    const end = link === undefined ? undefined : literalEnd(text, from);
    if (end === undefined || GOES_ON.test(text.slice(end))) return [];
    return [{ at: index, test: asserted(text.slice(index, close), text.slice(from, end)) }];
  });
}

const LINK = /^[ \t]*(?:#[ \t]*)?(?:==>|=>|➞|->|→|==?|(?:should |will )?returns?)[ \t]*/;
/** A result that goes on as an expression is none. */
const GOES_ON = /^(?:[ \t]*[-+*/%[(]|\w)/;

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, " ").trim();

function asserted(call: string, result: string): string {
  // As other languages write them.
  const value = /^(true|false)$/.test(result) ? result[0]!.toUpperCase() + result.slice(1) : result;
  return `assert ${oneLine(call)} == ${oneLine(value)}`;
}
const STRING = /(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const WORD = /(?:-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|True|False|None|true|false)(?![\w.]*\w)/y;

/** Where the Python literal that begins at `at` ends; undefined where none does. */
function literalEnd(text: string, at: number): number | undefined {
  const simple = endOf(STRING, text, at) ?? endOf(WORD, text, at);
  if (simple !== undefined) return simple;
  const close = bracketEnd(text, at);
  return close !== undefined && isPlain(text.slice(at, close)) ? close : undefined;
}

/** Where the bracket that opens at `at` is closed, just behind it; brackets in strings do not count. */
function bracketEnd(text: string, at: number): number | undefined {
  const open: string[] = [];
  for (let i = at; i < text.length;) {
    const string = endOf(STRING, text, i);
    if (string !== undefined) {
      i = string;
      continue;
    }
    const char = text[i]!;
    if ("([{".includes(char)) open.push(char);
    else if (")]}".includes(char) && "([{".indexOf(open.pop() ?? " ") !== ")]}".indexOf(char)) return undefined;
    i += 1;
    if (open.length === 0) return i > at + 1 ? i : undefined;
  }
  return undefined;
}

/** Whether a bracketed text holds nothing but plain values. */
function isPlain(text: string): boolean {
  const bare = text.replace(new RegExp(STRING.source, "g"), "0");
  return !/[^\s\d.,:()[\]{}eE+-]/.test(bare.replace(/\b(?:True|False|None)\b/g, "0")) && !/\.\.\./.test(bare);
}

function withoutComment(line: string): string {
  for (let i = 0; i < line.length; i = endOf(STRING, line, i) ?? i + 1) if (line[i] === "#") return line.slice(0, i);
  return line;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
