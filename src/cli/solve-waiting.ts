import { Command } from "@langchain/langgraph";
import type { GuidelineResponse, Pending } from "../state/pending.js";
import { askTerminal, someoneIsThere } from "./ask-terminal.js";
import type { Cascade, CascadeInput } from "./cascade.js";
import { EXIT, printJson, typed } from "./output.js";
import { pendingLines } from "./pending-text.js";
import type { Finished } from "./result.js";
import type { Steps } from "./steps.js";

/** How a turn ended: with an answer, or with a question to a person who is not here. */
type Ended = { finished: Finished } | { pending: Pending };

/** Runs a turn, asking whoever is at the terminal as often as it waits for a person. */
export async function runAsking(
  cascade: Cascade,
  input: CascadeInput | Command | null,
  { thread, signal, steps, json }: { thread: string; signal: AbortSignal; steps: Steps; json: boolean },
): Promise<Ended> {
  for (let next = input; ;) {
    const finished = await cascade.run(next, { thread, signal, onUpdate: steps.show });
    const pending = await cascade.waiting(thread);
    if (!pending) return { finished };
    if (!someoneIsThere(json)) return { pending };
    steps.end();
    const answer = await askTerminal(pending, signal);
    if (!answer) return { pending };
    next = new Command({ resume: bound(answer, pending) });
  }
}

/** The answer counts for what was shown, and for nothing else. */
const bound = (answer: GuidelineResponse, { id }: Pending) =>
  typeof answer === "string" || id === undefined ? answer : { ...answer, id };

/** Prints what the thread waits for, and how to answer. Nothing has failed: the exit code is 0, and there is no `answer`. */
export function printPending(
  pending: Pending,
  { thread, json, resume }: { thread: string; json: boolean; resume: string },
): number {
  if (json) printJson({ pending, thread, resume: typed(`${resume} --answer approve`) });
  else {
    const edit = pending.asks === "guideline" ? ", edit=GUIDELINE" : "";
    const how = typed(`To answer: ${resume} --answer approve (or reject, reject=REASON${edit})`);
    process.stdout.write(`${[...pendingLines(pending), how].join("\n")}\n`);
  }
  return EXIT.done;
}
