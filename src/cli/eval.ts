import {
  command,
  firstTyped,
  json,
  kebab,
  list,
  listOf,
  many,
  number,
  numberOf,
  numbers,
  on,
  pairOf,
  parse,
  pricesOf,
  text,
  wrong,
  type Done,
  type Prices,
  type Typed,
  type Values,
} from "./flags.js";

const pairs = (typed: readonly string[], flag: string) => typed.map((one) => pairOf(one, flag, "eval"));

const flags = {
  data: many("<file or name>", "JSON lines or CSV, or gsm8k, svamp, math500, … (repeatable: several as one)", ({ z }) =>
    z.array(z.string().min(1)),
  ),
  methods: list(
    "<names>",
    "cope, cope:s1s2, cope:s2s3, cope:direct, small, majority, large, …, or name=stages.json (default: cope,large,small)",
    ({ z }) => z.array(z.string().min(1, "a name of a method is needed")),
  ),
  family: text(
    "<name>",
    "solve the problems as this family does, such as math:program; auto: by their questions (default: the data's)",
    async ({ z }) => {
      const { families } = await import("../families/index.js");
      const isKnown = (name: string) => name === "auto" || Object.hasOwn(families, name);
      return z.string().refine(isKnown, `use auto or one of ${Object.keys(families).join(", ")}`);
    },
  ),
  choices: text("<a,b,…>", "labels to choose from, or a file with one a line, for rows that bring none"),
  schema: text("<file>", "JSON schema of what is to be extracted, for rows that bring none"),
  study: text("<name>", "plans: who plans what for whom, in place of methods", ({ z }) => z.enum(["plans"])),
  judge: text(
    "<role>",
    "let this role's model compare open answers with those of large, such as large, or --model's",
    ({ Role }) => Role,
  ),
  limit: number("<n>", "at most so many problems; the turns of a conversation count as one", ({ z }) => z.int().min(1)),
  order: number("<s>", "seed of the order in which problems are taken (default: 0)", ({ z }) => z.int().min(0)),
  ids: text("<file>", "only these problems, in this order; one id a line"),
  where: many(
    "<name=value,…>",
    "only problems with one of these values: level=4,5 (repeatable)",
    ({ z }) => z.record(z.string(), z.array(z.string().min(1))),
    (typed) => Object.fromEntries(pairs(typed, "where").map(([name, values]) => [name, listOf(values)])),
  ),
  part: text("<name>", "tuning or held-out: one part of a split that depends on ids alone", ({ z }) =>
    z.enum(["tuning", "held-out"]),
  ),
  share: number("<x>", "share of the tuning part (default: 0.5)", ({ z }) => z.number().gt(0).lt(1)),
  columns: text(
    "<what=column,…>",
    "columns of your own rows: question=q,gold=a,id=nr,about=topic",
    async () => (await import("../evaluation/data/rows.js")).Columns,
    columnsOf,
  ),
  unlabelled: on("keep rows without a gold answer"),
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
  model: many(
    "<role=model>",
    "a model for a further role; abc holds them against the small one (repeatable)",
    ({ z, Role }) => z.record(Role, z.string().min(1)),
    (typed) => Object.fromEntries(pairs(typed, "model")),
  ),
  price: many<Prices>(
    "<role=in,out>",
    "US dollars per million tokens of a role's model, or of provider:model (repeatable)",
    ({ z, Price }) => z.record(z.string(), Price),
    (typed) => pricesOf(typed),
  ),
  samples: number("<n>", "planned samples of a vote (default: 8)", ({ RunOptions }) => RunOptions.shape.samples),
  thresholds: numbers(
    "<t1,t2>",
    "confidence that cope accepts, by stage (default: 0.75,0.5)",
    ({ RunOptions }) => RunOptions.shape.thresholds,
  ),
  guideline: text(
    "<style>",
    "method, critique or worked (default: method)",
    ({ RunOptions }) => RunOptions.shape.guideline,
  ),
  stages: text("<file.json>", "stages that the method cope runs"),
  train: text("<tape>", "recording of other problems that frugal's scorer is trained on (default: cross-fitting)"),
  seed: number("<s>", "seed of every draw (default: 0)", ({ RunOptions }) => RunOptions.shape.seed),
  tape: text("<file>", "where draws are recorded (default: under ./runs)"),
  out: text("<folder>", "where the report goes (default: beside the tape)"),
  allDraws: on("record what other thresholds would read, too"),
  logprobs: on("record log-probabilities with every sample"),
  thinkingTokens: number(
    "<n>",
    "room for models that think, beside their answers (default: 2048; hosted: 4096)",
    ({ Thinking }) => Thinking.shape.tokens,
  ),
  atOnce: number("<n>", "problems under way at once (default: 4)", ({ z }) => z.int().min(1).max(256)),
  concurrency: number("<n>", "calls under way at once (default: 8)", ({ RunOptions }) => RunOptions.shape.concurrency),
  attempts: number("<n>", "attempts at one call (default: 3)", ({ RunOptions }) => RunOptions.shape.attempts),
  callTimeout: text(
    "<s>",
    "seconds that one attempt may take (default: 600)",
    ({ RunOptions }) => RunOptions.shape.callTimeoutMs,
    (seconds) => numberOf(seconds) * 1000,
  ),
  maxCalls: number("<n>", "hard limit of calls of this run", ({ z }) => z.int().min(1)),
  budgetUsd: number("<x>", "hard limit in dollars of this run", ({ z }) => z.number().gt(0)),
  minutes: number("<m>", "begin no new problem after so many minutes", ({ z }) => z.number().gt(0)),
  margin: number(
    "<points>",
    "how many points below the large model still count as not inferior (default: 5)",
    ({ z }) => z.number().min(0).max(100),
  ),
  by: list("<name>", "further tables by what problems are labelled with, such as level", ({ z }) =>
    z.array(z.string().min(1)),
  ),
  json,
};

/** What `cope eval` is given. `callTimeout` is in milliseconds. */
export type EvalOptions = Values<typeof flags> & { data: string[]; methods: string[] };

/** `cope eval`: methods on a data set, recorded and compared. `done` is told the exit code. */
export const evalCommand = (done: Done) =>
  command(
    {
      name: "eval",
      about: "run methods on a data set, and compare what they cost and how often they are right",
      flags,
      example:
        "Example: cope eval --data mine.jsonl --methods cope,majority,small,large --limit 100\nStop it when you like: the same command goes on where it was.",
      async run(typed) {
        refuseUnused(typed);
        const { data = [], methods = METHODS, ...others } = await parse("eval", flags, typed);
        return (await import("./eval-run.js")).evaluateData({ data, methods, ...others });
      },
    },
    done,
  );

/** What is compared where nothing else is said. */
const METHODS = ["cope", "large", "small"];

/** Flags that would be passed over in silence. */
function refuseUnused(typed: Typed<typeof flags>): void {
  if (typed.data === undefined)
    throw wrong("--data: there is nothing to evaluate.", "name a file of problems or a data set: --data mine.jsonl.");
  const beside = ["methods", "stages", "thresholds", "samples", "guideline", "train", "allDraws", "margin"] as const;
  const ofStudy = firstTyped(typed, [...beside, "by", "judge"]);
  if (typed.study !== undefined && ofStudy)
    throw wrong(`--study has methods and a table of its own, and --${kebab(ofStudy)} is given.`, `leave one out.`);
  const methods = typed.methods === undefined ? METHODS : listOf(typed.methods);
  const ofCope = methods.includes("cope") ? undefined : firstTyped(typed, ["stages", "thresholds"]);
  if (ofCope)
    throw wrong(`--${ofCope} is for the method cope, which is not among --methods.`, "add cope, or leave it out.");
  if (typed.judge !== undefined && (!methods.includes("large") || methods.length < 2))
    throw wrong("--judge compares the other methods with large.", "name large and another one among --methods.");
  if (typed.train !== undefined && !methods.includes("frugal"))
    throw wrong("--train is for the method frugal, which is not among --methods.", "add frugal, or leave it out.");
  if (typed.share !== undefined && typed.part === undefined)
    throw wrong("--share without --part parts nothing.", "add --part tuning or --part held-out.");
}

function columnsOf(typed: string): Record<string, string | string[]> {
  const named = pairs(listOf(typed), "columns");
  const about = named.filter(([what]) => what === "about").map(([, column]) => column);
  const others = named.filter(([what]) => what !== "about");
  return { ...Object.fromEntries(others), ...(about.length > 0 ? { about } : {}) };
}
