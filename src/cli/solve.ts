import {
  command,
  flag,
  json,
  numberOf,
  runFlags,
  pricesOf,
  type Done,
  type Prices,
  type Typed,
  type Values,
} from "./flags.js";

/** The flags of `cope solve`. */
export const solveFlags = {
  family: flag.text(
    "<name>",
    "kind of task: auto, math, code, chat, choice (default: auto, told from the task)",
    ({ run }) => run.family,
  ),
  tests: flag.text("<file>", "visible tests that decide which program is accepted: assertions, or check(candidate)"),
  entryPoint: flag.text("<name>", "the function to write (default: the one that the tests call)"),
  language: flag.text("<name>", "of the program: python or javascript (default: by the tests' file, else python)"),
  choices: flag.text("<a,b,…>", "labels to choose from, or a file with one a line"),
  schema: flag.text("<file>", "JSON schema of what is to be extracted"),
  consensus: flag.text("<of>", "of objects by a schema: whole or field (default: whole)"),
  reasoning: flag.text(
    "<how>",
    "program: mathematics by programs that the sandbox runs (default: text)",
    ({ run }) => run.reasoning,
  ),
  scorer: flag.text("<name>", "vote, tests, perplexity, agreement, fields (default: the family's)"),
  strategy: flag.text(
    "<name>",
    "cope, cope:s1s2, cope:s2s3, cope:direct, cascade, small, majority, large (default: cope)",
  ),
  small: runFlags.small,
  large: runFlags.large,
  samples: flag.number("<n>", "planned samples of a stage (default: 8)", ({ run }) => run.samples),
  thresholds: flag.numbers(
    "<t1,t2>",
    "confidence to accept, by stage (default: 0.75,0.5; chat: its own)",
    ({ run }) => run.thresholds,
  ),
  guideline: runFlags.guideline,
  calibration: flag.text("<file>", "stages, thresholds and guideline style that cope calibrate found for your data"),
  seed: runFlags.seed,
  thread: flag.text("<name>", "continue this thread; without a question: resume it, or print its last answer"),
  checkpoint: flag.text("<file>", "file that threads are saved in"),
  save: flag.off("save nothing"),
  tape: flag.text("<file>", "record draws, and reuse recorded ones"),
  price: flag.many<Prices>(
    "<role=in,out>",
    "US dollars per million tokens of a role's model, or of provider:model (repeatable)",
    ({ z, Price }) => z.record(z.string(), Price),
    (typed) => pricesOf(typed, "large=2.5,10"),
  ),
  budgetUsd: flag.number("<x>", "hard limit in dollars", ({ budget }) => budget.usd),
  maxCalls: flag.number("<n>", "hard limit of calls", ({ budget }) => budget.calls),
  timeout: flag.text(
    "<s>",
    "hard limit in seconds",
    ({ budget }) => budget.ms,
    (seconds) => numberOf(seconds) * 1000,
  ),
  maxTokens: flag.number(
    "<n>",
    "longest answer of a sample, in tokens, without what is thought (default: the family's)",
    ({ run }) => run.maxTokens,
  ),
  thinkingTokens: runFlags.thinkingTokens,
  concurrency: runFlags.concurrency,
  ask: flag.text("<when>", "ask a person: guideline, spending=DOLLARS, leaving (this machine), with commas between"),
  answer: flag.text("<answer>", "to what the thread asks: approve, edit=GUIDELINE, reject or reject=REASON"),
  trace: flag.on("show every plan and sample whole"),
  json,
};

/** What `cope solve` is given, as it is typed. */
export type SolveTyped = Typed<typeof solveFlags>;

/** What `cope solve` is given, as it is read. `timeout` is in milliseconds. */
export type SolveValues = Values<typeof solveFlags>;

/** `cope solve`: one task through the cascade. `done` is told the exit code. */
export const solveCommand = (done: Done) =>
  command(
    {
      name: "solve",
      about: "solve one task",
      args: { "[question]": "the question, or - to read it from stdin" },
      flags: solveFlags,
      example:
        'Example: cope solve "What is 17 % of 250?" --small ollama:qwen3:4b --large openai:gpt-4o\nModels: provider:model; llama:NAME or llama:FILE.gguf embedded; openai:MODEL@http://127.0.0.1:8080/v1 for any OpenAI-compatible server',
      run: async (typed, question?: string) => (await import("./solve-run.js")).solve(question, typed),
    },
    done,
  );
