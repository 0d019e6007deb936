import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agreed } from "../support/cascade-server.js";
import { buildCopy, cope, inTurns, type Build, type CliEnd } from "../support/cli.js";
import { jsonErrorOf, plainErrorOf } from "../support/contract.js";
import { startOpenAiServer, type OpenAiServer } from "../support/openai-server.js";

let build: Build;
let home: string;
let server: OpenAiServer;

beforeAll(async () => {
  build = buildCopy();
  home = mkdtempSync(join(tmpdir(), "cope-usage-"));
  writeFileSync(join(home, "text.gguf"), "this is a text, and no model at all");
  writeFileSync(join(home, "cut.gguf"), "GGUF and no more");
  writeFileSync(join(home, "notes.sqlite"), "these are notes");
  server = await startOpenAiServer(agreed);
});

afterAll(async () => {
  build.remove();
  rmSync(home, { recursive: true, force: true });
  await server.close();
});

const run = (args: string[], input?: string) =>
  cope(build, args, { home, url: server.url, ...(input === undefined ? {} : { input }) });
const MODELS = ["--small", "openai:gpt-4o-mini", "--large", "openai:gpt-4o"];
const asking = (...more: string[]) => ["solve", "What is 6 x 7?", ...MODELS, ...more];
const small = (model: string) => ["solve", "What is 6 x 7?", "--small", model, "--large", "openai:gpt-4o"];

/** Wrong command lines: arguments, code, and a word of the message that tells the user where to look. */
const WRONG: [string, string[], string, RegExp][] = [
  ["an unknown command", ["sovle", "x"], "OPTIONS_INVALID", /sovle.*solve/],
  ["a command that is not built yet", ["serve"], "OPTIONS_INVALID", /serve/],
  ["an unknown option", asking("--smal", "x"), "OPTIONS_INVALID", /--smal/],
  ["tests that are not there", asking("--tests", "x.py"), "FILE_NOT_FOUND", /x\.py/],
  ["a calibration that is not there", asking("--calibration", "x.json"), "FILE_NOT_FOUND", /x\.json/],
  ["a calibration that is none", asking("--calibration", "notes.sqlite"), "FILE_BROKEN", /notes\.sqlite/],
  ["an option without its value", ["solve", "x", "--small"], "OPTIONS_INVALID", /--small/],
  ["an argument too many", asking().concat("and more"), "OPTIONS_INVALID", /argument/],
  ["a group without a subcommand", ["threads"], "OPTIONS_INVALID", /subcommand/],
  ["an unknown subcommand", ["threads", "forget"], "OPTIONS_INVALID", /forget/],
  ["a subcommand without its argument", ["models", "path"], "OPTIONS_INVALID", /name/],
  ["no question", ["solve", ...MODELS], "OPTIONS_INVALID", /question/],
  ["an empty question", ["solve", " \n ", ...MODELS], "TASK_INVALID", /empty/],
  ["an unknown family", asking("--family", "poetry"), "FAMILY_UNKNOWN", /poetry/],
  ["an unknown strategy", asking("--strategy", "guess"), "OPTIONS_INVALID", /guess/],
  ["an unknown guideline style", asking("--guideline", "rude"), "OPTIONS_INVALID", /critique.*rude/],
  ["no samples", asking("--samples", "0"), "OPTIONS_INVALID", /--samples: /],
  ["samples that are no whole number", asking("--samples", "2.5"), "OPTIONS_INVALID", /--samples: /],
  ["samples that are no number", asking("--samples", "many"), "OPTIONS_INVALID", /--samples: a number .*many/],
  ["one threshold of two", asking("--thresholds", "0.5"), "OPTIONS_INVALID", /threshold/],
  ["a threshold above 1", asking("--thresholds", "0.5,1.2"), "OPTIONS_INVALID", /at most 1 .*0\.5,1\.2/],
  ["a negative threshold", asking("--thresholds", "-0.1,0.5"), "OPTIONS_INVALID", /threshold/],
  ["thresholds that are no numbers", asking("--thresholds", "a,b"), "OPTIONS_INVALID", /threshold/],
  ["an empty threshold", asking("--thresholds", "0.5,"), "OPTIONS_INVALID", /threshold/],
  ["a seed that is no number", asking("--seed", "x"), "OPTIONS_INVALID", /seed/],
  ["a budget of nothing", asking("--budget-usd", "0"), "OPTIONS_INVALID", /--budget-usd: /],
  ["a budget that is no number", asking("--budget-usd", "cheap"), "OPTIONS_INVALID", /--budget-usd: /],
  ["no calls", asking("--max-calls", "0"), "OPTIONS_INVALID", /--max-calls: /],
  ["no time", asking("--timeout", "0"), "OPTIONS_INVALID", /--timeout: /],
  ["a time that is no number", asking("--timeout", "soon"), "OPTIONS_INVALID", /--timeout: /],
  ["an empty time", asking("--timeout", ""), "OPTIONS_INVALID", /--timeout: /],
  ["no concurrency", asking("--concurrency", "0"), "OPTIONS_INVALID", /--concurrency: /],
  ["an empty model", small(""), "OPTIONS_INVALID", /--small: /],
  ["saving and not saving", asking("--no-save", "--thread", "t"), "OPTIONS_INVALID", /--no-save/],
  ["a model without a provider", small("gpt-4o"), "MODEL_UNKNOWN", /gpt-4o/],
  ["an unknown provider", small("opanai:gpt-4o"), "PROVIDER_UNKNOWN", /opanai/],
  ["an unknown embedded model", small("llama:gpt-9"), "MODEL_UNKNOWN", /gpt-9/],
  ["an embedded model that is not pulled", small("llama:qwen2.5-coder-0.5b-instruct"), "MODEL_NOT_FOUND", /weights/],
  ["a model file that is not there", small("llama:./none.gguf"), "FILE_NOT_FOUND", /none\.gguf/],
  ["a model file that is no GGUF", small("llama:text.gguf"), "MODEL_FILE_INVALID", /text\.gguf/],
  ["a model file that was cut", small("llama:cut.gguf"), "MODEL_FILE_INVALID", /cut\.gguf/],
  ["a missing key", small("anthropic:claude-3-5-haiku-latest"), "KEY_MISSING", /ANTHROPIC_API_KEY/],
  ["a dollar budget without a price", [...small("openai:mine"), "--budget-usd", "1"], "PRICE_UNKNOWN", /openai:mine/],
  ["a thread without a name", asking("--thread", ""), "OPTIONS_INVALID", /--thread/],
  ["resuming a thread without a name", ["solve", "--thread", " "], "OPTIONS_INVALID", /--thread/],
  [
    "a dollar budget without a price again",
    [...small("openai:mine"), "--budget-usd", "1"],
    "PRICE_UNKNOWN",
    /--max-calls/,
  ],
  ["a thread that is not saved", ["solve", "--thread", "none"], "THREAD_UNKNOWN", /nothing saved/],
  ["forgetting what is not saved", ["threads", "rm", "none"], "THREAD_UNKNOWN", /nothing saved/],
  ["a checkpoint file that is none", asking("--checkpoint", "notes.sqlite"), "FILE_BROKEN", /notes\.sqlite/],
  ["a checkpoint in place of a folder", asking("--checkpoint", "."), "FILE_BROKEN", /writable|opened/],
  ["a tape that is none", asking("--tape", "notes.sqlite"), "FILE_BROKEN", /notes\.sqlite/],
  [
    "the path of a model that is not pulled",
    ["models", "path", "qwen2.5-coder-0.5b-instruct"],
    "MODEL_NOT_FOUND",
    /pull/,
  ],
  ["the path of an unknown model", ["models", "path", "gpt-9"], "MODEL_UNKNOWN", /gpt-9/],
  ["removing an unknown model", ["models", "rm", "gpt-9"], "MODEL_UNKNOWN", /gpt-9/],
  ["pulling an unknown model", ["models", "pull", "gpt-9"], "MODEL_UNKNOWN", /gpt-9/],
  ["a calibration without a goal", ["calibrate", "--tape", "notes.sqlite"], "OPTIONS_INVALID", /no goal/],
  [
    "two goals",
    ["calibrate", "--at-least-accuracy", "0.9", "--at-most-cost", "55%"],
    "OPTIONS_INVALID",
    /more than one/,
  ],
  ["an accuracy above 1", ["calibrate", "--at-least-accuracy", "90"], "OPTIONS_INVALID", /at most 1.*90/],
  ["an accuracy that is no number", ["calibrate", "--at-least-accuracy", "high"], "OPTIONS_INVALID", /at-least.*high/],
  ["a tape where there is none", ["calibrate", "--at-least-accuracy", "0.9"], "FILE_NOT_FOUND", /runs/],
];

describe("wrong usage and configuration", () => {
  let ends: CliEnd[];
  beforeAll(async () => {
    // Every other one as JSON, so that both forms are seen in all parts of the program.
    ends = await inTurns(WRONG, ([, args], i) => run(i % 2 ? [...args, "--json"] : args), 3);
  }, 120_000);

  test.each(WRONG.map((row, i) => [row[0], row[2], row[3], i] as const))("%s: exit 2 and %s", (_, code, says, i) => {
    const end = ends[i]!;
    expect(`exit ${end.code}: ${end.stderr}`).toMatch(/^exit 2: /);
    const { stderr } = end;
    expect(i % 2 ? jsonErrorOf(end).code : plainErrorOf(end).code).toBe(code);
    expect(stderr).toMatch(says);
  });

  test("nothing was asked of a model, and nothing saved but empty files", () => {
    expect(server.requests).toEqual([]);
    expect(readdirSync(home).filter((name) => name.endsWith(".json"))).toEqual([]);
  });
});

describe("help and version", () => {
  const BUILT = ["solve", "threads", "threads list", "threads rm", "models", "models list", "models pull"].concat([
    "models path",
    "models rm",
    "doctor",
    "eval",
    "calibrate",
  ]);

  test("--help of every command exits with 0 and names its options", async () => {
    const ends = await inTurns(BUILT, (command) => run([...command.split(" "), "--help"]), 3);
    for (const [i, { code, stdout, stderr }] of ends.entries()) {
      expect({ command: BUILT[i], code, stderr }).toEqual({ command: BUILT[i], code: 0, stderr: "" });
      expect(stdout).toContain(`Usage: cope ${BUILT[i]}`);
    }
    expect(ends[0]!.stdout).toContain("--thresholds");
  });

  test("what is not built yet is absent from --help", async () => {
    const [top, solve] = await Promise.all([run(["--help"]), run(["solve", "--help"])]);
    expect(top.code).toBe(0);
    for (const command of ["solve", "eval", "calibrate", "threads", "models", "doctor"])
      expect(top.stdout).toMatch(new RegExp(`^ +${command} `, "m"));
    expect(top.stdout).not.toMatch(/^ +serve\b/m);
    expect(solve.stdout).toMatch(/--tape[^]*--calibration|--calibration[^]*--tape/);
  });

  test("--version prints the package's version, and cope alone prints the help", async () => {
    const [version, alone] = await Promise.all([run(["--version"]), run([])]);
    expect(version).toMatchObject({ code: 0, stderr: "" });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(alone).toMatchObject({ code: 0, stderr: "" });
    expect(alone.stdout).toContain("Usage: cope");
  });
});
