import {
  command,
  firstTyped,
  flag,
  json,
  listOf,
  parse,
  pricesOf,
  stagesFlags,
  wrong,
  type Prices,
  type Typed,
  type Values,
} from "./flags.js";

const flags = {
  ...stagesFlags,
  thresholds: flag.numbers(
    "<t1,t2>",
    "one for each stage that has one (default: the stages' own)",
    ({ run }) => run.thresholds,
  ),
  samples: flag.numbers("<n>", "planned samples; with --grid several, as 4,6,8 (default: the stages' own)", ({ z }) =>
    z.array(z.int().min(1).max(256)),
  ),
  guideline: flag.list("<style>", "method, critique or worked; with --grid several (default: method)", ({ z }) =>
    z.array(z.enum(["method", "critique", "worked"])),
  ),
  methods: flag.list(
    "<names>",
    "in place of the strategy, also name=stages.json (default: the strategy and what else is recorded)",
    ({ z }) => z.array(z.string().min(1)),
  ),
  price: flag.many<Prices>(
    "<role=in,out>",
    "dollars per million tokens of a role's model, or of a model by name (repeatable)",
    ({ z, Price }) => z.record(z.string(), Price),
    (typed) => pricesOf(typed, "large=2.5,10"),
  ),
  approximate: flag.on("where another goal would be carried, take the draws of the nearest goal, and say so"),
  by: flag.text("<field>", "show every table once more for each value, such as level"),
  study: flag.text("<name>", "plans: the table of a recorded cope eval --study plans", ({ z }) => z.enum(["plans"])),
  report: flag.text("<file>", "write the report page, too"),
  grid: flag.on("every combination of thresholds, and which of them nothing beats"),
  steps: flag.number("<size>", "with --grid: distance of thresholds (default: 0.05)", ({ z }) =>
    z.number().gt(0).max(1),
  ),
  waves: flag.list("<policies>", "with --grid: all, toAccept, fewest (default: the stages' own)", ({ z, WavePolicy }) =>
    z.array(WavePolicy),
  ),
  out: flag.text("<folder>", "with --grid: write all rows there, as grid.csv and grid.json"),
  json,
};

/** What `cope replay` is given. */
export type ReplayOptions = Values<typeof flags>;

/** `cope replay`: what other thresholds, samples or methods would have cost and scored, from a recording alone. */
export const replayCommand = () =>
  command({
    name: "replay",
    about: "what other thresholds, samples, prices or methods would have cost and scored, without a call",
    flags,
    async run(typed) {
      refuseUnused(typed);
      const options = await parse("replay", flags, typed);
      const { printGrid, printReplay } = await import("./replay-run.js");
      await (options.grid ? printGrid(options) : printReplay(options));
    },
  });

/** Flags that would be passed over in silence. */
function refuseUnused(typed: Typed<typeof flags>): void {
  const grid = typed.grid ?? false;
  const odd = firstTyped(typed, grid ? ["methods", "by", "study", "report"] : ["steps", "waves", "out"]);
  if (odd)
    throw wrong(`--${odd} ${grid ? "does not go with" : "needs"} --grid.`, `leave out --${grid ? "grid" : odd}.`);
  const beside = ["strategy", "stages", "thresholds", "methods", "samples", "guideline", "by", "report"] as const;
  const ofStudy = firstTyped(typed, beside);
  if (typed.study !== undefined && ofStudy)
    throw wrong(`--study has methods and a table of its own, and --${ofStudy} is given.`, "leave one out.");
  // A report shows these stages under every threshold, whichever methods it compares.
  const { strategy, thresholds, report, methods } = typed;
  const cascade = strategy ?? "cope";
  const unused = thresholds !== undefined ? "thresholds" : report === undefined && strategy ? "strategy" : undefined;
  if (unused && methods !== undefined && !listOf(methods).includes(cascade))
    throw wrong(`--${unused} is for ${cascade}, which is not among --methods.`, `add ${cascade}, or leave it out.`);
  if (grid && typed.price) throw wrong("--price does not go with --grid.", "leave it out.");
  if (typed.stages !== undefined && strategy !== undefined)
    throw wrong("--stages and --strategy both say which stages.", "leave out one of them.");
  const several = grid ? undefined : (["samples", "guideline"] as const).find((name) => typed[name]?.includes(","));
  if (several) throw wrong(`--${several}: several need --grid.`, "give one, or add --grid.");
}
