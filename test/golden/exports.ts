import { resolve } from "node:path";
import ts from "typescript";

/** What an exported name is. */
export interface Exported {
  /** `function`, `class`, `value`, `interface`, `type`, or two of them. */
  is: string;
  /** What it holds; optional ones end in `?`. */
  fields?: string[];
  /** The texts that it can be. */
  words?: string[];
}

/** What a package offers, by entry. */
export interface Surface {
  exports: Record<string, Record<string, Exported>>;
  /** Packages and modules of Node that importing the entry loads, as the sources import them. */
  loads: Record<string, string[]>;
}

/** Types of these packages are read; of others only the names are known, which keeps this fast and the lists our own. */
const READ = /^zod|[\\/]node_modules[\\/]zod[\\/]/;

const KINDS = [
  [ts.SymbolFlags.Class, "class"],
  [ts.SymbolFlags.Function, "function"],
  [ts.SymbolFlags.Variable, "value"],
  [ts.SymbolFlags.Interface, "interface"],
  [ts.SymbolFlags.TypeAlias, "type"],
] as const;

/** Reads what entries export and load. `entries`: sources by entry, from `root`. */
export function readSurface(root: string, entries: Readonly<Record<string, string>>): Surface {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2020.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) =>
      text.startsWith(".") || READ.test(text) || READ.test(from)
        ? ts.resolveModuleName(text, from, options, host, undefined, undefined, ts.ModuleKind.ESNext)
        : { resolvedModule: undefined },
    );
  const program = ts.createProgram(
    Object.values(entries).map((file) => resolve(root, file)),
    options,
    host,
  );
  const checker = program.getTypeChecker();
  const of = <T>(read: (file: ts.SourceFile) => T) =>
    Object.fromEntries(
      Object.entries(entries).map(([entry, file]) => [entry, read(program.getSourceFile(resolve(root, file))!)]),
    );
  return { exports: of((file) => exportsOf(file, checker)), loads: of((file) => loadsOf(file, program)) };
}

function exportsOf(file: ts.SourceFile, checker: ts.TypeChecker): Record<string, Exported> {
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);
  const entries = symbols.map((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const known = exported(target, checker);
    const is = isTypeOnly(symbol) ? known.is.replace(/^(?:class|value, type)$/, "type") : known.is;
    return [symbol.name, { ...known, is }] as const;
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function exported(symbol: ts.Symbol, checker: ts.TypeChecker): Exported {
  const is = KINDS.filter(([flag]) => symbol.flags & flag).map(([, kind]) => kind);
  if (!is.some((kind) => kind === "class" || kind === "interface" || kind === "type")) return { is: is.join(", ") };
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const parts = type.isUnion() ? type.types : [type];
  const words = parts.flatMap((part) => (part.isStringLiteral() ? [part.value] : []));
  const objects = parts.filter((part) => part.flags & ts.TypeFlags.Object && !checker.isArrayLikeType(part));
  const fields = objects.flatMap((part) => checker.getPropertiesOfType(part).filter(isPublic).map(fieldName));
  return {
    is: is.join(", "),
    ...(fields.length > 0 ? { fields: [...new Set(fields)].toSorted() } : {}),
    ...(words.length > 0 ? { words: words.toSorted() } : {}),
  };
}

/** A class that only its type is exported of cannot be made. */
const isTypeOnly = ({ declarations = [] }: ts.Symbol): boolean =>
  declarations.some((at) => ts.isExportSpecifier(at) && (at.isTypeOnly || at.parent.parent.isTypeOnly));

const fieldName = ({ name, flags }: ts.Symbol): string => (flags & ts.SymbolFlags.Optional ? `${name}?` : name);

function isPublic({ name, declarations = [] }: ts.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return !/^__@|^#/.test(name) && !declarations.some((at) => ts.getCombinedModifierFlags(at) & hidden);
}

/** Follows imports that are made when the file is loaded: not those of types, and none that waits. */
function loadsOf(entry: ts.SourceFile, program: ts.Program): string[] {
  const [packages, seen, files] = [new Set<string>(), new Set<ts.SourceFile>(), [entry]];
  for (let file = files.pop(); file; file = files.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const name of imported(file)) {
      if (!name.startsWith(".")) {
        packages.add(name.startsWith("node:") ? name : packageOf(name));
        continue;
      }
      const target = program.getSourceFile(resolve(file.fileName, "..", name).replace(/\.js$/, ".ts"));
      if (target) files.push(target);
    }
  }
  return [...packages].toSorted();
}

function imported(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement);
    if (!isImport && !ts.isExportDeclaration(statement)) return [];
    const typesOnly = isImport ? statement.importClause?.isTypeOnly : statement.isTypeOnly;
    const from = statement.moduleSpecifier;
    return typesOnly || from === undefined ? [] : [(from as ts.StringLiteral).text];
  });
}

/** `@scope/name/part` is of `@scope/name`. */
const packageOf = (name: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(name)![0];
