import { Command } from "commander";
import type { ReplayFlags } from "./replay-options.js";
import { many } from "./flags.js";

/** `cope replay`: what other thresholds, samples or methods would have cost and scored, from a recording alone. */
export function replayCommand(): Command {
  return new Command("replay")
    .description("what other thresholds, samples, prices or methods would have cost and scored, without a call")
    .option("--tape <file>", "a tape or an export of draws (default: the newest tape under ./runs)")
    .option("--recording <id>", "which recording of the tape (default: the one begun last)")
    .option("--data <file>", "data set that grades values which are read otherwise today")
    .option("--limit <n>", "only the first so many problems of the recording")
    .option("--strategy <name>", "cope, cope:s1s2, cope:s2s3, cope:direct (default: cope)")
    .option("--stages <file>", "a stage list of your own, as JSON, in place of a strategy")
    .option("--thresholds <t1,t2>", "one for each stage that has one (default: the stages' own)")
    .option("--samples <n>", "planned samples; with --grid several, as 4,6,8 (default: the stages' own)")
    .option("--guideline <style>", "method, critique or worked; with --grid several (default: method)")
    .option(
      "--methods <names>",
      "in place of the strategy, also name=stages.json (default: the strategy and what else is recorded)",
    )
    .option(
      "--price <role=in,out>",
      "dollars per million tokens of a role's model, or of a model by name (repeatable)",
      many,
      [],
    )
    .option("--approximate", "where another goal would be carried, take the draws of the nearest goal, and say so")
    .option("--by <field>", "show every table once more for each value, such as level")
    .option("--study <name>", "plans: the table of a recorded cope eval --study plans")
    .option("--report <file>", "write the report page, too")
    .option("--grid", "every combination of thresholds, and which of them nothing beats")
    .option("--steps <size>", "with --grid: distance of thresholds (default: 0.05)")
    .option("--waves <policies>", "with --grid: all, toAccept, fewest (default: the stages' own)")
    .option("--out <folder>", "with --grid: write all rows there, as grid.csv and grid.json")
    .option("--json", "one JSON document on stdout")
    .action(async (flags: ReplayFlags) => {
      const [{ parseReplay }, { runReplay }, { runGrid }] = await Promise.all([
        import("./replay-options.js"),
        import("./replay-run.js"),
        import("./replay-grid.js"),
      ]);
      const options = parseReplay(flags);
      await (options.grid ? runGrid(options) : runReplay(options));
    });
}
