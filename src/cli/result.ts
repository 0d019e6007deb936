import type { RunState } from "../state/channels.js";
import { billLines, type Billed } from "./bill.js";
import { EXIT, printJson, styled, visible } from "./output.js";

/** What a finished thread holds. */
export type Finished = RunState & Billed & { stages: object[] };

/** How and where a result is shown. */
export interface Shown {
  thread: string;
  /** The thread can be gone on with. */
  saved: boolean;
  json: boolean;
  trace: boolean;
}

/** Prints the result and returns the exit code: 1 where no stage gave a readable answer. */
export function printResult(finished: Finished, { thread, saved, json, trace }: Shown): number {
  const { answer, stages, ledger, plans, samples, verdicts, calls } = finished;
  if (json)
    printJson({ answer, stages, ledger, thread, ...(trace ? { trace: { plans, samples, verdicts, calls } } : {}) });
  else {
    const lines = [...answerLines(answer), ...billLines(finished)];
    if (saved) lines.push(`Thread: ${visible(thread)}`);
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  return answer.value === null ? EXIT.failed : EXIT.done;
}

/** The value, over several lines as it is, and what running it said. */
function answerLines({ value, text, checks }: Finished["answer"]): string[] {
  // What was paid for is shown also where nothing could be read from it.
  const unread = () => visible(text).trim().replace(/^/gm, "  │ ");
  if (value === null)
    return [`Answer: ${styled("yellow", "(no readable answer)", process.stdout)}`, ...(text.trim() ? [unread()] : [])];
  const bold = visible(value).replace(/^.+$/gm, (line) => styled("bold", line, process.stdout));
  return [`Answer:${value.includes("\n") ? "\n" : " "}${bold}`, ...(checks ? checkLines(checks) : [])];
}

function checkLines({ passed, total, weak = 0, failures }: NonNullable<Finished["answer"]["checks"]>): string[] {
  const beside = weak > 0 ? `, ${weak} of them beside the program itself, which could have cheated` : "";
  const failed = failures.map(({ test, why }) => visible(`  failed: ${test}\n    ${why}`));
  return [`Tests:  passes ${passed} of ${total}${beside}`, ...failed];
}
