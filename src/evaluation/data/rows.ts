import { z } from "zod";
import { families } from "../../families/index.js";
import { saidOf } from "../../options-error.js";
import { Problem } from "../problem.js";
import { labels, type Draft, type Format, type Row } from "./format.js";
import { ownTask, plain, type RowDefaults, type RowParts } from "./own-task.js";

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
  /** The family of the row. @default family */
  family: z.string().optional(),
  /** Labels to choose from: a list, texts by letter, or a text with commas between. @default choices or options */
  choices: z.string().optional(),
  /** JSON schema of what is to be extracted, as an object or as its text. @default schema */
  schema: z.string().optional(),
  /** For code: the tests that the task shows. @default tests */
  tests: z.string().optional(),
  /** For code: the function that the tests call. @default entry_point */
  entryPoint: z.string().optional(),
});
export type Columns = z.infer<typeof Columns>;

/** What one's own rows are, beside their columns. */
export interface OwnRows extends RowDefaults {
  columns: Columns;
}

const USUAL = {
  question: ["question", "problem", "input", "prompt"],
  gold: ["answer", "gold", "target", "label"],
  family: ["family"],
  choices: ["choices", "options"],
  schema: ["schema"],
  tests: ["tests"],
  entryPoint: ["entry_point", "entryPoint"],
} as const;

const ABOUT = ["level", "subject", "category", "type"];

/** A user's own rows, by named columns. */
export function ownRows({ columns, ...defaults }: OwnRows): Format {
  return {
    name: "rows",
    matches: () => true,
    schema: z.custom<Row>().transform((row, context): Draft => {
      const fault = (field: string, message: string) => {
        context.addIssue({ code: "custom", path: [field], message });
        return z.NEVER;
      };
      const fieldOf = (part: keyof typeof USUAL): string =>
        columns[part] ?? USUAL[part].find((name) => !isMissing(row[name])) ?? USUAL[part][0];
      const valueOf = (part: keyof typeof USUAL) => (isMissing(row[fieldOf(part)]) ? undefined : row[fieldOf(part)]);
      const question = valueOf("question");
      if (typeof question !== "string")
        return fault(fieldOf("question"), absent(row, fieldOf("question"), "a text is needed"));
      const idField = columns.id ?? "id";
      const id = isMissing(row[idField]) ? undefined : row[idField];
      if (columns.id !== undefined && id === undefined) return fault(idField, absent(row, idField, "an id is needed"));
      if (id !== undefined && plain(id) === undefined) return fault(idField, "a text or a number is needed");
      const parts: RowParts = {
        question,
        gold: valueOf("gold"),
        family: valueOf("family"),
        choices: valueOf("choices"),
        schema: valueOf("schema"),
        consensus: row["consensus"],
        tests: valueOf("tests"),
        entryPoint: valueOf("entryPoint"),
        language: row["language"],
      };
      const made = ownTask(parts, defaults);
      if ("part" in made) {
        const field = made.part in USUAL ? fieldOf(made.part as keyof typeof USUAL) : made.part;
        return fault(field, parts[made.part] === undefined ? absent(row, field, made.why) : made.why);
      }
      const about = (columns.about ?? ABOUT).map((name) => [name, plain(row[name])] as const);
      return { id: plain(id), ...made, about: labels(Object.fromEntries(about)) };
    }),
  };
}

const WholeProblem = Problem.extend({
  id: z.union([z.string().min(1), z.number().transform(String)]).optional(),
  gold: z.json().default(null),
  about: z.record(z.string(), z.string()).default({}),
});

/** Rows that are whole problems, as `loadProblems` returns them: `{ id, family, task: { question }, gold, about }`. */
export function wholeProblems({ unlabelled }: Pick<OwnRows, "unlabelled">): Format {
  return {
    name: "problems",
    matches: ({ task, family }) =>
      typeof family === "string" && typeof task === "object" && task !== null && "question" in task,
    schema: z.custom<Row>().transform((row, context): Draft => {
      const fault = (field: string, message: string) => {
        context.addIssue({ code: "custom", path: [field], message });
        return z.NEVER;
      };
      const parsed = WholeProblem.safeParse(row, { reportInput: true });
      if (!parsed.success)
        return fault(String(parsed.error.issues[0]?.path[0] ?? "task"), saidOf(parsed.error).replace(/\.$/, ""));
      const { family, task, gold } = parsed.data;
      const known = Object.hasOwn(families, family) ? families[family]!() : undefined;
      const fits = known?.task.safeParse(task);
      if (fits?.success === false) return fault("task", saidOf(fits.error).replace(/\.$/, ""));
      if (gold === null && family !== "chat" && !unlabelled) return fault("gold", "the gold answer is needed");
      return parsed.data as Draft;
    }),
  };
}

const isMissing = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "string" && value.trim() === "");

/** What is needed, and where the row has no such field, which fields it has. */
function absent(row: Row, field: string, needed: string): string {
  if (Object.hasOwn(row, field)) return needed;
  return `${needed}; the row has ${Object.keys(row).slice(0, 12).join(", ") || "no field"}`;
}
