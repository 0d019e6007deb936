import { runProgram } from "../../sandbox/index.js";
import { invalid, type Statement } from "./task.js";

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

/** Python parses Python best: the text is read in the sandbox, and not run. */
const SPLIT = `
import ast, json, sys
text = sys.stdin.read()

def imported(node):
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or "."]
    return [name for name in names if name.split(".")[0] not in sys.stdlib_module_names]

def main(node):
    return isinstance(node, ast.If) and any(isinstance(one, ast.Name) and one.id == "__name__" for one in ast.walk(node.test))

def told(node, used):
    said = {"kind": "other", "text": ast.unparse(node)}
    source = ast.get_source_segment(text, node) or said["text"]
    if isinstance(node, ast.Assert):
        return {"kind": "assert", "text": source}
    if isinstance(node, (ast.For, ast.While, ast.With, ast.Try, ast.If)) and any(isinstance(one, ast.Assert) for one in ast.walk(node)) and not main(node):
        return {"kind": "assert", "text": source}
    if isinstance(node, ast.FunctionDef):
        count = len(node.args.posonlyargs + node.args.args)
        kind = "check" if node.name == "check" and count == 1 else "test" if node.name.startswith("test") and count == 0 else "other"
        return {"kind": kind, "text": said["text"] if node.decorator_list else source, "name": node.name}
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
        given = node.value.args
        return {**said, "kind": "call", "name": node.value.func.id, "given": given[0].id if len(given) == 1 and isinstance(given[0], ast.Name) else None}
    if isinstance(node, (ast.Import, ast.ImportFrom)) and imported(node):
        if isinstance(node, ast.Import) and any((alias.asname or alias.name).split(".")[0] in used for alias in node.names):
            return {"foreign": imported(node)[0], "line": node.lineno}
        return {**said, "kind": "drop"}
    if main(node):
        return {**said, "kind": "drop"}
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return {**said, "kind": "drop"}
    return said

try:
    tree = ast.parse(text)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    print(json.dumps([told(node, used) for node in tree.body]))
except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
    print(json.dumps({"error": getattr(error, "msg", None) or str(error) or "it cannot be parsed", "line": getattr(error, "lineno", None)}))
`;

/**
 * The statements at the top level of a Python file, in order.
 *
 * @throws CopeError `TASK_INVALID` with the line of a syntax error; `SANDBOX_MISSING`, `SANDBOX_FAILED`
 */
export async function pythonStatements(text: string, signal?: AbortSignal): Promise<Statement[]> {
  const run = await runProgram({ language: "python", code: SPLIT, stdin: text, ...(signal ? { signal } : {}) });
  if (run.status !== "ok") throw invalid("they cannot be parsed.");
  const said = JSON.parse(run.stdout) as Told[] | { error: string; line: number | null };
  if (!Array.isArray(said))
    throw invalid(`${said.line === null ? "" : `line ${said.line}: `}${said.error}.`, "correct the file of tests.");
  return said.map((one) => {
    if (!("foreign" in one)) {
      const { given, ...statement } = one;
      return given ? { ...statement, given } : statement;
    }
    const remedy = "leave it out: of other modules than the standard library's the sandbox has none.";
    throw invalid(`line ${one.line} imports ${one.foreign}.`, remedy);
  });
}

type Told = (Omit<Statement, "given"> & { given?: string | null }) | { foreign: string; line: number };
