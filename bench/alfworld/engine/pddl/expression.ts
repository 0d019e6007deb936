import type { CopeError } from "../../../../src/errors.js";
import { broken as brokenFile } from "../file.js";

/** A PDDL text is nested lists of words. Words are in lower case: PDDL does not tell cases apart. */
export type Expression = string | List;

/** What stands between two brackets, and where. */
export interface List {
  items: Expression[];
  /** Number of the line it begins in, from 1. */
  line: number;
  /** What the text is called in errors. */
  source: string;
}

/**
 * A comma is part of a word, as in the original. ALFWorld's rules have one behind a type, `(?l - location, ?r - receptacle)`: nothing
 * is of the type `location,`, so that what needs it never holds.
 */
const TOKEN = /\n|;[^\n]*|[()]|[^\s();]+/g;

/**
 * Reads a PDDL text, which is one list.
 *
 * @param source - what the text is called in errors
 * @throws CopeError `FILE_BROKEN`
 */
export function readExpression(text: string, source: string): List {
  const whole: List = { items: [], line: 1, source };
  const open = [whole];
  let line = 1;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "\n") line += 1;
    else if (token === "(") {
      const list: List = { items: [], line, source };
      open.at(-1)!.items.push(list);
      open.push(list);
    } else if (token === ")") {
      if (open.length === 1) throw broken({ ...whole, line }, "a bracket closes that was never opened");
      open.pop();
    } else if (!token.startsWith(";")) open.at(-1)!.items.push(token.toLowerCase());
  }
  if (open.length > 1) throw broken(open.at(-1)!, "this bracket is never closed");
  const [only] = whole.items;
  if (whole.items.length !== 1 || only === undefined || typeof only === "string") {
    throw broken(whole, "one list in brackets is needed");
  }
  return only;
}

/** The error of a list that cannot be read. */
export function broken({ source, line }: List, why: string): CopeError {
  return brokenFile(`${source}, line ${line}`, why);
}

/** The list that an expression must be. */
export function listAt(list: List, index: number): List {
  const item = list.items[index];
  if (item === undefined || typeof item === "string") throw broken(list, `a list is needed at place ${index + 1}`);
  return item;
}

/** The lists in a list, from a place on. */
export const listsOf = (list: List, from: number): List[] =>
  list.items.slice(from).map((_, index) => listAt(list, index + from));

/** The word that an expression must be. */
export function wordAt(list: List, index: number): string {
  const item = list.items[index];
  if (typeof item !== "string") throw broken(list, `a word is needed at place ${index + 1}`);
  return item;
}

/** The words that all of a list's entries must be. */
export const wordsOf = (list: List): string[] => list.items.map((_, index) => wordAt(list, index));
