import { CopeError } from "../errors.js";
import type { Command } from "@langchain/langgraph";
import type { Cascade, CascadeInput } from "./cascade.js";
import { abortable } from "./interrupt.js";
import { note } from "./output.js";
import { printResult, type Shown } from "./result.js";
import { printPending, runAsking } from "./solve-waiting.js";
import type { Settings } from "../state/options.js";
import type { SavedRuns } from "./saved-runs.js";
import type { SolveFlags } from "./solve-flags.js";
import type { StartOptions } from "./solve-options.js";
import { freed, resumeLine } from "./solve-thread.js";
import { createSteps } from "./steps.js";

/** Where a run is shown and saved. */
export interface Place {
  flags: SolveFlags;
  runs: SavedRuns | undefined;
  thread: string;
}

/** How its result is shown. */
export const shown = ({ flags, runs, thread }: Place): Shown => ({
  thread,
  saved: runs !== undefined,
  json: flags.json ?? false,
  trace: flags.trace ?? false,
});

/** A run of JSON that takes longer names its thread on stderr, so that it can be gone on with when it is killed. */
const NAME_AFTER_MS = 1000;

/** Runs the cascade to its end, with its steps on stderr and the result on stdout. */
export async function runTurn(
  cascade: Cascade,
  input: CascadeInput | Command | null,
  { startedBefore, settings, ...place }: Place & { startedBefore: StartOptions | undefined; settings: Settings },
): Promise<number> {
  const { flags, runs, thread } = place;
  const { json, trace } = shown(place);
  if (!json) {
    // Before the first call: a thread has to be found again also when this process is killed.
    if (runs) note(`Thread: ${thread}`);
    const { family, familyWhy } = settings;
    note(`Family: ${family} (${familyWhy})`);
    if (flags.reasoning === "program" && !family.endsWith(":program"))
      note(`No programs are written: --reasoning program is for mathematics. If it is that, ask with --family math.`);
  }
  const naming = json && runs ? setTimeout(() => note(JSON.stringify({ thread })), NAME_AFTER_MS) : undefined;
  const steps = createSteps({ trace: trace && !json, quiet: json, settings });
  const goOn = `go on with: ${resumeLine(thread, flags)}`;
  try {
    const work = (signal: AbortSignal) => runAsking(cascade, input, { thread, signal, steps, json });
    const ended = await abortable(work, runs ? goOn : "run it again.").finally(steps.end);
    if ("pending" in ended) return printPending(ended.pending, { thread, json, resume: resumeLine(thread, flags) });
    return printResult(ended.finished, shown(place));
  } catch (error) {
    const coded = CopeError.isInstance(error) ? error : undefined;
    if (!runs) throw error;
    const embedded = Object.values(cascade.settings.models).every((model) => model.startsWith("llama:"));
    // The error itself must not be lost over a file that cannot be written.
    const isFree = await freed(runs, thread, { before: startedBefore, embedded }).catch(() => false);
    if (coded?.code === "ABORTED" && isFree)
      throw new CopeError("ABORTED", coded.reason, "nothing was answered yet: ask again.", { cause: error });
    if (isFree || coded?.code === "ABORTED") throw error;
    throw coded ? new CopeError(coded.code, coded.reason, `${coded.remedy} Then ${goOn}`, { cause: error }) : error;
  } finally {
    clearTimeout(naming);
    await cascade.close();
  }
}
