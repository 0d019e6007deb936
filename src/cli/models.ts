import { redact } from "../privacy/redact.js";
import { command, group, json, text } from "./flags.js";
import { abortable } from "./interrupt.js";
import { printJson, typed as asTyped, visible } from "./output.js";
import { progressView } from "./pull-progress.js";

const listCommand = () =>
  command({
    name: "list",
    about: "what can be pulled, and what is here",
    flags: { json },
    async run(typed) {
      const { listModels, listOthers } = await import("../llama/weights/library.js");
      const listed = [...listModels(), ...listOthers()];
      if (typed.json) return printJson(listed);
      for (const { name, bytes, present, licence, description } of listed) {
        const size = `${Math.round(bytes / 1e6)} MB`.padStart(8);
        process.stdout.write(
          `${present ? "✓" : " "} ${visible(name).padEnd(30)} ${size}  ${visible(`${licence}  ${description}`)}\n`,
        );
      }
    },
  });

const pullCommand = () =>
  command({
    name: "pull",
    about: "fetch weights, verified by checksum; a pull that was cut short is gone on with",
    args: { "<name...>": "catalog names, or hf:OWNER/REPO:QUANT, or hf:OWNER/REPO/FILE.gguf" },
    flags: {
      mirror: text("<folder or address>", "ask here first (default: COPE_MIRROR)"),
      to: text("<folder>", "fill this folder as a mirror, instead of the cache"),
      json,
    },
    async run({ mirror, to, json: asJson }, names: string[]) {
      const { pull } = await import("../llama/weights/pull.js");
      const pulled: { name: string; path: string }[] = [];
      for (const name of names) {
        const view = asJson ? undefined : progressView(name, process.stderr);
        const work = (signal: AbortSignal) =>
          pull(name, {
            signal,
            mirror,
            to,
            onProgress: (progress) => view?.show(progress),
            onNotice: (line) => view?.note(visible(asTyped(redact(line)))),
          }).finally(() => view?.end());
        const path = await abortable(work, "pull again: it goes on where it stopped.");
        pulled.push({ name, path });
        if (!asJson) process.stdout.write(`${name} ${path}\n`);
      }
      if (asJson) printJson(pulled);
    },
  });

const pathCommand = () =>
  command({
    name: "path",
    about: "where the weights are",
    args: { "<name>": "what follows llama: in a model's name" },
    flags: { json },
    async run(typed, name: string) {
      const { locate } = await import("../llama/weights/locate.js");
      const path = locate(name);
      if (typed.json) return printJson({ name, path });
      process.stdout.write(`${path}\n`);
    },
  });

const removeCommand = () =>
  command({
    name: "rm",
    about: "delete the weights",
    args: { "<name>": "catalog name, or hf:… as it was pulled or listed" },
    flags: { json },
    async run(typed, name: string) {
      const { removeModel } = await import("../llama/weights/library.js");
      const removed = removeModel(name);
      if (typed.json) return printJson({ name, removed });
      process.stdout.write(removed ? `${name} is deleted\n` : `${name} was not here\n`);
    },
  });

/** `cope models`: the catalog of embedded models. */
export const modelsCommand = () =>
  group("models", "the embedded models: list, pull, path, rm", [
    listCommand(),
    pullCommand(),
    pathCommand(),
    removeCommand(),
  ]);
