import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { agreed, LARGE, purposeOf, SMALL } from "../support/cascade-server.js";
import { KEY } from "../support/cli.js";
import { temporaryFolder } from "../support/folder.js";
import { startOpenAiServer } from "../support/openai-server.js";
import { golden } from "./golden.js";
import {
  calibrateCommand,
  compareScorersCommand,
  doctorCommand,
  evalCommand,
  modelsCommand,
  replayCommand,
  solve,
  solveCommand,
  tapeCommand,
  threadsCommand,
} from "./seams.js";

const done = () => {};
const COMMANDS = [
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

function flagsOf(command: Command, path = command.name()): [string, unknown][] {
  const own = {
    arguments: command.registeredArguments.map((argument) => argument.name()),
    flags: command.options.map(({ flags }) => flags),
  };
  const below = command.commands.flatMap((child) => flagsOf(child, `${path} ${child.name()}`));
  return command.commands.length > 0 ? below : [[path, own]];
}

/** Everything a run prints on stdout, with times as 0. */
async function printed(run: () => Promise<number>): Promise<{ exit: number; document: unknown }> {
  let out = "";
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  try {
    const exit = await run();
    return { exit, document: JSON.parse(out, (key, value: unknown) => (/^ms$|Ms$/.test(key) ? 0 : value)) as unknown };
  } finally {
    spy.mockRestore();
  }
}

describe("what scripts read and write on the command line stays as it is", () => {
  it("commands, arguments and flags", () =>
    golden("commands", Object.fromEntries(COMMANDS.flatMap((command) => flagsOf(command)))));

  it("the document of `solve --json`: accepted at once, taken over, waiting, and with its trace", async () => {
    let asked = 0;
    const server = await startOpenAiServer((request) => {
      if (JSON.stringify(request.messages).includes("Easy")) return agreed(request);
      if (purposeOf(request) !== "execute") return "Count twice.";
      return `The final answer is $\\boxed{${request.model === LARGE ? 4711 : asked++}}$.`;
    });
    onTestFinished(() => server.close());
    const home = join(temporaryFolder(), "home");
    mkdirSync(home);
    const env = { COPE_HOME: home, HOME: home, OPENAI_BASE_URL: server.url, OPENAI_API_KEY: KEY };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    vi.stubEnv("npm_command", undefined);
    vi.stubEnv("npm_lifecycle_event", undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const pair = { family: "math", small: `openai:${SMALL}`, large: `openai:${LARGE}`, save: true, json: true };
    const run = (question: string, flags: object) =>
      printed(() => solve(question, { ...pair, concurrency: "1", ...flags }));
    golden("solve-json", {
      "accepted at once": await run("Easy: how many?", { thread: "easy" }),
      "taken over": await run("How many?", { thread: "hard", samples: "3" }),
      waiting: await run("How many?", { thread: "waiting", samples: "2", ask: "leaving" }),
      "with its trace": await run("Easy: how many?", { thread: "traced", samples: "2", trace: true }),
    });
    expect(server.requests.length).toBeGreaterThan(0);
  });
});
