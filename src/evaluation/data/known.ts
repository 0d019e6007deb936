import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { cacheDir } from "../../home.js";

/** Where the hub keeps a data set: as files of a repository, or as rows of a split that its rows server hands out. */
export type HubSource =
  | { kind: "files"; repo: string; files: readonly { local: string; remote: string; optional?: true }[] }
  | { kind: "rows"; dataset: string; config: string; splits: readonly string[]; local: string };

/** A data set known by name. Paths are those in a data folder: `$COPE_DATA`, `./data`, or the cache. */
export interface KnownSet {
  file: string;
  hub: HubSource;
}

const rows = (dataset: string, config: string, splits: readonly string[], local: string): KnownSet => ({
  file: local,
  hub: { kind: "rows", dataset, config, splits, local },
});

/** The data sets known by name. */
export const KNOWN = {
  gsm8k: rows("openai/gsm8k", "main", ["test"], "gsm8k/test.jsonl"),
  // Its copy on the hub parts the thousand problems into two splits.
  svamp: rows("ChilleD/SVAMP", "default", ["train", "test"], "svamp/test.jsonl"),
  math500: {
    file: "math500/test.jsonl",
    hub: {
      kind: "files",
      repo: "datasets/HuggingFaceH4/MATH-500",
      files: [{ local: "math500/test.jsonl", remote: "test.jsonl" }],
    },
  },
  mbpp: rows("google-research-datasets/mbpp", "full", ["test"], "mbpp/test500.jsonl"),
  humaneval: rows("openai/openai_humaneval", "openai_humaneval", ["test"], "humaneval/HumanEval.jsonl"),
  mt_bench: {
    file: "mt_bench/question.jsonl",
    hub: {
      kind: "files",
      repo: "spaces/lmsys/mt-bench",
      files: [
        // The references first: a set without them is found by its questions and looks whole.
        {
          local: "mt_bench/reference_answer_gpt-4.jsonl",
          remote: "data/mt_bench/reference_answer/gpt-4.jsonl",
          optional: true,
        },
        { local: "mt_bench/question.jsonl", remote: "data/mt_bench/question.jsonl" },
      ],
    },
  },
} as const satisfies Record<string, KnownSet>;

/** Name of a known data set. */
export type KnownName = keyof typeof KNOWN;

/** Whether a word names a known data set. */
export const isKnown = (name: string): name is KnownName => Object.hasOwn(KNOWN, name);

/** The known data set that a path is a copy of, by its place in a data folder; undefined for any other path. */
export function knownAs(path: string): KnownName | undefined {
  const whole = resolve(path).replaceAll("\\", "/").replace(/\.gz$/, "");
  return (Object.keys(KNOWN) as KnownName[]).find((name) => whole.endsWith(`/${KNOWN[name].file}`));
}

/** Folder into which data sets are downloaded, laid out like any other data folder. */
export const dataCache = (): string => join(cacheDir(), "data");

/** The file of a data folder, plain or gzipped, from the first folder that has it: `$COPE_DATA`, `./data`, the cache. */
export function findData(file: string): string | undefined {
  const given = process.env["COPE_DATA"];
  const folders = [...(given ? [given] : []), "data", dataCache()];
  return folders.flatMap((folder) => [join(folder, file), join(folder, `${file}.gz`)]).find((path) => existsSync(path));
}
