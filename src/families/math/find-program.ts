/** A program found in a model's text. */
export interface FoundProgram {
  /** What is run first. */
  program: string;
  /** All fenced programs of the text as one, where there are several: some build on those before them. */
  joined?: string;
  /** The text without its programs. */
  beside: string;
}

/** A line that opens or closes a block. */
const FENCE = /^[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)/;
/** What the first line of a block may say; other languages, and what a program is said to print, are no programs. */
const PYTHON = /^(?:py|python3?|)$/i;
const PRINTS = /\bprint[ \t]*\(|^[ \t]*def[ \t]/m;
const COMPUTES = /^[ \t]*(?:import|from|for|while)[ \t]|^[ \t]*[A-Za-z_]\w*[ \t]*=(?!=)/m;
/** How a line begins that can stand in a program outside of a block, at any depth. */
const CODE =
  /^(?:[ \t]+\S|#|(?:import|from|def|for|while|if|else|elif|return)\b|print[ \t]*\(|[A-Za-z_]\w*[ \t]*=(?!=))/;

/**
 * Finds the program in a model's text: the last fenced block that prints or defines a function, else the last that computes
 * at all; a block that is never closed goes on to the end. Without any block, the lines from the first to the last that look
 * like Python, if they print or define something.
 *
 * @param cut - the token limit ended the text: only blocks that are closed hold whole programs
 */
export function findProgram(text: string, cut = false): FoundProgram | { beside: string } {
  const { blocks, beside } = blocksOf(text, cut);
  const programs = blocks.filter(({ tag, code }) => PYTHON.test(tag) && (PRINTS.test(code) || COMPUTES.test(code)));
  const found = programs.findLast(({ code }) => PRINTS.test(code)) ?? programs.at(-1);
  if (found) {
    const joined = programs.map(({ code }) => code).join("\n");
    return { program: found.code, beside, ...(programs.length > 1 ? { joined } : {}) };
  }
  return cut || blocks.length > 0 ? { beside } : unfenced(text);
}

function blocksOf(text: string, cut: boolean) {
  const blocks: { tag: string; code: string }[] = [];
  const beside: string[] = [];
  let open: { mark: string; tag: string; lines: string[] } | undefined;
  const close = () => {
    if (open) blocks.push({ tag: open.tag, code: dedent(open.lines) });
    open = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    const [, mark, tag] = FENCE.exec(line) ?? [];
    if (!open && mark) open = { mark, tag: tag!, lines: [] };
    else if (!open) beside.push(line);
    else if (mark?.startsWith(open.mark) && tag === "") close();
    else open.lines.push(line);
  }
  if (!cut) close();
  return { blocks, beside: beside.join("\n") };
}

/** Blocks in lists are indented as a whole, which Python minds. */
function dedent(lines: readonly string[]): string {
  const depth = lines.reduce((least, line) => (/\S/.test(line) ? Math.min(least, line.search(/\S/)) : least), Infinity);
  return lines.map((line) => line.slice(depth)).join("\n");
}

function unfenced(text: string): FoundProgram | { beside: string } {
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => CODE.test(line) && !/^\s/.test(line));
  const last = lines.findLastIndex((line) => CODE.test(line));
  const program = lines.slice(first, last + 1).join("\n");
  if (first < 0 || !PRINTS.test(program)) return { beside: text };
  return { program, beside: [...lines.slice(0, first), ...lines.slice(last + 1)].join("\n") };
}
