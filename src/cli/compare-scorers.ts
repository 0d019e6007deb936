import { Command } from "commander";
import { printJson, visible } from "./output.js";

/** Options of `cope compare-scorers`, as typed. */
export interface CompareFlags {
  tape?: string;
  recording?: string;
  data?: string;
  limit?: string;
  strategy?: string;
  stages?: string;
  samples?: string;
  atAccuracy?: string;
  json?: boolean;
}

/** `cope compare-scorers`: every confidence on the same recorded samples. */
export function compareScorersCommand(): Command {
  return new Command("compare-scorers")
    .description("which confidence tells right from wrong: every one on the same recorded samples")
    .option("--tape <file>", "a tape or an export of draws (default: the newest tape under ./runs)")
    .option("--recording <id>", "which recording of the tape (default: the one begun last)")
    .option("--data <file>", "data set that grades values which are read otherwise today")
    .option("--limit <n>", "only the first so many problems of the recording")
    .option("--strategy <name>", "stage list whose first stage is looked at (default: cope)")
    .option("--stages <file>", "a stage list of your own, as JSON, in place of a strategy")
    .option("--samples <n>", "samples of the stage (default: the stage's own)")
    .option("--at-accuracy <x>", "accuracy among accepted for which coverage is told (default: 0.9)")
    .option("--json", "one JSON document on stdout")
    .action(async (flags: CompareFlags) => {
      const { parseCompare } = await import("./compare-scorers-options.js");
      const { limit, ...options } = parseCompare(flags);
      const [{ compareScorers, scorerTable }, { openRecording }, { defaultTape }, { readStages }] = await Promise.all([
        import("../evaluation/compare-scorers/index.js"),
        import("./replay-run.js"),
        import("./runs-folder.js"),
        import("./stages-file.js"),
      ]);
      const tape = flags.tape ?? defaultTape();
      const recorded = await openRecording({ tape, recording: flags.recording, data: flags.data, limit });
      const stages = flags.stages === undefined ? (flags.strategy ?? "cope") : readStages(flags.stages);
      const compared = compareScorers(recorded, { ...options, stages });
      if (flags.json) return printJson({ tape, recording: recorded.recording, ...compared });
      process.stdout.write(visible(scorerTable(compared)));
    });
}
