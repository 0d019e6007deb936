import { existsSync } from "node:fs";
import { Command } from "commander";
import { CopeError } from "../errors.js";
import type { Abilities } from "../models/abilities.js";
import { redact } from "../models/redact.js";
import { EXIT, printJson, styled, typed, visible } from "./output.js";

/** One thing that was looked at. `needed` ones decide the exit code. */
export interface Finding {
  what: string;
  ok: boolean;
  detail: string;
  remedy?: string;
  needed?: boolean;
  /** Of a model: what it can do, and where that is known from. */
  abilities?: Abilities;
  /** Of a model that is known to think before it answers: tokens of room for it, beside the visible limit of each call. */
  thinks?: { tokens: number };
}

/**
 * `cope doctor`: what is there, what is missing, and the remedy. Exits with 1 when the embedded default cannot run. With
 * `--model`: what these models can do, by asking them; exits with 1 when one does not answer.
 */
export function doctorCommand(done: (exit: number) => void): Command {
  return new Command("doctor")
    .description("what is there and what is missing, with the remedy")
    .option("--model <model>", "what this model can do, by tiny requests to it (repeatable)", collect, [])
    .option("--json", "one JSON document on stdout")
    .addHelpText("after", "\nExample: cope doctor --model openai:qwen3@http://127.0.0.1:8080/v1")
    .action(async ({ json, model: asked }: { json?: boolean; model: string[] }) => {
      // Addresses may carry a password, and what another server says is its own.
      const findings = (await (asked.length > 0 ? examineModels(asked) : examine())).map(shown);
      const ready = findings.every((finding) => finding.ok || !finding.needed);
      if (json) printJson({ ready, findings });
      else for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
      if (!json && asked.length === 0)
        process.stdout.write(
          ready
            ? typed("Ready: `cope solve` runs on the embedded models.\n")
            : "Not ready for the embedded models; other providers work without them.\n",
        );
      done(ready ? EXIT.done : EXIT.failed);
    });
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** One model after the other: on one machine they share the cores. */
async function examineModels(models: readonly string[]): Promise<Finding[]> {
  const { modelFinding } = await import("./doctor-model.js");
  const findings: Finding[] = [];
  for (const model of models) findings.push(await modelFinding(model));
  return findings;
}

/** Models at hand, which nobody named: the embedded default runs without them. */
async function atHand(): Promise<Finding[]> {
  const { modelsAtHand } = await import("./doctor-model.js");
  return (await examineModels(await modelsAtHand())).map((finding) => ({ ...finding, needed: false }));
}

function shown(finding: Finding): Finding {
  const { what, detail, remedy } = finding;
  return {
    ...finding,
    what: redact(what),
    detail: redact(detail),
    ...(remedy ? { remedy: typed(redact(remedy)) } : {}),
  };
}

async function examine(): Promise<Finding[]> {
  const [{ listModels }, { KEY_VARIABLES }, { defaultFile }, { cacheDir }] = await Promise.all([
    import("../models/llama/library.js"),
    import("../models/providers.js"),
    import("./saved-runs.js"),
    import("../home.js"),
  ]);
  const models = listModels().map(({ name, present, path, bytes }): Finding => ({
    what: `model ${name}`,
    ok: present,
    detail: present ? path : `not here (${Math.round(bytes / 1e6)} MB)`,
    needed: name.startsWith("qwen2.5-coder"),
    ...(present ? {} : { remedy: `cope models pull ${name}` }),
  }));
  const keys = [...new Set(Object.values(KEY_VARIABLES).flat())].map((name): Finding => ({
    what: `key ${name}`,
    ok: Boolean(process.env[name]),
    // Never the value, nor a part of it.
    detail: process.env[name] ? "set" : "not set",
  }));
  return [
    { what: "Node", ok: true, detail: process.version },
    await packageFinding("node-llama-cpp", "the engine of the embedded models", true),
    ...models,
    await packageFinding("@langchain/langgraph-checkpoint-sqlite", "saves threads", false),
    { what: "threads", ok: true, detail: existsSync(defaultFile()) ? defaultFile() : "none saved yet" },
    { what: "weights", ok: true, detail: cacheDir() },
    await sandbox(),
    await ollama(),
    ...(await atHand()),
    ...keys,
  ];
}

async function packageFinding(name: string, purpose: string, needed: boolean): Promise<Finding> {
  try {
    import.meta.resolve(name);
    return { what: name, ok: true, detail: `installed: ${purpose}`, needed };
  } catch {
    return { what: name, ok: false, detail: `not installed: ${purpose}`, remedy: `npm install ${name}`, needed };
  }
}

/** Python that models write; JavaScript needs nothing that could be missing. */
async function sandbox(): Promise<Finding> {
  const { findSandbox } = await import("../sandbox/index.js");
  const what = "sandbox for programs";
  try {
    return { what, ok: true, detail: (await findSandbox()).detail };
  } catch (error) {
    if (!CopeError.isInstance(error)) throw error;
    return { what, ok: false, detail: error.reason.replace(/\.$/, ""), remedy: error.remedy.replace(/\.$/, "") };
  }
}

async function ollama(): Promise<Finding> {
  const base = process.env["OLLAMA_BASE_URL"] ?? "http://127.0.0.1:11434";
  try {
    const reply = await fetch(new URL("/api/tags", base), { signal: AbortSignal.timeout(1000) });
    const { models = [] } = (await reply.json()) as { models?: { name: string }[] };
    return {
      what: "Ollama",
      ok: reply.ok,
      detail: `${base}: ${models.map(({ name }) => name).join(", ") || "no models"}`,
    };
  } catch {
    return {
      what: "Ollama",
      ok: false,
      detail: `no answer at ${base}`,
      remedy: "start it, or set OLLAMA_BASE_URL, if you want ollama: models",
    };
  }
}

function line({ what, ok, detail, remedy }: Finding): string {
  const mark = ok ? styled("green", "✓", process.stdout) : styled("yellow", "–", process.stdout);
  return `${mark} ${what}: ${visible(detail)}${remedy ? `. Remedy: ${remedy}` : ""}`;
}
