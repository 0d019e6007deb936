import { Command } from "commander";
import { redact } from "../models/redact.js";
import { abortable } from "./interrupt.js";
import { printJson, typed, visible } from "./output.js";
import { progressView } from "./pull-progress.js";

/** `cope models`: the catalog of embedded models. */
export function modelsCommand(): Command {
  const models = new Command("models").description("the embedded models: list, pull, path, rm");
  models
    .command("list")
    .description("what can be pulled, and what is here")
    .option("--json", "one JSON document on stdout")
    .action(async ({ json }: { json?: boolean }) => {
      const { listModels, listOthers } = await import("../models/llama/library.js");
      const listed = [...listModels(), ...listOthers()];
      if (json) return printJson(listed);
      for (const { name, bytes, present, licence, description } of listed) {
        process.stdout.write(
          `${present ? "✓" : " "} ${visible(name).padEnd(30)} ${megabytes(bytes).padStart(8)}  ${visible(`${licence}  ${description}`)}\n`,
        );
      }
    });
  models
    .command("pull")
    .argument("<name...>", "catalog names, or hf:OWNER/REPO:QUANT, or hf:OWNER/REPO/FILE.gguf")
    .description("fetch weights, verified by checksum; a pull that was cut short is gone on with")
    .option("--mirror <folder or address>", "ask here first (default: COPE_MIRROR)")
    .option("--to <folder>", "fill this folder as a mirror, instead of the cache")
    .option("--json", "one JSON document on stdout")
    .action(async (names: string[], { json, mirror, to }: PullFlags) => {
      const { pull } = await import("../models/llama/pull.js");
      const pulled: { name: string; path: string }[] = [];
      for (const name of names) {
        const view = json ? undefined : progressView(name, process.stderr);
        const path = await abortable(
          (signal) =>
            pull(name, {
              signal,
              mirror,
              to,
              onProgress: (progress) => view?.show(progress),
              onNotice: (line) => view?.note(visible(typed(redact(line)))),
            }),
          "pull again: it goes on where it stopped.",
        ).finally(() => view?.end());
        pulled.push({ name, path });
        if (!json) process.stdout.write(`${name} ${path}\n`);
      }
      if (json) printJson(pulled);
    });
  models
    .command("path")
    .argument("<name>", "what follows llama: in a model's name")
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
    .argument("<name>", "catalog name, or hf:… as it was pulled or listed")
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

interface PullFlags {
  json?: boolean;
  mirror?: string;
  to?: string;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
