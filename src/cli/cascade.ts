import type { Command } from "@langchain/langgraph";
import { CopeError } from "../errors.js";
import type { AnyFamily } from "../families/types.js";
import { unusedField } from "../families/unused.js";
import { createCope } from "../graph/cope.js";
import { createKit } from "../graph/kit.js";
import type { CopeOptions } from "../graph/options.js";
import { recommendedRecursionLimit } from "../graph/stages.js";
import type { Tape } from "../models/tape.js";
import { checkModels } from "../nodes/check-models.js";
import { worstRun } from "../nodes/limits.js";
import { resolveSettings, type Arriving } from "../nodes/settings.js";
import type { RunChoices, RunOptions, Settings } from "../state/options.js";
import type { Pending } from "../state/pending.js";
import { kebab } from "./flags.js";
import { dollars } from "./output.js";
import type { Finished } from "./result.js";
import type { SavedRuns } from "./saved-runs.js";
import type { GivenTask } from "./solve-given.js";

/** A question with what checks its answer. */
export interface CascadeInput {
  question: string;
  given?: GivenTask;
  /** What the turn chooses for itself and the thread's later ones. */
  options?: RunChoices;
}

/** The cascade of one command line. */
export interface Cascade {
  settings: Settings;
  /**
   * Opens every model, so that a wrong name or a missing key is told first.
   *
   * @param running - what a turn that has begun runs with. @default what the next one would
   */
  check(running?: Settings): Promise<void>;
  /** What a question costs at the most, in a sentence; undefined where it costs nothing. */
  worst(task: Arriving): Promise<string | undefined>;
  /** What a thread waits for a person for. */
  waiting(thread: string): Promise<Pending | undefined>;
  /** Runs a question, or goes on where the thread is, by an answer to what it waits for. */
  run(
    input: CascadeInput | Command | null,
    how: { thread: string; signal: AbortSignal; onUpdate: (chunk: Record<string, unknown>) => void },
  ): Promise<Finished>;
  close(): Promise<void>;
}

/** The files of one command line. */
interface CascadeFiles {
  runs: SavedRuns | undefined;
  tape: Tape | undefined;
}

/**
 * Builds the cascade over the files of this run.
 *
 * @param chosen - what the thread's earlier turns have chosen
 * @throws CopeError as `createCope` does
 */
export function openCascade(
  options: CopeOptions,
  { runs, tape, input, chosen = {} }: CascadeFiles & { input?: CascadeInput; chosen?: RunOptions },
): Cascade {
  const all = { ...options, ...(runs ? { journal: runs.journal } : {}), ...(tape ? { tape } : {}) };
  const graph = createCope(all).compile(runs ? { checkpointer: runs.saver } : {});
  const { kit, construction } = createKit(all);
  const settings = resolveSettings(construction, [chosen, input?.options], {
    ...input?.given,
    question: input?.question ?? "",
  });
  return {
    settings,
    async check(running = settings) {
      if (input) assertUsed(kit.family(running), input);
      await checkModels(kit, running, { thresholdsOpen: construction.thresholdsOwn });
    },
    async worst(arriving) {
      const task = kit.family(settings).task.safeParse(arriving);
      const worst = task.success ? await worstRun(kit, settings, task.data) : undefined;
      if (!worst || worst.usd === 0) return undefined;
      const price = worst.usd === null ? "At an unknown price, at most" : `At most ${dollars(worst.usd)} in`;
      return `${price} ${worst.calls} calls, if every stage is needed and no call has to be repeated.`;
    },
    async waiting(thread) {
      if (!runs || settings.ask === undefined) return undefined;
      const { tasks } = await graph.getState({ configurable: { thread_id: thread } });
      return tasks.flatMap(({ interrupts }) => interrupts)[0]?.value as Pending | undefined;
    },
    async run(next, { thread, signal, onUpdate }) {
      let last: unknown;
      const stream = await graph.stream(next as CascadeInput | null, {
        configurable: { thread_id: thread },
        streamMode: ["updates", "values"],
        durability: "sync",
        recursionLimit: recommendedRecursionLimit(settings.stages, settings.ask),
        signal,
      });
      for await (const [mode, chunk] of stream) {
        if (mode === "updates") onUpdate(chunk as Record<string, unknown>);
        else last = chunk;
      }
      return last as Finished;
    },
    close: async () => kit.family(settings).close?.(),
  };
}

/** Tests for a question of another kind, say, would be passed over in silence. */
function assertUsed(family: AnyFamily, { question, given = {} }: CascadeInput): void {
  const field = unusedField(family, { ...given, question }, given);
  if (field === undefined) return;
  throw new CopeError(
    "OPTIONS_INVALID",
    `--${kebab(field)} means nothing to the family "${family.name}", which this question goes to.`,
    "leave it out, or name another family by --family.",
  );
}
