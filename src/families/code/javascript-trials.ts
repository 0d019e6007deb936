import { parse, type Node, type Statement, type ModuleDeclaration } from "acorn";

/** Names in a piece of a program. */
interface Names {
  reads: Set<string>;
  declares: Set<string>;
  /** Names that are set, or whose object is: an item, a property, by a method that changes things. */
  changes: Set<string>;
  /** Functions that are called by their name. */
  calls: Set<string>;
}

/** What is there in no sandbox, or asks, ends or tests. */
const OUTSIDE = new Set(["process", "require", "prompt", "readline", "readLine", "document", "window", "Deno", "Bun"]);
const CHANGING = /^(?:add|assign|define\w*|delete|fill|pop|push|reverse|set\w*|shift|sort|splice|unshift)$/;

/**
 * A JavaScript program without what tries it out at its top level, from its first function on, as `withoutTrials` does it for Python;
 * and without modules that nothing left uses, since the sandbox has none. A program that cannot be parsed stays as it is.
 *
 * @param known - names that tests need
 */
export function withoutJavascriptTrials(program: string, known: readonly string[] = []): string {
  const body = bodyOf(program);
  const first = body?.findIndex((node) => isFunction(node)) ?? -1;
  if (!body || first < 0) return program;
  const told = body.map((node, i) => ({ node, names: namesOf(node), isAbove: i < first }));
  type Told = (typeof told)[number];
  const own = new Set(told.flatMap(({ node }) => (isFunction(node) ? madeBy(node) : [])));
  const read = new Set<string>();
  const kept = new Set<Told>();
  const keep = (one: Told) => {
    kept.add(one);
    const { reads, declares } = one.names;
    for (const name of reads) if (!isFunction(one.node) || !declares.has(name)) read.add(name);
  };
  const isModule = ({ node, names }: Told) => node.type === "VariableDeclaration" && names.calls.has("require");
  for (const one of told)
    if (isFunction(one.node) ? !isOwnTest(one.node, known) : one.isAbove && !isModule(one)) keep(one);
  const touches = (one: Told) =>
    [...madeBy(one.node), ...one.names.changes].some(
      // Tests have modules of their own.
      (name) => read.has(name) || own.has(name) || (known.includes(name) && !isModule(one)),
    );
  const isData = ({ node, names: { reads, calls } }: Told) =>
    node.type === "VariableDeclaration" &&
    [...reads].every((name) => !OUTSIDE.has(name)) &&
    [...calls].every((name) => !own.has(name));
  for (let before = -1; before < kept.size;) {
    before = kept.size;
    for (const one of told) if (!kept.has(one) && !isFunction(one.node) && (touches(one) || isData(one))) keep(one);
  }
  if (kept.size === told.length) return program;
  return told
    .map((one, i) => ({ one, text: program.slice(told[i - 1]?.node.end ?? 0, one.node.end) }))
    .filter(({ one }) => kept.has(one))
    .map(({ text }) => text)
    .join("")
    .trim();
}

function bodyOf(program: string): (Statement | ModuleDeclaration)[] | undefined {
  try {
    return parse(program, { ecmaVersion: "latest", sourceType: "module", allowReturnOutsideFunction: true }).body;
  } catch {
    return undefined;
  }
}

/** Declarations of functions and classes, and what exports them. */
function isFunction(node: Node): boolean {
  const { type, declaration, declarations } = node as Loose;
  if (type.startsWith("Export") || type.startsWith("Import")) return declaration ? isFunction(declaration) : true;
  if (type === "FunctionDeclaration" || type === "ClassDeclaration") return true;
  return (
    type === "VariableDeclaration" &&
    declarations.some(({ init }: Loose) => /^(?:Arrow)?Function|^ClassExpression/.test(init?.type ?? ""))
  );
}

/** The names that a declaration makes at the top level. */
function madeBy(node: Node): string[] {
  const { type, id, declarations, declaration } = node as Loose;
  if (type === "VariableDeclaration") {
    const names = noNames();
    for (const one of declarations) declare(one.id, names);
    return [...names.declares];
  }
  if (declaration) return madeBy(declaration);
  return id ? [id.name] : [];
}

/** A test of the program's own: a function without parameters of which no test asks. */
function isOwnTest(node: Node, known: readonly string[]): boolean {
  const { type, id, params } = node as Loose;
  return (
    type === "FunctionDeclaration" && id.name.startsWith("test") && params.length === 0 && !known.includes(id.name)
  );
}

/** A node of any type. */
type Loose = Node & Record<string, any>;

const noNames = (): Names => ({ reads: new Set(), declares: new Set(), changes: new Set(), calls: new Set() });

function namesOf(node: Node): Names {
  const names = noNames();
  walk(node as Loose, names);
  return names;
}

function walk(node: Loose, names: Names): void {
  const { type } = node;
  if (type === "Identifier") names.reads.add(node["name"]);
  if (type === "AssignmentExpression") names.changes.add(rootOf(node["left"]));
  if (type === "UpdateExpression") names.changes.add(rootOf(node["argument"]));
  if (type === "CallExpression" || type === "NewExpression") {
    const { callee, arguments: given } = node;
    if (callee.type === "Identifier") names.calls.add(callee.name);
    if (callee.type === "MemberExpression" && CHANGING.test(callee.property.name ?? "")) {
      names.changes.add(rootOf(callee));
      if (given[0]) names.changes.add(rootOf(given[0]));
    }
  }
  if (type === "VariableDeclarator") declare(node["id"], names);
  if (/Function|Class/.test(type) && node["id"]) names.declares.add(node["id"].name);
  if (/Function/.test(type)) for (const parameter of node["params"]) declare(parameter, names);
  for (const [key, held] of Object.entries(node)) {
    const isName = (key === "property" || key === "key") && !node["computed"];
    if (isName) continue;
    for (const one of [held].flat()) if (typeof one?.type === "string") walk(one as Loose, names);
  }
}

/** The names of a pattern. */
function declare(pattern: Loose, { declares }: Names): void {
  const inner = noNames();
  walk(pattern.type === "AssignmentPattern" ? pattern["left"] : pattern, inner);
  for (const name of inner.reads) declares.add(name);
}

/** `a` of `a.b[0]`. */
function rootOf(node: Loose): string {
  return node.type === "MemberExpression" ? rootOf(node["object"]) : (node["name"] ?? "");
}
