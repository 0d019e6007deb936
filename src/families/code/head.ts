import type { CodeTask } from "./task.js";

/** A question that is itself the beginning of the function: what stands above the function's head, often nothing. */
export interface Head {
  before: string;
}

const BEGINS_AS_CODE =
  /^(?:import[ \t]\w|from[ \t]+\S+[ \t]+import\b|(?:async[ \t]+)?def[ \t]|class[ \t]+\w+[ \t]*[:(]|@\w|#|\w+[ \t]*=)/;

/** The head of the function that a Python task asks to complete; undefined where the question is in prose. */
export function headOf({ question, language, entryPoint }: CodeTask): Head | undefined {
  // Prose that shows an example of code is a question in prose.
  if (language !== "python" || !BEGINS_AS_CODE.test(question)) return undefined;
  const heads = [...question.matchAll(/^(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(/gm)];
  const found = heads.findLast(([, name]) => entryPoint === undefined || name === entryPoint);
  return found && { before: question.slice(0, found.index).trim() };
}
