import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { CopeError } from "../../../src/errors.js";

/**
 * The text of a file, plain or gzipped.
 *
 * @throws CopeError `FILE_NOT_FOUND`, `FILE_BROKEN`
 */
export function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const reason = `${path} cannot be read: ${(error as Error).message}.`;
    throw new CopeError("FILE_NOT_FOUND", reason, "give the path of a file of the game.");
  }
  try {
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch {
    throw broken(path, "it cannot be unpacked");
  }
}

/** The error of a file of a game that cannot be understood. */
export const broken = (source: string, why: string): CopeError =>
  new CopeError("FILE_BROKEN", `${source}: ${why.replace(/\.$/, "")}.`, "give the files of the game unchanged.");
