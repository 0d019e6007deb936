import { Command } from "commander";
import { CopeError } from "../errors.js";
import { printJson } from "./output.js";

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
    .description("all threads, the last saved first")
    .option(...file)
    .option("--json", "one JSON document on stdout")
    .action(async ({ checkpoint, json }: Options) => {
      const listed = await withRuns(checkpoint, [], async (runs) => runs.listThreads());
      if (json) return printJson(listed);
      for (const { thread, at } of listed) process.stdout.write(`${thread}  ${at}\n`);
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

async function withRuns<T>(
  checkpoint: string | undefined,
  nothing: T,
  use: (runs: import("./saved-runs.js").SavedRuns) => Promise<T>,
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
