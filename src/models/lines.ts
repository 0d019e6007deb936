import { createReadStream, existsSync } from "node:fs";
import { explainSqlite, notFound } from "./sqlite-errors.js";

/**
 * The lines of a text file, without their ends, read as they are asked for. A line longer than `longest` characters comes
 * as undefined and takes no memory.
 *
 * @throws CopeError `FILE_NOT_FOUND`, or `FILE_BROKEN` where it cannot be read
 */
export async function* linesOf(path: string, longest: number): AsyncGenerator<string | undefined, void, undefined> {
  if (!existsSync(path)) throw notFound(path);
  let rest = "";
  let tooLong = false;
  try {
    for await (const chunk of createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 18 })) {
      const pieces = (chunk as string).split("\n");
      const last = pieces.pop()!;
      for (const piece of pieces) {
        yield tooLong ? undefined : (rest + piece).replace(/\r$/, "");
        rest = "";
        tooLong = false;
      }
      tooLong ||= rest.length + last.length > longest;
      rest = tooLong ? "" : rest + last;
    }
  } catch (error) {
    throw explainSqlite(path, error);
  }
  if (tooLong || rest !== "") yield tooLong ? undefined : rest;
}
