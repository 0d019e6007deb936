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
    const value =
      answer.value === null
        ? styled("yellow", "(no readable answer)", process.stdout)
        : styled("bold", visible(answer.value), process.stdout);
    // What was paid for is shown also where nothing could be read from it.
    const text = answer.value === null ? visible(answer.text).trim().split("\n") : [];
    const lines = [`Answer: ${value}`, ...text.map((line) => `  │ ${line}`), ...billLines(finished)];
    if (saved) lines.push(`Thread: ${visible(thread)}`);
    process.stdout.write(`${lines.join("\n")}\n`);
  }
  return answer.value === null ? EXIT.failed : EXIT.done;
}
