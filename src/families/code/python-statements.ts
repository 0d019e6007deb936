import { runProgram } from "../../sandbox/index.js";
import { invalid, type Statement } from "./statement.js";

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
