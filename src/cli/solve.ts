import { Command } from "commander";
import { many } from "./flags.js";
import type { SolveFlags } from "./solve-flags.js";

/** `cope solve`: one task through the cascade. `done` is told the exit code. */
export function solveCommand(done: (exit: number) => void): Command {
  return new Command("solve")
    .description("solve one task")
    .argument("[question]", "the question, or - to read it from stdin")
    .option("--family <name>", "kind of task: auto, math, code, chat, choice (default: auto, told from the task)")
    .option("--tests <file>", "visible tests that decide which program is accepted: assertions, or check(candidate)")
    .option("--entry-point <name>", "the function to write (default: the one that the tests call)")
    .option("--language <name>", "of the program: python or javascript (default: by the tests' file, else python)")
    .option("--choices <a,b,…>", "labels to choose from, or a file with one a line")
    .option("--schema <file>", "JSON schema of what is to be extracted")
    .option("--consensus <of>", "of objects by a schema: whole or field (default: whole)")
    .option("--reasoning <how>", "program: mathematics by programs that the sandbox runs (default: text)")
    .option("--scorer <name>", "vote, tests, perplexity, agreement, fields (default: the family's)")
    .option(
      "--strategy <name>",
      "cope, cope:s1s2, cope:s2s3, cope:direct, cascade, small, majority, large (default: cope)",
    )
    .option("--small <model>", 'the small model as "provider:model" (default: embedded)')
    .option("--large <model>", 'the large model as "provider:model" (default: embedded)')
    .option("--samples <n>", "planned samples of a stage (default: 8)")
    .option("--thresholds <t1,t2>", "confidence to accept, by stage (default: 0.75,0.5; chat: its own)")
    .option("--guideline <style>", "method, critique or worked (default: method)")
    .option("--calibration <file>", "stages, thresholds and guideline style that cope calibrate found for your data")
    .option("--seed <s>", "seed of every draw (default: 0)")
    .option("--thread <name>", "continue this thread; without a question: resume it, or print its last answer")
    .option("--checkpoint <file>", "file that threads are saved in")
    .option("--no-save", "save nothing")
    .option("--tape <file>", "record draws, and reuse recorded ones")
    .option(
      "--price <role=in,out>",
      "US dollars per million tokens of a role's model, or of provider:model (repeatable)",
      many,
      [],
    )
    .option("--budget-usd <x>", "hard limit in dollars")
    .option("--max-calls <n>", "hard limit of calls")
    .option("--timeout <s>", "hard limit in seconds")
    .option(
      "--max-tokens <n>",
      "longest answer of a sample, in tokens, without what is thought (default: the family's)",
    )
    .option("--thinking-tokens <n>", "room for models that think, beside their answers (default: 2048; hosted: 4096)")
    .option("--concurrency <n>", "calls under way at once (default: 8)")
    .option("--ask <when>", "ask a person: guideline, spending=DOLLARS, leaving (this machine), with commas between")
    .option("--answer <answer>", "to what the thread asks: approve, edit=GUIDELINE, reject or reject=REASON")
    .option("--trace", "show every plan and sample whole")
    .option("--json", "one JSON document on stdout")
    .addHelpText(
      "after",
      '\nExample: cope solve "What is 17 % of 250?" --small ollama:qwen3:4b --large openai:gpt-4o\nModels: provider:model; llama:NAME or llama:FILE.gguf embedded; openai:MODEL@http://127.0.0.1:8080/v1 for any OpenAI-compatible server',
    )
    .action(async (question: string | undefined, flags: SolveFlags) => {
      const { solve } = await import("./solve-run.js");
      done(await solve(question, flags));
    });
}
