import { Command } from "commander";
import type { EvalFlags } from "./eval-flags.js";
import { many } from "./flags.js";

/** `cope eval`: methods on a data set, recorded and compared. `done` is told the exit code. */
export function evalCommand(done: (exit: number) => void): Command {
  return new Command("eval")
    .description("run methods on a data set, and compare what they cost and how often they are right")
    .requiredOption(
      "--data <file or name>",
      "JSON lines or CSV, or gsm8k, svamp, math500, … (repeatable: several as one)",
      many,
      [],
    )
    .option(
      "--methods <names>",
      "cope, cope:s1s2, cope:s2s3, cope:direct, small, majority, large, …, or name=stages.json (default: cope,large,small)",
    )
    .option(
      "--family <name>",
      "solve the problems as this family does, such as math:program; auto: by their questions (default: the data's)",
    )
    .option("--choices <a,b,…>", "labels to choose from, or a file with one a line, for rows that bring none")
    .option("--schema <file>", "JSON schema of what is to be extracted, for rows that bring none")
    .option("--study <name>", "plans: who plans what for whom, in place of methods")
    .option(
      "--judge <role>",
      "let this role's model compare open answers with those of large, such as large, or --model's",
    )
    .option("--limit <n>", "at most so many problems; the turns of a conversation count as one")
    .option("--order <s>", "seed of the order in which problems are taken (default: 0)")
    .option("--ids <file>", "only these problems, in this order; one id a line")
    .option("--where <name=value,…>", "only problems with one of these values: level=4,5 (repeatable)", many, [])
    .option("--part <name>", "tuning or held-out: one part of a split that depends on ids alone")
    .option("--share <x>", "share of the tuning part (default: 0.5)")
    .option("--columns <what=column,…>", "columns of your own rows: question=q,gold=a,id=nr,about=topic")
    .option("--unlabelled", "keep rows without a gold answer")
    .option("--small <model>", 'the small model as "provider:model" (default: embedded)')
    .option("--large <model>", 'the large model as "provider:model" (default: embedded)')
    .option(
      "--model <role=model>",
      "a model for a further role; abc holds them against the small one (repeatable)",
      many,
      [],
    )
    .option(
      "--price <model=in,out>",
      "US dollars per million tokens of a model that no table knows (repeatable)",
      many,
      [],
    )
    .option("--samples <n>", "planned samples of a vote (default: 8)")
    .option("--thresholds <t1,t2>", "confidence that cope accepts, by stage (default: 0.75,0.5)")
    .option("--guideline <style>", "method, critique or worked (default: method)")
    .option("--stages <file.json>", "stages that the method cope runs")
    .option("--train <tape>", "recording of other problems that frugal's scorer is trained on (default: cross-fitting)")
    .option("--seed <s>", "seed of every draw (default: 0)")
    .option("--tape <file>", "where draws are recorded (default: under ./runs)")
    .option("--out <folder>", "where the report goes (default: beside the tape)")
    .option("--all-draws", "record what other thresholds would read, too")
    .option("--logprobs", "record log-probabilities with every sample")
    .option("--thinking-tokens <n>", "room for models that think, beside their answers (default: 2048; hosted: 4096)")
    .option("--at-once <n>", "problems under way at once (default: 4)")
    .option("--concurrency <n>", "calls under way at once (default: 8)")
    .option("--attempts <n>", "attempts at one call (default: 3)")
    .option("--call-timeout <s>", "seconds that one attempt may take (default: 600)")
    .option("--max-calls <n>", "hard limit of calls of this run")
    .option("--budget-usd <x>", "hard limit in dollars of this run")
    .option("--minutes <m>", "begin no new problem after so many minutes")
    .option("--margin <points>", "how many points below the large model still count as not inferior (default: 5)")
    .option("--by <name>", "further tables by what problems are labelled with, such as level")
    .option("--json", "one JSON document on stdout")
    .addHelpText(
      "after",
      "\nExample: cope eval --data mine.jsonl --methods cope,majority,small,large --limit 100\nStop it when you like: the same command goes on where it was.",
    )
    .action(async (flags: EvalFlags) => {
      const { evaluateCommand } = await import("./eval-run.js");
      done(await evaluateCommand(flags));
    });
}
