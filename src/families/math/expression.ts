/*
 * From the normal form of a formula to its tree. LaTeX and plain text are read by one grammar: `x^12` is a power of
 * twelve in both. What could be understood in two ways, such as `1/2\pi`, is refused, since a guess could join two
 * different answers.
 */

import { parseNumber, type PlainNumber } from "./rational.js";
import { ROW_END } from "./spelling.js";

/** A formula as a tree. */
export type Expression =
  | { kind: "number"; value: PlainNumber }
  | { kind: "name"; name: string }
  | { kind: "constant"; name: "pi" | "e" | "i" }
  | { kind: "call"; name: string; args: readonly Expression[] }
  /** `\sum` or `\prod` over whole numbers. */
  | { kind: "repeat"; name: "add" | "multiply"; index: string; from: Expression; to: Expression; body: Expression }
  | { kind: "matrix"; rows: readonly (readonly Expression[])[] };

/** Functions of one argument, by their LaTeX name. */
const FUNCTIONS = new Set(
  (
    "sin cos tan cot sec csc arcsin arccos arctan arccot sinh cosh tanh coth arcsinh arccosh arctanh exp ln log lg det " +
    "abs floor ceil gcd lcm min max"
  ).split(" "),
);
const INVERSES: Record<string, string> = { sin: "arcsin", cos: "arccos", tan: "arctan", cot: "arccot" };
/** Functions of several arguments. */
const SEVERAL = new Set(["gcd", "lcm", "min", "max"]);
/** Commands that dress a name: `\vec{v}` and `v` are two names. */
const DRESSES = new Set(["vec", "hat", "bar", "overline", "overrightarrow", "tilde", "mathcal", "dot"]);
const GREEK = new Set(
  (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma tau upsilon phi " +
    "varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega ell"
  ).split(" "),
);
/** Letters that name functions: `f(x)` is one name, while `a(x+1)` is a product. */
const NAMES_OF_FUNCTIONS = /^[fghFGH]$/;

const TOKEN =
  /(?:\d+(?:\.\d*)?|\.\d+)(?:\\overline\{\d+\})?|\\begin\{[a-zA-Z]+\}(?:\{[clr|]+\})?|\\end\{[a-zA-Z]+\}|\\[A-Za-z]+|\\.|\S/g;

const call = (name: string, ...args: Expression[]): Expression => ({ kind: "call", name, args });
const whole = (value: bigint): Expression => ({ kind: "number", value: { top: value, bottom: 1n } });
const negative = (inner: Expression): Expression => call("multiply", whole(-1n), inner);

/** Thrown inside this file alone, for what the grammar does not know. */
const REFUSED = new Error("not understood");
const refuse = (): never => {
  throw REFUSED;
};

const isNumber = (token: string | undefined): boolean => token !== undefined && /^[\d.]/.test(token);
const isLetter = (token: string | undefined): boolean => token !== undefined && /^[A-Za-z]$/.test(token);
/** The name of a function that a token begins; empty for others. */
const functionOf = (token: string | undefined): string =>
  token?.startsWith("\\") && FUNCTIONS.has(token.slice(1)) ? token.slice(1) : "";
/** Names and constants in a formula that stands as one factor. */
const namesIn = (tokens: readonly string[]): string[] => tokens.filter((token) => isLetter(token));

/** Reads one formula; positions are in tokens. */
class Reader {
  readonly #tokens: string[];
  #at = 0;
  /** Open absolute bars: inside one, a bar behind a factor closes it. */
  #bars = 0;
  /** Indices of sums that are being read: there `i` is no imaginary unit. */
  readonly #indices: string[] = [];

  constructor(text: string) {
    this.#tokens = text.match(TOKEN) ?? [];
  }

  all(): Expression {
    const tree = this.#sum();
    return this.#at === this.#tokens.length ? tree : refuse();
  }

  get #next(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(...tokens: string[]): boolean {
    if (this.#next === undefined || !tokens.includes(this.#next)) return false;
    this.#at++;
    return true;
  }

  #expect(...tokens: string[]): void {
    if (!this.#take(...tokens)) refuse();
  }

  #sum(): Expression {
    let sum = this.#signed(() => this.#product());
    for (;;) {
      if (this.#take("+"))
        sum = call(
          "add",
          sum,
          this.#signed(() => this.#product()),
        );
      else if (this.#take("-")) sum = call("add", sum, negative(this.#signed(() => this.#product())));
      else return sum;
    }
  }

  #signed(inner: () => Expression): Expression {
    if (this.#take("-")) return negative(this.#signed(inner));
    this.#take("+");
    return inner();
  }

  #startsFactor(): boolean {
    const token = this.#next;
    if (token === undefined) return false;
    if (token === "|") return this.#bars === 0;
    if (/^(?:[A-Za-z\d.([{])/.test(token)) return true;
    return token.startsWith("\\") && /^\\(?!end|cdot|rfloor|rceil|bmod|mod|right|circ|[^A-Za-z])/.test(token);
  }

  #product(): Expression {
    let start = this.#at;
    let product = this.#power();
    // What the last slash divided by, in tokens: how far it reaches is in doubt when a factor follows it.
    let divisor: { from: number; dividend: readonly string[] } | undefined;
    for (;;) {
      if (this.#take("\\cdot")) {
        product = call(
          "multiply",
          product,
          this.#signed(() => this.#power()),
        );
        divisor = undefined;
      } else if (this.#take("/")) {
        const dividend = this.#tokens.slice(start, this.#at - 1);
        divisor = { from: this.#at, dividend };
        product = call(
          "divide",
          product,
          this.#signed(() => this.#power()),
        );
      } else if (this.#take("\\bmod", "\\mod")) {
        product = call("mod", product, this.#power());
      } else if (this.#startsFactor()) {
        if (divisor && !this.#dividesOneNumber(divisor.from)) refuse();
        const before = this.#tokens[this.#at - 1];
        if (isNumber(this.#next) && (isNumber(before) || isLetter(before))) refuse();
        start = divisor ? start : this.#at;
        product = call("multiply", product, this.#power());
      } else return product;
    }
  }

  /** `1/2x` is half of x. `1/xy` and `1/2\pi` are refused. */
  #dividesOneNumber(from: number): boolean {
    const divisor = this.#tokens.slice(from, this.#at);
    const closed = divisor[0] === "(" && divisor.at(-1) === ")";
    return closed || (divisor.length === 1 && isNumber(divisor[0]) && (isLetter(this.#next) || this.#next === "("));
  }

  /** A factor with what stands behind and above it. */
  #power(): Expression {
    let base = this.#primary();
    for (;;) {
      if (this.#take("!")) base = this.#next === "!" ? refuse() : call("factorial", base);
      else if (this.#next === "^" && this.#isDegree()) base = call("multiply", base, degree);
      else if (this.#take("^")) base = this.#raised(base);
      else return base;
    }
  }

  #isDegree(): boolean {
    const tokens = this.#tokens.slice(this.#at + 1, this.#at + 4).join("");
    const length = tokens.startsWith("\\circ") ? 2 : tokens.startsWith("{\\circ}") ? 4 : 0;
    this.#at += length;
    return length > 0;
  }

  #raised(base: Expression): Expression {
    if (this.#take("T") || this.#take("\\top")) return call("transpose", base);
    return call("power", base, this.#exponent());
  }

  /** One factor with its sign; another power above it belongs to it. */
  #exponent(): Expression {
    if (this.#take("-")) return negative(this.#exponent());
    this.#take("+");
    const exponent = this.#primary();
    return this.#take("^") ? call("power", exponent, this.#exponent()) : exponent;
  }

  #group(close: string): Expression {
    const bars = this.#bars;
    this.#bars = 0;
    const inside = this.#sum();
    this.#expect(close);
    this.#bars = bars;
    return inside;
  }

  /** What a command takes: braces, or one character. */
  #argument(): Expression {
    if (this.#take("{")) return this.#group("}");
    const token = this.#next;
    if (token !== undefined && /^\d+$/.test(token)) {
      // One digit of several, as TeX takes it.
      if (token.length > 1) this.#tokens[this.#at] = token.slice(1);
      else this.#at++;
      return whole(BigInt(token[0]!));
    }
    return this.#primary();
  }

  #primary(): Expression {
    const token = this.#next ?? refuse();
    if (isNumber(token)) return this.#number();
    this.#at++;
    if (token === "(") return this.#group(")");
    if (token === "[") return this.#group("]");
    if (token === "{") return this.#group("}");
    if (token === "|") {
      this.#bars++;
      const inside = this.#sum();
      this.#expect("|");
      this.#bars--;
      return call("abs", inside);
    }
    if (isLetter(token)) return this.#letter(token);
    if (functionOf(token) !== "") return this.#function(functionOf(token));
    return this.#command(token);
  }

  #number(): Expression {
    const token = this.#tokens[this.#at++]!;
    const value = parseNumber(token) ?? refuse();
    const number: Expression = { kind: "number", value };
    // A whole number in front of a fraction of whole numbers is a mixed number.
    const fraction = /^\\frac\{(\d+)\}\{(\d+)\}/.exec(this.#tokens.slice(this.#at, this.#at + 7).join(""));
    if (!fraction || !/^\d+$/.test(token)) return number;
    this.#at += 7;
    if (BigInt(fraction[2]!) === 0n) refuse();
    return call("add", number, call("divide", whole(BigInt(fraction[1]!)), whole(BigInt(fraction[2]!))));
  }

  #letter(letter: string): Expression {
    if (this.#next === "_" || this.#next === "'") return { kind: "name", name: letter + this.#suffix() };
    if (NAMES_OF_FUNCTIONS.test(letter) && this.#next === "(") {
      return { kind: "name", name: letter + this.#enclosed("(", ")") };
    }
    const isConstant = (letter === "e" || letter === "i") && !this.#indices.includes(letter);
    return isConstant ? { kind: "constant", name: letter } : { kind: "name", name: letter };
  }

  /** Indices and primes, as they are written. */
  #suffix(): string {
    let suffix = "";
    for (;;) {
      if (this.#take("'")) suffix += "'";
      else if (this.#take("_")) {
        suffix += this.#next === "{" ? `_${this.#enclosed("{", "}").slice(1, -1)}` : `_${this.#tokens[this.#at++]}`;
      } else return suffix;
    }
  }

  /** The text from an opening bracket to its end, unread. */
  #enclosed(open: string, close: string): string {
    const start = this.#at;
    let depth = 0;
    do {
      if (this.#next === undefined) refuse();
      if (this.#next === open) depth++;
      if (this.#next === close) depth--;
      this.#at++;
    } while (depth > 0);
    return this.#tokens.slice(start, this.#at).join("");
  }

  #function(name: string): Expression {
    let exponent: Expression | undefined;
    let base: Expression | undefined;
    for (;;) {
      if (this.#take("^")) exponent = this.#exponent();
      else if (this.#take("_")) base = this.#argument();
      else break;
    }
    if (base !== undefined && name !== "log") refuse();
    const args = SEVERAL.has(name) ? this.#arguments() : [this.#functionArgument()];
    const isInverse = exponent !== undefined && isMinusOne(exponent);
    const called = isInverse ? (INVERSES[name] ?? refuse()) : name;
    const value = base ? call("divide", call("ln", ...args), call("ln", base)) : call(called, ...args);
    return exponent && !isInverse ? call("power", value, exponent) : value;
  }

  #arguments(): Expression[] {
    const close = this.#take("(") ? ")" : (this.#expect("\\{", "{"), "\\}");
    const args = [this.#sum()];
    while (this.#take(",")) args.push(this.#sum());
    this.#expect(close, "}");
    return args;
  }

  /** Parentheses, or the product that follows up to a sign, another function or a parenthesis. */
  #functionArgument(): Expression {
    if (this.#take("(")) return this.#group(")");
    if (this.#next === "|" || this.#next === "[") return this.#primary();
    const start = this.#at;
    let argument = this.#signed(() => this.#power());
    const onlyNumbers = (): boolean => this.#tokens.slice(start, this.#at).every(isNumber);
    while (this.#startsFactor() && functionOf(this.#next) === "" && this.#next !== "|") {
      if ((this.#next === "(" && !onlyNumbers()) || isNumber(this.#next)) break;
      argument = call("multiply", argument, this.#power());
    }
    if (this.#next !== "/") return argument;
    // `\cos\pi/3` divides the angle, `\ln x/x` the logarithm, and `\ln x/2` may be either.
    const inside = this.#tokens.slice(start, this.#at);
    const divisor = this.#tokens[this.#at + 1];
    if (inside.includes("\\pi") && namesIn(inside).length === 0) {
      this.#at++;
      return call("divide", argument, this.#power());
    }
    return functionOf(divisor) !== "" || (isLetter(divisor) && inside.includes(divisor!)) ? argument : refuse();
  }

  #command(token: string): Expression {
    const name = token.slice(1);
    switch (token) {
      case "\\pi":
        return { kind: "constant", name: "pi" };
      case "\\frac": {
        // A derivative is no quotient.
        const derivative = /^\{(d[a-z]?)\}\{(d[a-z])\}/.exec(this.#tokens.slice(this.#at, this.#at + 8).join(""));
        if (derivative?.[1] === "d") return refuse();
        if (derivative) {
          this.#at += derivative[0].length;
          return { kind: "name", name: `${derivative[1]}/${derivative[2]}` };
        }
        return call("divide", this.#argument(), this.#argument());
      }
      case "\\binom":
        return call("binom", this.#argument(), this.#argument());
      case "\\sqrt": {
        const index = this.#take("[") ? this.#group("]") : whole(2n);
        const inside = this.#take("(") ? this.#group(")") : this.#argument();
        return call("power", inside, call("divide", whole(1n), index));
      }
      case "\\lfloor":
        return call("floor", this.#group("\\rfloor"));
      case "\\lceil":
        return call("ceil", this.#group("\\rceil"));
      case "\\sum":
      case "\\prod":
        return this.#repeat(token === "\\sum" ? "add" : "multiply");
    }
    if (GREEK.has(name)) return { kind: "name", name: token + this.#suffix() };
    if (DRESSES.has(name)) return { kind: "name", name: token + this.#enclosed("{", "}") + this.#suffix() };
    const matrix = /^\\begin\{([pbBv]?matrix|array)\}/.exec(token)?.[1];
    if (matrix === undefined) return refuse();
    const rows = this.#rows(`\\end{${matrix}}`);
    return matrix === "vmatrix" ? call("det", { kind: "matrix", rows }) : { kind: "matrix", rows };
  }

  #rows(end: string): Expression[][] {
    const rows: Expression[][] = [[]];
    for (;;) {
      if (this.#take(end)) break;
      if (this.#take(ROW_END)) rows.push([]);
      else if (!this.#take("&") || rows.at(-1)!.length === 0) rows.at(-1)!.push(this.#sum());
    }
    if (rows.at(-1)!.length === 0) rows.pop();
    return rows.length > 0 && rows.every((row) => row.length === rows[0]!.length) ? rows : refuse();
  }

  #repeat(name: "add" | "multiply"): Expression {
    this.#expect("_");
    this.#expect("{");
    const index = this.#tokens[this.#at++];
    if (!isLetter(index)) refuse();
    this.#expect("=");
    const from = this.#group("}");
    this.#expect("^");
    const to = this.#argument();
    // The body is one term: a sum behind it begins anew.
    this.#indices.push(index!);
    const body = this.#product();
    this.#indices.pop();
    return { kind: "repeat", name, index: index!, from, to, body };
  }
}

const degree: Expression = call("divide", { kind: "constant", name: "pi" }, whole(180n));

const isMinusOne = (tree: Expression): boolean =>
  tree.kind === "call" &&
  tree.name === "multiply" &&
  tree.args.every(
    (arg, i) => arg.kind === "number" && arg.value.top === (i === 0 ? -1n : 1n) && arg.value.bottom === 1n,
  );

/**
 * Reads a formula.
 *
 * @param normal - normal form of at most 400 characters
 * @returns `undefined` where it holds words, an ellipsis, or what could be understood in two ways
 */
export function parseExpression(normal: string): Expression | undefined {
  if (/["$=<>]|\\(?:dots|le|ge|ne|infty|pm)(?![A-Za-z])/.test(normal.replace(/_\{[a-zA-Z]=/g, ""))) return undefined;
  try {
    return new Reader(normal).all();
  } catch (error) {
    if (error === REFUSED || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Names in a formula that stand for any number, each once. */
export function namesOf(tree: Expression): Set<string> {
  switch (tree.kind) {
    case "name":
      return new Set([tree.name]);
    case "call":
      return new Set(tree.args.flatMap((arg) => [...namesOf(arg)]));
    case "matrix":
      return new Set(tree.rows.flat().flatMap((entry) => [...namesOf(entry)]));
    case "repeat": {
      const inside = namesOf(tree.body);
      inside.delete(tree.index);
      return new Set([...inside, ...namesOf(tree.from), ...namesOf(tree.to)]);
    }
    default:
      return new Set();
  }
}

/** Whether any part of a formula is of this kind, or calls this function. */
export function mentions(tree: Expression, what: (part: Expression) => boolean): boolean {
  if (what(tree)) return true;
  switch (tree.kind) {
    case "call":
      return tree.args.some((arg) => mentions(arg, what));
    case "matrix":
      return tree.rows.flat().some((entry) => mentions(entry, what));
    case "repeat":
      return [tree.from, tree.to, tree.body].some((part) => mentions(part, what));
    default:
      return false;
  }
}
