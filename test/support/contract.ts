import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import type { CliEnd } from "./cli.js";
import { needs } from "./needs.js";

const SCHEMA = resolve(import.meta.dirname, "../../../shared/contract/solve.schema.json");

/** The agreed shape of `cope solve --json`, where it is at hand: a check that a document must pass. */
export function contractSchema(): z.ZodType | undefined {
  if (!needs("the JSON schema of `cope solve --json`", existsSync(SCHEMA))) return undefined;
  return z.fromJSONSchema(JSON.parse(readFileSync(SCHEMA, "utf8")));
}

const Bill = z.object({
  model: z.string(),
  calls: z.int().min(0),
  inputTokens: z.int().min(0).nullable(),
  outputTokens: z.int().min(0).nullable(),
  usd: z.number().nullable(),
});

/** The fields that must be there, written down once more: the schema file is not part of a checkout. */
const Document = z.object({
  answer: z.object({
    value: z.string().nullable(),
    text: z.string(),
    stage: z.string(),
    confidence: z.number().min(0).max(1).nullable(),
    fallbackFrom: z.string().optional(),
    stopped: z.enum(["budget", "timeout", "rejected"]).optional(),
  }),
  stages: z
    .array(
      z.object({
        name: z.string(),
        planned: z.int().min(1),
        drawn: z.int().min(0),
        confidence: z.number().min(0).max(1).nullable(),
        threshold: z.number().min(0).max(1).nullable(),
        decision: z.enum(["accept", "escalate", "last", "stopped"]),
        plans: z.array(z.object({ kind: z.enum(["goal", "guideline"]), by: z.string(), text: z.string() })),
      }),
    )
    .min(1),
  ledger: z.object({
    calls: z.int().min(0),
    usd: z.number().nullable(),
    byRole: z.record(z.string(), Bill),
    ifLargeAlone: z.object({
      inputTokens: z.number().nullable(),
      outputTokens: z.number().nullable(),
      usd: z.number().nullable(),
      estimated: z.boolean(),
    }),
  }),
  thread: z.string().min(1),
});

/** A longer run of JSON names its thread first, on a line of stderr. */
const withoutThread = (stderr: string): string => stderr.replace(/^\{"thread":"[^"\n]*"\}\n/, "");

/** The document of `--json`: one line on stdout with all required fields, and nothing on stderr. */
export function documentOf({ stdout, stderr }: CliEnd): any {
  expect({ stderr: withoutThread(stderr), lines: stdout.split("\n").length - 1 }).toEqual({ stderr: "", lines: 1 });
  const document = JSON.parse(stdout);
  Document.parse(document);
  contractSchema()?.parse(document);
  return document;
}

/** What a failing command must leave: nothing on stdout, on stderr one line of JSON, no stack trace. */
export function jsonErrorOf({ stdout, stderr }: CliEnd): { code: string; message: string; remedy: string } {
  expect(stdout).toBe("");
  const said = withoutThread(stderr).trimEnd();
  expect(said.split("\n")).toHaveLength(1);
  const error = JSON.parse(said);
  expect(error).toEqual({
    code: expect.stringMatching(/^[A-Z_]+$/),
    message: expect.stringMatching(/\S/),
    remedy: expect.stringMatching(/\S/),
  });
  expect(error.code).not.toBe("INTERNAL");
  return error;
}

/** The same for people: `[CODE] message. Remedy: …` as the last line, no stack trace, no colour in a pipe. */
export function plainErrorOf({ stdout, stderr }: CliEnd): { code: string; line: string } {
  expect(stdout).toBe("");
  const line = stderr.trimEnd().split("\n").at(-1) ?? "";
  expect(line).toMatch(/^\[[A-Z_]+\] \S.*[.?!)] Remedy: \S/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr).not.toContain("\x1b");
  return { code: /\[([A-Z_]+)\]/.exec(line)![1]!, line };
}
