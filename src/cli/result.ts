import type { RunState } from "../state/channels.js";
import { billLines } from "./bill.js";
import { EXIT, printJson, styled } from "./output.js";
import type { SolveFlags } from "./solve-flags.js";

/** What a finished thread holds. */
export type Finished = Required<Pick<RunState, "answer">> & RunState & { ledger: object; stages: object[] };

/** Prints the result and returns the exit code: 1 where no stage gave a readable answer. */
export function printResult(
  { answer, stages, ledger, plans, samples, verdicts, calls }: Finished,
  thread: string,
  flags: SolveFlags,
): number {
  if (flags.json) {
    const trace = flags.trace ? { trace: { plans, samples, verdicts, calls } } : {};
    printJson({ answer, stages, ledger, thread, ...trace });
  } else {
    const value = answer.value ?? styled("yellow", "(no readable answer)", process.stdout);
    process.stdout.write(
      `${[`Answer: ${styled("bold", value, process.stdout)}`, ...billLines({ answer, ledger } as never), `Thread: ${thread}`].join("\n")}\n`,
    );
  }
  return answer.value === null ? EXIT.failed : EXIT.done;
}
