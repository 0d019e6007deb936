import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const SOURCE = join(import.meta.dirname, "../../src/errors.ts");

/** An error code as its declaration documents it. */
export interface DocumentedCode {
  code: string;
  /** `usage`: exit code 2, before any work; `run`: exit code 1. */
  kind: string;
  cause: string;
  remedy: string;
}

/** Every error code of the source, with the cause and the remedy that its comment gives. */
export function errorCodes(text = readFileSync(SOURCE, "utf8")): DocumentedCode[] {
  const source = ts.createSourceFile("errors.ts", text, ts.ScriptTarget.Latest, true);
  const codes: DocumentedCode[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === "CODES") {
      const list = ts.isAsExpression(node.initializer!) ? node.initializer.expression : node.initializer;
      for (const property of (list as ts.ObjectLiteralExpression).properties) codes.push(documented(property));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return codes;
}

function documented(property: ts.ObjectLiteralElementLike): DocumentedCode {
  const code = property.name!.getText();
  const kind = ((property as ts.PropertyAssignment).initializer as ts.StringLiteral).text;
  const comment = ts.getJSDocCommentsAndTags(property).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? "");
  const [cause, remedy] = comment.join(" ").replaceAll(/\s+/g, " ").split(" Remedy: ");
  if (!cause || !remedy) throw new Error(`src/errors.ts: the comment of ${code} needs a cause and "Remedy: …".`);
  return { code, kind, cause, remedy };
}

/** The page of all error codes, in Markdown. */
export function errorsPage(): string {
  const codes = errorCodes();
  const section = (kind: string) =>
    codes
      .filter((one) => one.kind === kind)
      .toSorted((a, b) => a.code.localeCompare(b.code))
      .map(({ code, cause, remedy }) => `### ${code}\n\n${cause}\n\n**Remedy:** ${remedy}\n`)
      .join("\n");
  return `# Error codes

The library throws [\`CopeError\`](langgraph-cope.md#copeerror). Its message reads \`[CODE] what happened. Remedy: what to do.\`
The remedy in a message knows your case. This page says what each code means. Switch on \`error.code\`, not on the text.

## Wrong usage or configuration

The command line ends with exit code 2. No answer was paid.

${section("usage")}
## A run that failed

The command line ends with exit code 1. \`error.spent\` says what the run had spent, where that is known.

${section("run")}`;
}
