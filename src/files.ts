import { mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CopeError } from "./errors.js";

/** Encodings that a byte order mark tells; Windows writes them. */
const MARKS = [
  { bytes: [0xff, 0xfe], encoding: "utf-16le" },
  { bytes: [0xfe, 0xff], encoding: "utf-16be" },
] as const;

/** Bytes as text: UTF-8, or what a byte order mark says. The mark itself is left out. */
export function textOfBytes(bytes: Uint8Array): string {
  const marked = MARKS.find((mark) => mark.bytes.every((byte, i) => bytes[i] === byte));
  return new TextDecoder(marked?.encoding ?? "utf-8").decode(bytes);
}

/**
 * Reads a text file that a user named, whichever editor wrote it.
 *
 * @param file - the path
 * @param options - `from`: what names the file in an error, such as `--schema`. `remedy`: what to do.
 * @throws CopeError `FILE_NOT_FOUND` where there is none; `FILE_BROKEN` where it cannot be read
 */
export function readTextFile(file: string, { from, remedy }: { from?: string; remedy: string }): string {
  try {
    return textOfBytes(readFileSync(file));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const absent = code === "ENOENT";
    const reason = absent ? `there is no file ${file}.` : `${file} cannot be read (${code ?? message}).`;
    const said = from === undefined ? reason : `${from}: ${reason}`;
    throw new CopeError(absent ? "FILE_NOT_FOUND" : "FILE_BROKEN", said, remedy, { cause });
  }
}

/**
 * Reads a JSON file that a user named.
 *
 * @throws CopeError as `readTextFile` does; `FILE_BROKEN` where it holds no JSON
 */
export function readJsonFile(file: string, options: { from?: string; remedy: string }): unknown {
  const text = readTextFile(file, options);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CopeError("FILE_BROKEN", `${file} holds no JSON.`, options.remedy, { cause });
  }
}

/**
 * Makes a folder, and those above it that are missing. Node's own `recursive` never returns where a folder such as /proc
 * takes no other one.
 *
 * @param options - `mode`: permissions of what is made, @default 0o777 less the process's mask
 * @throws the file system's error
 */
export function makeFolder(folder: string, options: { mode?: number } = {}): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(resolve(folder));
  if (parent !== folder) makeFolder(parent, options);
  try {
    mkdirSync(folder, options);
  } catch (error) {
    // Another process may have been faster.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
