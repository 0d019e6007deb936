import { styleText } from "node:util";
import { CopeError } from "../errors.js";
import { redact } from "../models/redact.js";

/** Exit codes of the command line. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

type Style = Parameters<typeof styleText>[0];

/** Text in a style where the stream is a terminal that wants colour, plain otherwise. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream = process.stderr): string {
  return styleText(style, text, { stream, validateStream: true });
}

/**
 * What a model or a server said, fit for a terminal: without the control characters that could move the cursor, clear the
 * screen or hide text. Line breaks and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, "");
}

/** A text with its `cope` commands as they have to be typed here: behind npx where npm runs us, or there is no `cope`. */
export function typed(text: string): string {
  const byNpm = process.env["npm_command"] !== undefined || process.env["npm_lifecycle_event"] !== undefined;
  return byNpm
    ? text.replace(
        /(?<!npx )\bcope (?=solve|eval|replay|calibrate|compare-scorers|threads|tape|models|doctor|--)/g,
        "npx cope ",
      )
    : text;
}

/** A line for people who wait; never on stdout, which holds the result alone. */
export function note(line = ""): void {
  process.stderr.write(`${line}\n`);
}

/** The one JSON document of `--json`. */
export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, process.stdout.isTTY ? 2 : 0)}\n`);
}

/** Prints an error as one line, without a stack trace, and returns the exit code. Anything unexpected says so. */
export function printError(error: unknown, json: boolean): number {
  const known = CopeError.isInstance(error) ? error : unexpected(error);
  const { code } = known;
  const message = redact(known.reason);
  const remedy = typed(redact(known.remedy));
  if (json) note(JSON.stringify({ code, message, remedy }));
  else note(`${styled("red", `[${code}]`)} ${visible(message)} Remedy: ${visible(remedy)}`);
  if (process.env["COPE_DEBUG"]) note(visible(redact((error as Error)?.stack ?? error)));
  if (code === "ABORTED") return EXIT.interrupted;
  return known.isUsage ? EXIT.usage : EXIT.failed;
}

function unexpected(error: unknown): CopeError {
  const said = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
  return new CopeError(
    "INTERNAL",
    said,
    "this is a fault of ours: run again with COPE_DEBUG=1 and report what it prints.",
  );
}

/** US dollars for people; small sums keep two significant digits. */
export function dollars(usd: number | null): string {
  if (usd === null) return "unknown";
  if (usd === 0) return "$0";
  return usd >= 0.01 ? `$${usd.toFixed(2)}` : `$${usd.toPrecision(2)}`;
}
