import { Command } from "commander";
import { CopeError } from "../errors.js";
import type { SavedRuns } from "./saved-runs.js";
import { printJson, visible } from "./output.js";

/** Characters of a question that are shown in the list. */
const LONGEST = 60;

interface Options {
  checkpoint?: string;
  json?: boolean;
}

/** `cope threads`: what is saved, and forgetting it. */
export function threadsCommand(): Command {
  const threads = new Command("threads").description("what is saved: list, rm");
  const file = ["--checkpoint <file>", "the file it is saved in"] as const;
  threads
    .command("list")
    .description("all threads, the last saved first: name, time, state, question")
    .option(...file)
    .option("--json", "one JSON document on stdout")
    .action(async ({ checkpoint, json }: Options) => {
      const listed = await withRuns<Listed[]>(checkpoint, [], withStates);
      if (json) return printJson(listed);
      for (const { thread, at, state, question } of listed)
        process.stdout.write(
          `${visible(`${thread}  ${at ?? "unknown".padEnd(24)}  ${state.padEnd(10)}  ${question ?? ""}`).trimEnd()}\n`,
        );
    });
  threads
    .command("rm")
    .argument("<thread>", "its name")
    .description("forget a thread: checkpoints, journal and options")
    .option(...file)
    .option("--json", "one JSON document on stdout")
    .action(async (thread: string, { checkpoint, json }: Options) => {
      const found = await withRuns(checkpoint, false, async (runs) => {
        const known = runs.listThreads().some((saved) => saved.thread === thread);
        await runs.forget(thread);
        return known;
      });
      if (!found)
        throw new CopeError("THREAD_UNKNOWN", `nothing saved of a thread "${thread}".`, "see `cope threads list`.");
      if (json) return printJson({ thread, forgotten: true });
      process.stdout.write(`${thread} is forgotten\n`);
    });
  return threads;
}

type Listed = ReturnType<SavedRuns["listThreads"]>[number] & { state: string; question?: string };

/** The threads with what people know them by: whether they are finished or broken, and the first words of the last question. */
async function withStates(runs: SavedRuns): Promise<Listed[]> {
  const { readThread } = await import("./saved-thread.js");
  const listed: Listed[] = [];
  for (const saved of runs.listThreads()) {
    const read = await readThread(runs.saver, saved.thread).catch((error: unknown) => {
      // One that is broken must not hide the others.
      if (CopeError.isInstance(error) && error.code === "FILE_BROKEN") return "broken" as const;
      throw error;
    });
    if (read === "broken") {
      listed.push({ ...saved, state: "broken" });
      continue;
    }
    const words = read?.question?.trim().replace(/\s+/g, " ");
    const question = words && words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
    const state = read?.finished ? "finished" : "unfinished";
    listed.push({ ...saved, state, ...(question ? { question } : {}) });
  }
  return listed;
}

async function withRuns<T>(
  checkpoint: string | undefined,
  nothing: T,
  use: (runs: SavedRuns) => Promise<T>,
): Promise<T> {
  const { defaultFile, hasSavedRuns, openSavedRuns } = await import("./saved-runs.js");
  const file = checkpoint ?? defaultFile();
  if (!hasSavedRuns(file)) return nothing;
  const runs = await openSavedRuns(file);
  try {
    return await use(runs);
  } finally {
    runs.close();
  }
}
