import { chooseFamily } from "../../families/auto.js";
import { gradeChoice } from "../../families/choice/grade.js";
import { parseChoices } from "../../families/choice/parse-choices.js";
import { families } from "../../families/index.js";
import { readMath } from "../../families/math/read.js";
import { saidOf } from "../../options-error.js";
import type { Json } from "../../state/json.js";
import type { CodeGold, ProblemTask } from "../problem.js";
import { plainNumber } from "./format.js";

/** What a row of one's own brings, by what it is; absent where the row lacks it. */
export interface RowParts {
  question: string;
  gold?: unknown;
  family?: unknown;
  choices?: unknown;
  schema?: unknown;
  consensus?: unknown;
  tests?: unknown;
  entryPoint?: unknown;
  language?: unknown;
}

/** What the whole file is read with. */
export interface RowDefaults {
  /** Family of rows that say nothing of their own; `auto`: told by the question alone. @default told by question and gold */
  family?: string | undefined;
  /** Labels of rows that bring none. */
  choices?: readonly string[] | undefined;
  /** JSON schema of rows that bring none. */
  schema?: Json | undefined;
  /** Rows without a gold are kept, with `gold: null`. */
  unlabelled: boolean;
}

/** A row's family, task and gold; or the part at fault, and why. */
export type OwnTask = { family: string; task: ProblemTask; gold: Json } | { part: keyof RowParts; why: string };

/**
 * Makes a row a problem. What the row says of itself decides: its family, else its tests, schema or choices; only then what the
 * file is read with, and last the question. So no row is put to a prompt of another kind, or graded by nothing.
 */
export function ownTask(row: RowParts, defaults: RowDefaults): OwnTask {
  const parts = { ...row };
  if (parts.choices === undefined && parts.schema === undefined) {
    parts.choices = defaults.choices;
    parts.schema = defaults.schema;
  }
  const choices = choicesOf(parts.choices);
  if (parts.choices !== undefined && !choices) return { part: "choices", why: "a list of labels is needed" };
  const schema = schemaOf(parts.schema);
  if (parts.schema !== undefined && !schema) return { part: "schema", why: "a JSON schema, an object, is needed" };
  const tests = texts(parts.tests) ?? [];
  const told = familyOf({ ...parts, choices, schema, tests }, defaults.family);
  const { family } = told;
  const task = {
    question: parts.question,
    ...(choices && { choices }),
    ...(schema && { schema }),
    ...(family === "choice:fields" && schema ? { consensus: "field" } : {}),
    ...(isCode(family) && codeTask(parts, tests)),
  } as ProblemTask;
  const fault = taskFault(family, task);
  if (fault) return fault;

  const gold = parts.gold === undefined ? null : goldOf(family, parts, task);
  if (typeof gold === "object" && gold !== null && "why" in gold) return { part: "gold", why: String(gold.why) };
  if (gold === undefined) return { part: "gold", why: `a ${family} answer cannot be read from it` };
  if (gold === null && (family !== "chat" || told.guessed) && !defaults.unlabelled)
    return { part: "gold", why: isCode(family) ? "tests that grade are needed" : "the gold answer is needed" };
  if (gold !== null && family === "chat" && told.guessed && !defaults.unlabelled)
    return {
      part: "gold",
      why: 'the question asks for an open text, which a gold answer cannot grade: give the row choices or a schema, or the family "math" where a value is asked for; "chat" is graded by --judge',
    };
  return { family, task, gold };
}

const isCode = (family: string) => family === "code" || family.startsWith("code:");

function familyOf(
  { question, gold, family, choices, schema, consensus, tests, entryPoint }: RowParts & { tests: readonly string[] },
  asked: string | undefined,
): { family: string; guessed?: true } {
  const own = plain(family);
  if (own !== undefined && own !== "auto") return { family: own };
  if (tests.length > 0 || entryPoint !== undefined) return { family: asked && isCode(asked) ? asked : "code" };
  if (choices !== undefined || schema !== undefined) {
    const byFields = consensus === "field" || (asked === "choice:fields" && schema !== undefined);
    return { family: byFields ? "choice:fields" : "choice" };
  }
  if (asked !== undefined && asked !== "auto" && own === undefined) return { family: asked };
  const told = chooseFamily({ question }, Object.keys(families)).family;
  if (asked === "auto" || own === "auto" || told === "choice") return { family: told, guessed: true };
  if (gold === undefined) return { family: told, guessed: true };
  return { family: isValue(gold) ? "math" : told === "math" && !isWords(gold) ? "math" : "chat", guessed: true };
}

/** A gold that is a number, a formula, or a worked solution that ends in one. */
function isValue(gold: unknown): boolean {
  if (typeof gold === "number") return true;
  if (typeof gold !== "string") return false;
  return /####|\\boxed\s*\{|\\frac|\\sqrt|^\s*\$?[-+−]?[\d.,][\d.,\s/%$€£^]*$/u.test(gold);
}

/** Words alone, such as a name. */
const isWords = (gold: unknown): boolean => typeof gold === "string" && /^[\p{L}\s'’.,-]+$/u.test(gold);

function codeTask({ entryPoint, language }: RowParts, tests: readonly string[]) {
  const name = plain(entryPoint);
  return { language: plain(language) ?? "python", tests, ...(name && { entryPoint: name }) };
}

/** What the family's own task schema finds wrong, before anything is asked. */
function taskFault(family: string, task: ProblemTask): Extract<OwnTask, { part: unknown }> | undefined {
  if (!Object.hasOwn(families, family)) return undefined;
  const parsed = families[family]!().task.safeParse(task);
  if (parsed.success) return undefined;
  const field = String(parsed.error.issues[0]?.path[0] ?? "question");
  const part = (["choices", "schema", "tests", "entryPoint"] as const).find((name) => name === field) ?? "question";
  return { part, why: saidOf(parsed.error).replace(/\.$/, "") };
}

/** What a cell holds as the family grades by it; undefined where it cannot. */
function goldOf(family: string, { gold, entryPoint }: RowParts, task: ProblemTask): Json | { why: string } | undefined {
  if (isCode(family)) {
    const tests = texts(gold);
    if (!tests) return undefined;
    if (!tests.every((test) => ASSERTS.test(test)))
      return { why: "it asserts nothing, so every program would pass: tests that grade are needed" };
    return { tests, setup: "", entryPoint: plain(entryPoint) ?? null } satisfies CodeGold;
  }
  if (family === "chat") {
    const turns = texts(gold);
    return turns && { turns };
  }
  if (family.startsWith("choice")) {
    const told = typeof gold === "object" ? (gold as Json) : plain(gold);
    if (told === undefined) return undefined;
    return gradeChoice(told, "", task as never) === null ? { why: noneOf(task) } : told;
  }
  const text = plain(gold);
  return text !== undefined && family.startsWith("math") ? mathGold(text) : text;
}

/** A test that can fail. */
const ASSERTS = /\bassert|\bcheck\s*\(|\braise\b|\bthrow\b|\bexpect\s*\(/;

const noneOf = ({ choices, schema }: ProblemTask): string =>
  schema === undefined
    ? `it is none of the choices${Array.isArray(choices) ? `: ${choices.slice(0, 8).join(", ")}` : ""}`
    : "it is no JSON";

/** A worked solution stands for the answer that it ends in. */
function mathGold(text: string): string | undefined {
  const solved = /####|\\boxed\s*\{|\b(?:answer|therefore|thus|hence)\b/i.test(text) || text.length > 200;
  return solved ? readMath(text)?.value : text;
}

function choicesOf(value: unknown): string[] | Record<string, string> | undefined {
  const parsed = jsonIn(value);
  if (Array.isArray(parsed)) {
    const labels = parsed.map(plain);
    return labels.length > 0 && labels.every((label) => label !== undefined) ? labels : undefined;
  }
  if (typeof parsed === "object" && parsed !== null) {
    const named = Object.entries(parsed).map(([letter, text]) => [letter, plain(text)] as const);
    return named.every(([, text]) => text !== undefined)
      ? (Object.fromEntries(named) as Record<string, string>)
      : undefined;
  }
  const labels = typeof parsed === "string" ? parseChoices(parsed) : [];
  return labels.length > 0 ? labels : undefined;
}

function schemaOf(value: unknown): Json | undefined {
  const parsed = jsonIn(value);
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? (parsed as Json) : undefined;
}

/** A cell of CSV holds JSON as text. */
function jsonIn(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A text, number or truth value as a text. */
export function plain(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim();
  if (typeof value === "number") return plainNumber(value);
  return typeof value === "boolean" ? String(value) : undefined;
}

/** A text, or a list of texts, as a list. */
function texts(value: unknown): string[] | undefined {
  const parsed = jsonIn(value);
  if (typeof parsed === "string") return [parsed];
  return Array.isArray(parsed) && parsed.length > 0 && parsed.every((item) => typeof item === "string")
    ? parsed
    : undefined;
}
