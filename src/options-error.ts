import { z } from "zod";
import { CopeError } from "./errors.js";
import { redact } from "./models/redact.js";

/** How the reader of an error knows the fields: by default as they are named in code. */
export interface FieldWords {
  /** What a field is called where the user wrote it. Paths look like `budget.calls`. */
  name?: (path: string) => string;
  /** The text the user gave, where the schema was shown something made of it. */
  given?: (path: string) => string | undefined;
  /** What to do. @default "correct the field it names." */
  remedy?: string;
}

/**
 * Parses options with a coded error that names the field, what is needed there, and what was given.
 *
 * @param what - whose options they are: the first word of the message
 * @throws CopeError OPTIONS_INVALID
 */
export function parseOptions<T extends z.ZodType>(
  schema: T,
  value: unknown,
  what: string,
  words: FieldWords = {},
): z.output<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const reason = `${what}: ${saidOf(parsed.error, words)}`;
  const remedy = words.remedy ?? "correct the field it names.";
  throw new CopeError("OPTIONS_INVALID", reason, remedy, { cause: parsed.error });
}

/**
 * What a schema found wrong, on one line: `field: what is needed, what is given; …`. The given value is told where the
 * schema was asked to report it.
 */
export function saidOf({ issues }: z.ZodError, { name = (path) => path, given }: FieldWords = {}): string {
  const said = issues.map((issue) => {
    const path = issue.path.join(".");
    const value = given?.(path) ?? issue.input;
    const shown =
      value === undefined || issue.code === "unrecognized_keys" || issue.path[0] === "private"
        ? ""
        : `, ${quoted(value)} is given`;
    return `${path === "" ? "" : `${name(path)}: `}${needed(issue)}${shown}`;
  });
  return `${said.join("; ").replace(/\s*\n\s*/g, " ")}.`;
}

const KINDS: Readonly<Record<string, string>> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  array: "a list",
  boolean: "true or false",
};

/** What a schema asks for where it found something else. */
function needed(issue: z.core.$ZodIssue): string {
  const entries = "origin" in issue && issue.origin === "array" ? " entries" : "";
  // A message of the schema's own says it best.
  if (!/^(Invalid|Too|Unrecognized)\b/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return `${KINDS[issue.expected] ?? `an ${issue.expected}`} is needed`;
    case "too_small":
      if (issue.origin === "string") return "a text is needed";
      return issue.inclusive === false
        ? `more than ${issue.minimum} is needed`
        : `at least ${issue.minimum}${entries} is needed`;
    case "too_big":
      return issue.inclusive === false
        ? `less than ${issue.maximum} is needed`
        : `at most ${issue.maximum}${entries} is needed`;
    case "invalid_value":
      return `${issue.values.map((value) => quoted(value)).join(" or ")} is needed`;
    case "unrecognized_keys":
      return `there is no ${issue.keys.map((key) => quoted(key)).join(" and no ")}`;
    default:
      return issue.message;
  }
}

/** A value that was given, short and without secrets; what is no plain value is told by its kind alone. */
function quoted(value: unknown): string {
  if (typeof value === "string") {
    const text = redact(value);
    return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  }
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return typeof value === "function" ? "a function" : String(value);
}
