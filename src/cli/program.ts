import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { CopeError } from "../errors.js";
import { calibrateCommand } from "./calibrate.js";
import { compareScorersCommand } from "./compare-scorers.js";
import { doctorCommand } from "./doctor.js";
import { evalCommand } from "./eval.js";
import { modelsCommand } from "./models.js";
import { interruptExit, listenForInterrupts } from "./interrupt.js";
import { EXIT, printError } from "./output.js";
import { solveCommand } from "./solve.js";
import { replayCommand } from "./replay.js";
import { tapeCommand } from "./tape.js";
import { threadsCommand } from "./threads.js";

/**
 * Runs one command line and returns its exit code: 0 done, 1 the run failed, 2 wrong usage or configuration, 130
 * interrupted. Commands import what is heavy only when they run, so that `--help` is quick.
 */
export async function run(argv: readonly string[]): Promise<number> {
  const json = argv.includes("--json");
  listenForInterrupts(json);
  sayRolesOurselves();
  let exit: number = EXIT.done;
  const done = (code: number) => void (exit = code);
  const program = new Command("cope")
    .description(
      "A small model works; a large one advises when measured confidence is low, and takes over when that fails.",
    )
    .version(version())
    .showSuggestionAfterError();
  const commands = [
    solveCommand(done),
    evalCommand(done),
    replayCommand(),
    compareScorersCommand(),
    calibrateCommand(done),
    threadsCommand(),
    tapeCommand(),
    modelsCommand(),
    doctorCommand(done),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of everyCommand(program)) {
    // Errors are printed by us, in the one form that all errors have.
    command.exitOverride().configureOutput({ writeErr: () => {} });
  }
  try {
    if (argv.length === 0) {
      process.stdout.write(program.helpInformation());
      return EXIT.done;
    }
    await program.parseAsync(argv, { from: "user" });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      const code = printError(error, json);
      return code === EXIT.interrupted ? interruptExit() : code;
    }
    if (error.exitCode === 0) return EXIT.done;
    // A group without a subcommand "shows help" as an error; say what is missing instead.
    const said =
      error.code === "commander.help"
        ? "a subcommand is missing"
        : error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
    return printError(new CopeError("OPTIONS_INVALID", said, "see `cope --help`."), json);
  }
}

/** A role that failed stands in the bill and in the document, so the library's warning of it would only be in the way. */
function sayRolesOurselves(): void {
  const printers = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if ((warning as { code?: string }).code === "COPE_ROLE_FAILED") return;
    for (const print of printers) print(warning);
  });
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function version(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
