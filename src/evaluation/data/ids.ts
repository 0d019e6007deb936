import { CopeError } from "../../errors.js";
import { readTextFile } from "../../files.js";

/**
 * Reads a file of problem ids, one a line, in its order. Blank lines and what follows a `#` at a line's beginning or
 * behind a space do not count.
 *
 * @throws CopeError `FILE_NOT_FOUND`; `FILE_BROKEN` when it holds no id
 */
export function readIds(path: string): string[] {
  const ids = readTextFile(path, { remedy: "give a file of ids, one a line." })
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
  if (ids.length > 0) return ids;
  throw new CopeError("FILE_BROKEN", `${path} holds no id.`, "write the ids of problems into it, one a line.");
}
