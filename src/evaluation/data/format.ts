import { z } from "zod";
import type { Problem } from "../problem.js";

/** A row of a file, as it was read. */
export type Row = Readonly<Record<string, unknown>>;

/** A problem as its row tells it; a row without an id gets its place in the file. */
export type Draft = Omit<Problem, "id"> & { id?: string };

/** How the rows of one kind of file become problems. */
export interface Format {
  name: string;
  /** Whether a row has the fields of this format. */
  matches(row: Row): boolean;
  /** Parses a row, which may hold several problems with ids of their own; its issues name the field at fault. */
  schema: z.ZodType<Draft | Draft[]>;
}

/** A text with something in it. */
export const Text = z.string().refine((text) => text.trim() !== "", "a text is needed, it is empty");

/** A number as people write it: 145 and not 145.0, no exponent for whole numbers. */
export function plainNumber(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** What tables can be split by: without what a row lacks. */
export function labels(about: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(about).filter((label): label is [string, string] => Boolean(label[1])));
}

/** An id or a level, which some files write as a number. */
export const TextOrNumber = z.union([Text, z.number().transform(plainNumber)], "a text or a number is needed");

/** Whether a row has all of these fields, with a value. */
export function has(row: Row, ...fields: string[]): boolean {
  return fields.every((field) => row[field] !== undefined && row[field] !== null);
}
