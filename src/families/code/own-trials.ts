import { namesOf, type Names } from "./python-names.js";
import { pythonParts, type Part } from "./python-parts.js";

/** A statement, and what it is to a program. */
interface Told extends Names, Part {
  /** `trial`: tries things out and nothing else, by its form. `state`: an assignment. `other`: it depends on what it changes. */
  kind: "definition" | "trial" | "state" | "other";
  /** Names that a definition makes. */
  defines: Set<string>;
}

/** What ends, asks, tests, times, draws or serves. */
const TRIES =
  /^(?:assert\b|print\s*\(|pprint\b|raise\b|exit\b|quit\b|pass\b|"|(?:sys\.|os\.)_?exit\b|(?:unittest|doctest|pytest|timeit|cProfile|logging)\.\w+|plt\.|time\.sleep|input\s*\(|if\b.*\b__name__\b)/;
/** What comes from outside, where there is nothing. */
const ASKS = /\b(?:input|raw_input|argv|stdin|parse_args|ArgumentParser)\b|\bopen\s*\(/;
/** Another name for something. */
const ALIAS = /^\w+\s*=\s*[\p{L}_][\p{L}\p{N}_.]*$/u;
/** Changes what no name tells. */
const HIDDEN =
  /\b(?:setattr|globals|exec|setrecursionlimit|set_int_max_str_digits|filterwarnings|simplefilter)\b|\bseed\s*\(/;

/**
 * A Python program without what tries it out at its top level, from its first function on: asserts, prints, calls, loops, questions to a
 * person, its own tests, its main part. Models try their functions wrongly, or ask for input that never comes, and the program would
 * not load. What functions need stays: constants, tables and what fills them, names for functions, objects that they use.
 *
 * @param known - names that tests need
 */
export function withoutTrials(program: string, known: readonly string[] = []): string {
  const parts = pythonParts(program).flatMap(simple);
  const first = parts.findIndex((part) => isDefinition(part));
  if (first < 0) return program;
  const told = parts.map((part, i) => tell(part, i < first));
  const own = new Set(told.flatMap(({ defines }) => [...defines]));
  const needed = new Set([...own, ...known]);
  const kept = new Set<Told>();
  const keep = (one: Told) => {
    kept.add(one);
    for (const name of neededBy(one)) needed.add(name);
  };
  for (const one of told) if (one.kind === "definition" && !isOwnTest(one, told, known)) keep(one);
  // What is kept needs other things in turn.
  for (let before = -1; before < kept.size;) {
    before = kept.size;
    for (const one of told) if (!kept.has(one) && isNeeded(one, { told, kept, own, needed })) keep(one);
  }
  if (kept.size === told.length) return program;
  return told
    .filter((one) => kept.has(one))
    .map(({ text }) => text)
    .join("\n")
    .trimEnd();
}

const isDefinition = ({ lines }: Part): boolean =>
  lines.some((line) => /^(?:async\s+def|def|class)\b/.test(line)) || /^\w+\s*=\s*lambda\b/.test(lines[0]!);

/** A line of several statements as these. */
function simple(part: Part): Part[] {
  const [line = "", ...others] = part.lines;
  if (others.length > 0 || !line.includes(";") || /^(?:async|class|def|for|if|try|while|with|@)/.test(line))
    return [part];
  const pieces = line.split(";").filter((piece) => piece.trim() !== "");
  // Strings are not in the bare lines, so that only a text without them can be cut like these.
  const texts = part.text.split(";").filter((piece) => piece.trim() !== "");
  return texts.length === pieces.length
    ? pieces.map((piece, i) => ({ text: texts[i]!.trimStart(), lines: [piece.trim()] }))
    : [part];
}

function tell(part: Part, isAbove: boolean): Told {
  const names = namesOf(part);
  const [line = ""] = part.lines;
  const holds = (pattern: RegExp) => part.lines.some((one) => pattern.test(one));
  const isMain = /^if\b.*\b__name__\b/.test(line);
  const kind =
    isAbove || isDefinition(part) || (!isMain && holds(/^\s*(?:import|from|(?:async\s+)?def|class)\b/))
      ? "definition"
      : TRIES.test(line)
        ? "trial"
        : !/^(?:for|while|if|with|try|async|match)\b/.test(line) &&
            (names.binds.size > 0 || names.changes.size > 0) &&
            /=/.test(line)
          ? "state"
          : "other";
  return { ...names, ...part, kind, defines: kind === "definition" ? definedBy(part) : new Set() };
}

/** The functions and classes that a definition makes at the top level. */
function definedBy({ lines }: Part): Set<string> {
  return new Set(
    lines
      .flatMap((line) => /^(?:(?:async\s+)?def|class)\s+(\w+)|^(\w+)\s*=\s*lambda\b/.exec(line)?.slice(1) ?? [])
      .filter(Boolean),
  );
}

/** Names of the module's that a kept statement reads: of functions those that are not its own. */
function neededBy({ lines, reads, binds, globals }: Told): string[] {
  // Methods have names of their own each, which are not told apart.
  const isFunction =
    lines.some((line) => /^(?:async\s+)?def\b/.test(line)) && !lines.some((line) => /^class\b/.test(line));
  if (!isFunction) return [...reads];
  return [...reads].filter((name) => !binds.has(name) || globals.has(name));
}

/** A test function or class of the program's that nothing else of it uses. */
function isOwnTest(one: Told, told: readonly Told[], known: readonly string[]): boolean {
  const [name = ""] = one.defines;
  const isTest =
    /^(?:async\s+)?def\s+test(?:_\w*)?\s*\(\s*\)/m.test(one.text) ||
    /^class\s+\w+\s*\(.*\bTestCase\s*\)/m.test(one.text);
  const isUsed = told.some((other) => other !== one && other.kind === "definition" && other.reads.has(name));
  return isTest && one.defines.size === 1 && !known.includes(name) && !isUsed;
}

interface Whole {
  told: readonly Told[];
  kept: ReadonlySet<Told>;
  own: ReadonlySet<string>;
  needed: ReadonlySet<string>;
}

function isNeeded(one: Told, { told, kept, own, needed }: Whole): boolean {
  if (one.kind === "trial" || one.kind === "definition") return false;
  const touched = [...one.binds, ...one.changes];
  if (touched.some((name) => needed.has(name))) return true;
  if (HIDDEN.test(one.text)) return true;
  if (one.kind === "state") {
    // Data and other names for things do no harm. What is made by calls of the program's own, or from outside, is a trial.
    const isTrial = (other: Told) =>
      other.kind !== "definition" && !kept.has(other) && (ASKS.test(other.text) || callsOf(other, own).length > 0);
    const isMade = (name: string) => told.some((other) => other !== one && isTrial(other) && other.binds.has(name));
    return ALIAS.test(one.lines[0]!) || (!isTrial(one) && ![...one.reads].some(isMade));
  }
  // A call that fills what functions use: `build()`.
  return /^\w+\s*\(/.test(one.text.trimStart()) && callsOf(one, own).some((name) => fills(name, told, new Set()));
}

/** The functions of the program's own that a statement calls. */
const callsOf = ({ reads, lines }: Told, own: ReadonlySet<string>): string[] =>
  [...reads].filter(
    (name) => own.has(name) && lines.some((line) => new RegExp(`(?<![\\w.])${name}\\s*\\(`).test(line)),
  );

/** Whether a function, or one that it calls, says by `global` that it sets something of the module's, or changes it. */
function fills(name: string, told: readonly Told[], seen: Set<string>): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  const definition = told.findLast(({ defines }) => defines.has(name));
  if (!definition) return false;
  const state = new Set(told.flatMap(({ kind, binds }) => (kind === "state" ? [...binds] : [])));
  const { globals, changes, binds, reads, text } = definition;
  if (ASKS.test(text)) return false;
  const outer = [...changes].filter((one) => !binds.has(one) && state.has(one));
  return globals.size > 0 || outer.length > 0 || [...reads].some((one) => one !== name && fills(one, told, seen));
}
