import {
  command,
  json,
  many,
  number,
  numberOf,
  numbers,
  off,
  on,
  pricesOf,
  text,
  type Done,
  type Prices,
  type Typed,
  type Values,
} from "./flags.js";

/** The flags of `cope solve`. */
export const solveFlags = {
  family: text(
    "<name>",
    "kind of task: auto, math, code, chat, choice (default: auto, told from the task)",
    ({ RunOptions }) => RunOptions.shape.family,
  ),
  tests: text("<file>", "visible tests that decide which program is accepted: assertions, or check(candidate)"),
  entryPoint: text("<name>", "the function to write (default: the one that the tests call)"),
  language: text("<name>", "of the program: python or javascript (default: by the tests' file, else python)"),
  choices: text("<a,b,…>", "labels to choose from, or a file with one a line"),
  schema: text("<file>", "JSON schema of what is to be extracted"),
  consensus: text("<of>", "of objects by a schema: whole or field (default: whole)"),
  reasoning: text(
    "<how>",
    "program: mathematics by programs that the sandbox runs (default: text)",
    ({ RunOptions }) => RunOptions.shape.reasoning,
  ),
  scorer: text("<name>", "vote, tests, perplexity, agreement, fields (default: the family's)"),
  strategy: text("<name>", "cope, cope:s1s2, cope:s2s3, cope:direct, cascade, small, majority, large (default: cope)"),
  small: text(
    "<model>",
    'the small model as "provider:model" (default: embedded)',
    ({ RunOptions }) => RunOptions.shape.small,
  ),
  large: text(
    "<model>",
    'the large model as "provider:model" (default: embedded)',
    ({ RunOptions }) => RunOptions.shape.large,
  ),
  samples: number("<n>", "planned samples of a stage (default: 8)", ({ RunOptions }) => RunOptions.shape.samples),
  thresholds: numbers(
    "<t1,t2>",
    "confidence to accept, by stage (default: 0.75,0.5; chat: its own)",
    ({ RunOptions }) => RunOptions.shape.thresholds,
  ),
  guideline: text(
    "<style>",
    "method, critique or worked (default: method)",
    ({ RunOptions }) => RunOptions.shape.guideline,
  ),
  calibration: text("<file>", "stages, thresholds and guideline style that cope calibrate found for your data"),
  seed: number("<s>", "seed of every draw (default: 0)", ({ RunOptions }) => RunOptions.shape.seed),
  thread: text("<name>", "continue this thread; without a question: resume it, or print its last answer"),
  checkpoint: text("<file>", "file that threads are saved in"),
  save: off("save nothing"),
  tape: text("<file>", "record draws, and reuse recorded ones"),
  price: many<Prices>(
    "<role=in,out>",
    "US dollars per million tokens of a role's model, or of provider:model (repeatable)",
    ({ z, Price }) => z.record(z.string(), Price),
    (typed) => pricesOf(typed, "large=2.5,10"),
  ),
  budgetUsd: number("<x>", "hard limit in dollars", ({ Budget }) => Budget.shape.usd),
  maxCalls: number("<n>", "hard limit of calls", ({ Budget }) => Budget.shape.calls),
  timeout: text(
    "<s>",
    "hard limit in seconds",
    ({ Budget }) => Budget.shape.ms,
    (seconds) => numberOf(seconds) * 1000,
  ),
  maxTokens: number(
    "<n>",
    "longest answer of a sample, in tokens, without what is thought (default: the family's)",
    ({ RunOptions }) => RunOptions.shape.maxTokens,
  ),
  thinkingTokens: number(
    "<n>",
    "room for models that think, beside their answers (default: 2048; hosted: 4096)",
    ({ Thinking }) => Thinking.shape.tokens,
  ),
  concurrency: number("<n>", "calls under way at once (default: 8)", ({ RunOptions }) => RunOptions.shape.concurrency),
  ask: text("<when>", "ask a person: guideline, spending=DOLLARS, leaving (this machine), with commas between"),
  answer: text("<answer>", "to what the thread asks: approve, edit=GUIDELINE, reject or reject=REASON"),
  trace: on("show every plan and sample whole"),
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
