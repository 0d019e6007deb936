import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** A field of a SQLite record; numbers and binary data, which no table of ours needs for its salvage, are left out. */
export type Field = string | null | undefined;

const MAGIC = "SQLite format 3\0";
const DEFAULT_PAGE = 4096;
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
/** First byte of a page that holds rows of a table (sqlite.org/fileformat2.html, 1.6). */
const TABLE_LEAF = 0x0d;

/** What the first bytes of a SQLite file say. */
export interface Head {
  /** False where the file does not begin as SQLite files do. */
  isSqlite: boolean;
  application: number;
  format: number;
}

/** Reads the head of a file, whatever it is. */
export function readHead(file: string): Head {
  const head = withFile(file, (read) => read(0, 100)) ?? Buffer.alloc(0);
  const isSqlite = head.toString("latin1", 0, 16) === MAGIC;
  const whole = isSqlite && head.length === 100;
  return { isSqlite, application: whole ? head.readUInt32BE(68) : 0, format: whole ? head.readUInt32BE(60) : 0 };
}

/**
 * Every row that lies on a page of a SQLite file or of its log, found by looking at each page by itself. What leads to a
 * page (the schema, the pages above it, the index) may be destroyed. Rows of all tables come, deleted ones that were not
 * yet overwritten too, in no order, some more than once, and some wrong: the caller must know a whole one.
 */
export function* carveRows(file: string): Generator<Field[]> {
  const log = openLog(`${file}-wal`);
  const fd = openSync(file, "r");
  try {
    const size = fstatSync(fd).size;
    const pageSize = pageSizeOf(readAt(fd, 0, 100)) ?? log?.pageSize ?? DEFAULT_PAGE;
    const last = Math.ceil(size / pageSize);
    const main = (nth: number) => (nth <= last ? readAt(fd, (nth - 1) * pageSize, pageSize) : undefined);
    const logged = (nth: number) => log?.page(nth) ?? main(nth);
    for (const nth of log?.pages() ?? []) yield* rowsOn(nth, logged);
    // Where the log holds a later state of a page, the earlier one may be the readable one.
    for (let nth = 1; nth <= last; nth += 1) yield* rowsOn(nth, main, logged);
  } finally {
    closeSync(fd);
    log?.close();
  }
}

type Pages = (nth: number) => Buffer | undefined;

function* rowsOn(nth: number, pages: Pages, chained: Pages = pages): Generator<Field[]> {
  const page = pages(nth);
  const at = nth === 1 ? 100 : 0;
  if (!page || page.length < at + 8 || page[at] !== TABLE_LEAF) return;
  const cells = page.readUInt16BE(at + 3);
  for (let cell = 0; cell < cells && at + 10 + cell * 2 <= page.length; cell += 1) {
    const start = page.readUInt16BE(at + 8 + cell * 2);
    // Overflowing text continues on pages of whichever state is whole.
    const row = readCell(page, start, chained) ?? (chained === pages ? undefined : readCell(page, start, pages));
    if (row) yield row;
  }
}

function readCell(page: Buffer, start: number, pages: Pages): Field[] | undefined {
  const [length, afterLength] = varint(page, start);
  const [, begin] = varint(page, afterLength); // the row's number
  if (!(length > 0 && length < 1 << 30) || begin >= page.length) return undefined;
  const local = localBytes(length, page.length);
  const parts = [page.subarray(begin, begin + local)];
  let missing = length - local;
  let next = missing > 0 && begin + local + 4 <= page.length ? page.readUInt32BE(begin + local) : 0;
  while (missing > 0) {
    const more = next > 0 ? pages(next) : undefined;
    if (!more || more.length < 5) return undefined;
    parts.push(more.subarray(4, 4 + missing));
    missing -= more.length - 4;
    next = more.readUInt32BE(0);
  }
  return readRecord(Buffer.concat(parts));
}

/** How much of a row lies on its own page (sqlite.org/fileformat2.html, 1.6). */
function localBytes(length: number, usable: number): number {
  if (length <= usable - 35) return length;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (usable - 4));
  return fitting <= usable - 35 ? fitting : least;
}

const INTEGER_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function readRecord(record: Buffer): Field[] | undefined {
  const [headerEnd, first] = varint(record, 0);
  const fields: Field[] = [];
  let body = headerEnd;
  for (let at = first; at < headerEnd;) {
    const [type, after] = varint(record, at);
    if (!(type >= 0) || type === 10 || type === 11) return undefined;
    const length = type < 12 ? INTEGER_BYTES[type]! : Math.floor((type - 12) / 2);
    if (body + length > record.length) return undefined;
    const isText = type >= 13 && type % 2 === 1;
    fields.push(isText ? record.toString("utf8", body, body + length) : type === 0 ? null : undefined);
    body += length;
    at = after;
  }
  return fields;
}

/** SQLite's number of variable length: seven bits a byte, the ninth byte whole. NaN beyond the end. */
function varint(bytes: Buffer, at: number): [value: number, after: number] {
  let value = 0;
  for (let nth = 0; nth < 9; nth += 1) {
    const byte = bytes[at + nth];
    if (byte === undefined) return [Number.NaN, at];
    if (nth === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + nth + 1];
  }
  return [Number.NaN, at];
}

/** The last state of each page in a log, of those frames that belong to its present run. */
function openLog(file: string) {
  const header = withFile(file, (read) => read(0, WAL_HEADER));
  if (!header || header.length < WAL_HEADER || header.readUInt32BE(0) >>> 1 !== 0x377f0682 >>> 1) return undefined;
  const pageSize = header.readUInt32BE(8);
  if (!isPageSize(pageSize)) return undefined;
  const salt = header.subarray(16, 24);
  const fd = openSync(file, "r");
  const at = new Map<number, number>();
  for (let offset = WAL_HEADER; ; offset += FRAME_HEADER + pageSize) {
    const frame = readAt(fd, offset, FRAME_HEADER);
    if (frame.length < FRAME_HEADER) break;
    if (frame.subarray(8, 16).equals(salt)) at.set(frame.readUInt32BE(0), offset + FRAME_HEADER);
  }
  return {
    pageSize,
    pages: () => at.keys(),
    page: (nth: number) => (at.has(nth) ? readAt(fd, at.get(nth)!, pageSize) : undefined),
    close: () => closeSync(fd),
  };
}

const isPageSize = (size: number) => size >= 512 && size <= 65536 && (size & (size - 1)) === 0;

function pageSizeOf(head: Buffer): number | undefined {
  if (head.length < 18) return undefined;
  const said = head.readUInt16BE(16);
  const size = said === 1 ? 65536 : said;
  return isPageSize(size) ? size : undefined;
}

function readAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, position));
}

function withFile<T>(file: string, use: (read: (at: number, length: number) => Buffer) => T): T | undefined {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return undefined;
  }
  try {
    return use((at, length) => readAt(fd, at, length));
  } finally {
    closeSync(fd);
  }
}
