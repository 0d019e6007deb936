/*
 * Lettered options that a question lists itself. They are options only when the letters run on from A without a gap, and
 * only when they are no parts of a longer exercise: "(a) Find … (b) Prove …" asks for two answers, not for one of two.
 */

/** An option as a question lists it. */
export interface Listed {
  /** In upper case. */
  letter: string;
  text: string;
}

/** `(a)`, `a)`, `A.`, `A:`; in a row, or at the beginning of a line. */
const MARKER = /(^[^\S\n]*(?:[-*•][^\S\n]+)?|[\s,;:])(?:\(([A-Za-z])\)|([A-Za-z])\)|([A-Za-z])[.:](?=\s))[^\S\n]*/gm;
/** What a part of an exercise begins with. */
const PART =
  /^(?:find|prove|show|compute|calculate|evaluate|determine|solve|sketch|explain|describe|write|what|how|why|which|state|derive|verify|list|name|define|hence)\b/i;
/** How much of a question's end is looked at, of an option, and before a parenthesis, in characters. */
const LIMITS = { question: 20_000, option: 2_000, before: 500 };
/** Lists tried, from the last. */
const MAX_LISTS = 20;

interface Marker {
  letter: string;
  style: "enclosed" | "half" | "dotted";
  /** Whether it stands at the beginning of a line. */
  leads: boolean;
  start: number;
  end: number;
}

/** The last list of lettered options in a question; undefined where there is none. */
export function listedOptions(question: string): Listed[] | undefined {
  const text = plain(question.slice(-LIMITS.question));
  const runs: Marker[][] = [];
  for (const marker of markersOf(text)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (marker.letter === "A") runs.push([marker]);
    else if (last && continues(last, marker)) run!.push(marker);
  }
  for (const run of runs
    .filter(({ length }) => length > 1)
    .slice(-MAX_LISTS)
    .toReversed()) {
    const list = run.map((marker, i) => ({ letter: marker.letter, text: textAfter(text, marker, run[i + 1]) }));
    if (isList(list, run)) return list;
  }
  return undefined;
}

/** Without what LaTeX puts around letters and between options. */
const plain = (text: string): string =>
  text
    .replace(/\$?\\(?:textbf|textrm|text|mathbf|mathrm) ?\{\s*(\([A-Z]\)|[A-Z][).])\s*\}(?:\\(?=\s)|~)?\$?/g, " $1 ")
    .replace(/\\q?quad\b/g, " ");

function markersOf(text: string): Marker[] {
  const outside = [...text.matchAll(MARKER)].filter(({ index, 0: whole, 3: half }) => {
    if (half === undefined) return true;
    // "(x - a)": this parenthesis closes one that was opened before.
    const before = text.slice(
      Math.max(text.lastIndexOf("\n", index) + 1, index - LIMITS.before),
      index + whole.trimEnd().length - 1,
    );
    return (before.match(/\(/g)?.length ?? 0) < (before.match(/\)/g)?.length ?? 0) + 1;
  });
  return outside.map((found) => {
    const [whole, before = "", enclosed, half, dotted] = found;
    return {
      letter: (enclosed ?? half ?? dotted)!.toUpperCase(),
      style: enclosed ? "enclosed" : half ? "half" : "dotted",
      leads: found.index === 0 || before === "\n" || text[found.index - 1] === "\n",
      start: found.index,
      end: found.index + whole.length,
    };
  });
}

const continues = (last: Marker, next: Marker): boolean =>
  next.style === last.style && next.letter.charCodeAt(0) === last.letter.charCodeAt(0) + 1;

/** What follows a marker, up to the next one or the line's end. */
function textAfter(text: string, { end, leads }: Marker, next: Marker | undefined): string {
  const line = text.slice(end, end + LIMITS.option).indexOf("\n");
  const stop = next?.start ?? (line < 0 ? text.length : end + line);
  const said = text
    .slice(end, Math.min(stop, end + LIMITS.option))
    .replace(/[\s,;]+(?:or|oder|ou)?\s*$/i, "")
    .replace(/\s+/g, " ")
    .trim();
  // Of options in a row, the last is followed by the question's own mark.
  return next || leads ? said : said.replace(/\s?\?$/, "");
}

function isList(list: readonly Listed[], run: readonly Marker[]): boolean {
  const inRow = !run.every(({ leads }) => leads);
  // "A. Smith met B. Jones": initials look like two options in a row.
  const least = inRow && run[0]!.style === "dotted" ? 3 : 2;
  // "… (a) red or (b) blue?": the row ends with the question.
  const questions = list.slice(0, inRow ? -1 : undefined).filter(({ text }) => text.endsWith("?"));
  const isOption = ({ text }: Listed) => !PART.test(text) && (inRow ? /[\p{L}\p{N}]/u : /./).test(text);
  return list.length >= least && questions.length === 0 && list.every(isOption);
}
