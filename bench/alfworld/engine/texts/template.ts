import { readQuery, type Query } from "./query.js";
import { readTerm, type Term } from "./term.js";

/** A part of a text that is to be filled in. */
export type Piece =
  | { kind: "text"; text: string }
  /** The text of a rule. */
  | { kind: "rule"; name: string }
  /** A term or a rule's text, once for each answer to a query, one after the other. */
  | { kind: "each"; of: Term | { rule: string }; given?: Query }
  /** The same as a list: "a, b, and c", or the text for none. */
  | { kind: "list"; of: Term | { rule: string }; given?: Query };

/** `#rule#`, `[{term | query}]`, `{term | query}`, `{term}`; any other character stands for itself. */
const PIECE = /#([^#\n]+)#|(\[?)\{([^{}|]*)(?:\|([^{}]*))?\}(\]?)/g;

/** A text with places to fill in, as TextWorld's grammars write them. */
export function readTemplate(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  const literal = (to: number) => {
    if (to > end) pieces.push({ kind: "text", text: text.slice(end, to) });
  };
  for (const found of text.matchAll(PIECE)) {
    const [whole, rule, opens = "", expression = "", query, closes = ""] = found;
    const isList = opens !== "" && closes !== "";
    // A bracket without its partner is a character like others.
    const from = found.index + (isList ? 0 : opens.length);
    literal(from);
    end = found.index + whole.length - (isList ? 0 : closes.length);
    if (rule !== undefined) pieces.push({ kind: "rule", name: rule });
    else {
      const named = /^\s*#([^#]+)#\s*$/.exec(expression)?.[1];
      const of = named === undefined ? readTerm(expression) : { rule: named };
      pieces.push({ kind: isList ? "list" : "each", of, ...(query !== undefined && { given: readQuery(query) }) });
    }
  }
  literal(text.length);
  return pieces;
}
