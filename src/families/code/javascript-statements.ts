import { parse, type Expression, type ModuleDeclaration, type Statement as Node } from "acorn";
import { invalid, type Statement } from "./statement.js";

/**
 * The statements at the top level of a JavaScript file, in order.
 *
 * @throws CopeError `TASK_INVALID` with the line of a syntax error
 */
export function javascriptStatements(text: string): Statement[] {
  try {
    const { body } = parse(text, { ecmaVersion: "latest", sourceType: "module" });
    return body.map((node) => ({ text: text.slice(node.start, node.end), ...kindOf(node) }));
  } catch (cause) {
    throw invalid(`${(cause as Error).message}.`, "correct the file of tests.", cause);
  }
}

function kindOf(node: Node | ModuleDeclaration): Omit<Statement, "text"> {
  if (node.type === "ImportDeclaration") return { kind: "drop" };
  if (node.type === "FunctionDeclaration") {
    const { id, params } = node;
    if (id.name === "check" && params.length === 1) return { kind: "check", name: id.name };
    return { kind: id.name.startsWith("test") && params.length === 0 ? "test" : "other", name: id.name };
  }
  if (node.type === "VariableDeclaration")
    return { kind: node.declarations.every(({ init }) => isCallOf(init, "require")) ? "drop" : "other" };
  if (node.type !== "ExpressionStatement" || node.expression.type !== "CallExpression") return { kind: "other" };
  const { callee, arguments: given } = node.expression;
  const object = callee.type === "MemberExpression" ? callee.object : callee;
  if (object.type === "Identifier" && object.name === "assert") return { kind: "assert" };
  if (callee.type !== "Identifier") return { kind: "other" };
  const [only] = given;
  return {
    kind: "call",
    name: callee.name,
    ...(given.length === 1 && only?.type === "Identifier" ? { given: only.name } : {}),
  };
}

const isCallOf = (node: Expression | null | undefined, name: string): boolean =>
  node?.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === name;
