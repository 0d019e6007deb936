import type { Same } from "../../scorers/types.js";
import type { Json } from "../../state/json.js";
import { languageOf } from "./definitions.js";

/**
 * A program's text without what it does not depend on: comments that have a line of their own, blank lines, spaces at line
 * ends. Pure, and the same again for its own result.
 */
export function plainProgram(program: string): string {
  const comment = languageOf(program) === "python" ? /^\s*#/ : /^\s*\/\//;
  return program
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "" && !comment.test(line))
    .join("\n");
}

const toText = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Whether two programs are the same text but for comments, blank lines and spaces at line ends. */
export const sameText: Same = (a, b) => plainProgram(toText(a)) === plainProgram(toText(b));
