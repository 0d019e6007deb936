import { z } from "zod";
import type { Json } from "../../state/json.js";
import type { CodeGold, ProblemTask } from "../problem.js";
import { labels, plainNumber, type Draft, type Format, type Row } from "./format.js";

/** Which columns of one's own file are what. Where a name is not given, the first of the usual ones that a row has. */
export const Columns = z.strictObject({
  /** @default question, problem, input or prompt */
  question: z.string().optional(),
  /** @default answer, gold, target or label */
  gold: z.string().optional(),
  /** @default id; without one, a row's place in the file, from 0 */
  id: z.string().optional(),
  /** What tables can be split by. @default those of level, subject, category and type that a row has */
  about: z.array(z.string()).optional(),
  /** For code: the tests that the task shows. @default tests */
  tests: z.string().optional(),
  /** For code: the function that the tests call. @default entry_point */
  entryPoint: z.string().optional(),
});
export type Columns = z.infer<typeof Columns>;

/** What one's own rows are, beside their columns. */
export interface OwnRows {
  family: string;
  columns: Columns;
  /** Rows without a gold are kept, with `gold: null`. */
  unlabelled: boolean;
}

const USUAL = {
  question: ["question", "problem", "input", "prompt"],
  gold: ["answer", "gold", "target", "label"],
  id: ["id"],
  about: ["level", "subject", "category", "type"],
  tests: ["tests"],
  entryPoint: ["entry_point", "entryPoint"],
};

/** A user's own rows, by named columns. */
export function ownRows({ family, columns, unlabelled }: OwnRows): Format {
  return {
    name: "rows",
    matches: () => true,
    schema: z.custom<Row>().transform((row, context): Draft => {
      const fault = (field: string, message: string) => {
        context.addIssue({ code: "custom", path: [field], message });
        return z.NEVER;
      };
      const pick = (what: "question" | "gold" | "id" | "tests" | "entryPoint") => {
        const named = columns[what];
        const field = named ?? USUAL[what].find((name) => !isMissing(row[name])) ?? USUAL[what][0]!;
        return { field, value: isMissing(row[field]) ? undefined : row[field] };
      };
      const question = pick("question");
      if (typeof question.value !== "string") return fault(question.field, absent(row, question.field, "a text"));
      const id = pick("id");
      if (columns.id !== undefined && id.value === undefined) return fault(id.field, absent(row, id.field, "an id"));
      if (id.value !== undefined && plain(id.value) === undefined)
        return fault(id.field, "a text or a number is needed");
      const given = pick("gold");
      const gold = given.value === undefined ? null : goldOf(family, given.value, plain(pick("entryPoint").value));
      if (gold === undefined) return fault(given.field, `a ${family} answer cannot be read from it`);
      if (gold === null && family !== "chat" && !unlabelled)
        return fault(given.field, absent(row, given.field, "the gold answer"));
      const about = (columns.about ?? USUAL.about).map((name) => [name, plain(row[name])] as const);
      const entryPoint = plain(pick("entryPoint").value);
      const tests = texts(pick("tests").value) ?? [];
      const code = { language: "python", tests, ...(entryPoint && { entryPoint }) };
      return {
        id: plain(id.value),
        family,
        task: { question: question.value, ...(family === "code" ? code : undefined) } as ProblemTask,
        gold,
        about: labels(Object.fromEntries(about)),
      };
    }),
  };
}

/** What a cell holds as the family grades by it; undefined where it cannot. */
function goldOf(family: string, value: unknown, entryPoint: string | undefined): Json | undefined {
  if (family === "code") {
    const tests = texts(value);
    return tests && ({ tests, setup: "", entryPoint: entryPoint ?? null } satisfies CodeGold);
  }
  if (family === "chat") {
    const turns = texts(value);
    return turns && { turns };
  }
  return plain(value);
}

const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

function absent(row: Row, field: string, what: string): string {
  if (Object.hasOwn(row, field)) return `${what} is needed`;
  return `${what} is needed; the row has ${Object.keys(row).slice(0, 12).join(", ") || "no field"}`;
}

/** A text, number or truth value as a text. */
function plain(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim();
  if (typeof value === "number") return plainNumber(value);
  return typeof value === "boolean" ? String(value) : undefined;
}

/** A text, or a list of texts, as a list. */
function texts(value: unknown): string[] | undefined {
  if (typeof value === "string") return [value];
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")
    ? value
    : undefined;
}
